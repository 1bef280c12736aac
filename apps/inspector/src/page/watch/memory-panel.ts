import { element } from "../dom.js";
import { HeatMap } from "../drawing/heat-map.js";
import { legend } from "../drawing/legend.js";
import { panel } from "../drawing/panel.js";
import { rowLabels } from "../drawing/row-labels.js";
import { formatNumber } from "../trace/describe-step.js";
import { freedSlots } from "../trace/freed-slots.js";
import { QUANTITIES } from "../trace/quantities.js";
import { markRow } from "./time-strips.js";
import type { Part, Watched } from "./watched.js";

/** A group of columns of the table: a quantity with a number per slot, or a row of numbers. */
interface Group {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly range: readonly [number, number];
  readonly isDiverging?: boolean | undefined;
  /** Writes the numbers of a step, row-major by slot. */
  readonly fill: (values: Float32Array, step: number) => void;
}

/** The memory at a step as a table: a row per slot, with its usage, where the heads write and read, and its word. */
export function memoryPanel(watched: Watched): Part {
  const { trace, slotOrder, readout, follow, playback } = watched;
  const groups = groupsOf(watched).map((group) => {
    const values = new Float32Array(trace.slots * group.columns.length);
    const map = new HeatMap({
      ...{ title: group.title, rows: trace.slots, columns: group.columns.length, range: group.range },
      palette: group.isDiverging ? "diverging" : "sequential",
      onPoint: (cell, place) => {
        if (!cell) return readout.hide();
        const slot = slotOrder[cell.row] as number;
        const value = values[slot * group.columns.length + cell.column] as number;
        const column = group.columns.length > 1 ? `, ${group.columns[cell.column]}` : "";
        const name = `${group.title}, slot ${slot}${column}, step ${playback.step}`;
        return readout.show({ name, value: formatNumber(value), equation: QUANTITIES[group.name]?.equation }, place);
      },
      onSelect: ({ row }) => follow(slotOrder[row]),
    });
    return { group, values, map };
  });
  const names = element("div", { class: "labels", "aria-hidden": "true" }, ...rowLabels(slotOrder.map(String), 32));
  names.style.setProperty("--rows", String(trace.slots));
  const table = element(
    ...(["div", { class: "memory-table" }] as const),
    element("div", { class: "memory-group names" }, element("h3", {}, "Slot"), names),
    ...groups.map(({ group, map }) => {
      const figure = element(
        "div",
        { class: `memory-group ${group.name}` },
        element("h3", {}, group.title),
        map.element,
      );
      figure.style.setProperty("--columns", String(group.columns.length));
      return figure;
    }),
  );
  table.style.setProperty("--rows", String(trace.slots));
  const note = "One row per slot, by first write. Click a slot to follow it through time.";
  return {
    element: panel({ title: "Memory", note, name: "memory" }, table, legendOf(watched)),
    showStep(step) {
      for (const { group, values, map } of groups) {
        group.fill(values, step);
        map.draw(values, slotOrder);
        map.refresh();
      }
    },
    showSlot(slot) {
      for (const { map } of groups) markRow(map, watched, slot);
    },
  };
}

function groupsOf({ trace }: Watched): readonly Group[] {
  const heads = (name: string, title: string, count: number): Group => ({
    ...{ name, title, range: [0, 1] },
    columns: Array.from({ length: count }, (_, head) => `head ${head + 1}`),
    fill(values, step) {
      for (let head = 0; head < count; head++) {
        const weights = trace.at(name, step, head);
        for (let slot = 0; slot < trace.slots; slot++) values[slot * count + head] = weights[slot] as number;
      }
    },
  });
  const whole = (name: string, title: string, columns: number, range: readonly [number, number]): Group => ({
    ...{ name, title, range, isDiverging: range[0] < 0 },
    columns: Array.from({ length: columns }, (_, component) => `component ${component}`),
    fill: (values, step) => values.set(trace.at(name, step)),
  });
  const most = largestMagnitude(trace);
  return [
    whole("usage", "Usage", 1, [0, 1]),
    ...(trace.has("freeGate") ? [freed(trace)] : []),
    heads("writeWeights", "Write", trace.writeHeads),
    heads("readWeights", "Read", trace.readHeads),
    whole("memory", "Memory", trace.wordSize, [-most, most]),
  ];
}

/** How much of each slot the free gates release at a step. */
function freed(trace: Watched["trace"]): Group {
  return {
    ...{ name: "retention", title: "Freed", columns: ["freed"], range: [0, 1] },
    fill: (values, step) => values.set(freedSlots(trace, step)),
  };
}

/** The colours of weights, and of the numbers of the memory. */
function legendOf({ trace }: Watched): HTMLElement {
  const most = formatNumber(largestMagnitude(trace));
  return element("div", { class: "legends" }, legend(["0", "1"]), legend([`−${most}`, most], "diverging"));
}

function largestMagnitude(trace: Watched["trace"]): number {
  const [low, high] = trace.range("memory");
  return Math.max(Math.abs(low), Math.abs(high), 1e-6);
}
