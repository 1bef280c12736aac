import { element, svg } from "../dom.js";
import { HeatMap } from "../drawing/heat-map.js";
import { panel } from "../drawing/panel.js";
import { rowLabels } from "../drawing/row-labels.js";
import { formatNumber } from "../trace/describe-step.js";
import { QUANTITIES } from "../trace/quantities.js";
import { largest } from "../trace/trace.js";
import type { Part, Watched } from "./watched.js";

/** A read that followed a link: at a step, from the slot that was read before to the one read now. */
interface Jump {
  readonly step: number;
  readonly head: number;
  readonly to: number;
  readonly from: number;
}

/** The link matrix at a step, with the links that the read heads have followed; undefined for a memory without links. */
export function linksPanel(watched: Watched): Part | undefined {
  const { trace, slotOrder, readout, playback, follow } = watched;
  if (!trace.has("link") || trace.slots === 0) return undefined;
  const { slots, writeHeads } = trace;
  const jumps = jumpsOf(watched);
  const maps = Array.from({ length: writeHeads }, (_, head) => {
    const suffix = writeHeads > 1 ? ` of write head ${head + 1}` : "";
    return new HeatMap({
      ...{ title: `Link matrix${suffix}`, rows: slots, columns: slots, range: [0, 1] },
      onPoint: (cell, place) => {
        if (!cell) return readout.hide();
        const [to, from] = [slotOrder[cell.row] as number, slotOrder[cell.column] as number];
        const value = trace.at("link", playback.step, head)[to * slots + from] as number;
        const name = `Link${suffix}: slot ${to} written after slot ${from}, step ${playback.step}`;
        return readout.show({ name, value: formatNumber(value), equation: QUANTITIES.link?.equation }, place);
      },
      onSelect: ({ row }) => follow(slotOrder[row]),
    });
  });
  const place = new Map(slotOrder.map((slot, row) => [slot, row]));
  const [first] = maps;
  let shown = -1;
  const marks = jumps.map((jump) => {
    const [x, y] = [place.get(jump.from) as number, place.get(jump.to) as number];
    const mark = svg("rect", { class: "jump", x, y, width: 1, height: 1 });
    first?.overlay.append(mark);
    return { jump, mark };
  });
  const note =
    "Row: written after the slot of the column. Outlined: the links that read heads have followed so far; strong: at this step.";
  return {
    element: panel(
      { title: "Links", note, name: "links" },
      element("div", { class: "link-maps" }, ...maps.map((map) => linkMap(map, slotOrder))),
    ),
    showStep(step) {
      maps.forEach((map, head) => {
        map.draw(trace.at("link", step, head), slotOrder, slotOrder);
        map.refresh();
      });
      const [from, to] = [Math.min(shown, step), Math.max(shown, step)];
      shown = step;
      for (const { jump, mark } of marks) {
        if (jump.step < from || jump.step > to) continue; // as before
        mark.classList.toggle("passed", jump.step < step);
        mark.classList.toggle("current", jump.step === step);
      }
    },
  };
}

/** A link matrix with the slots of its rows and columns. */
function linkMap(map: HeatMap, slotOrder: readonly number[]): HTMLElement {
  const labels = (across: string) => {
    const made = element("div", { class: `labels ${across}`, "aria-hidden": "true" });
    made.append(...rowLabels(slotOrder.map(String)));
    return made;
  };
  const made = element("div", { class: "link-map" }, labels(""), map.element, labels("across"));
  made.style.setProperty("--rows", String(slotOrder.length));
  return made;
}

/** The reads that followed the links forward or backward, by their largest weights. */
function jumpsOf({ trace }: Watched): readonly Jump[] {
  const jumps: Jump[] = [];
  for (let step = 1; step < trace.timeSteps; step++)
    for (let head = 0; head < trace.readHeads; head++) {
      const [last, slot] = [step - 1, step].map((at) => largest(trace.at("readWeights", at, head))) as [number, number];
      const mode = trace.readEvent(step, head, slot)?.mode;
      if (!trace.readEvent(step - 1, head, last)) continue;
      if (mode === "forward") jumps.push({ step, head, to: slot, from: last });
      if (mode === "backward") jumps.push({ step, head, to: last, from: slot });
    }
  return jumps;
}
