import { element, svg } from "../dom.js";
import { HeatMap } from "../drawing/heat-map.js";
import { legend } from "../drawing/legend.js";
import { panel } from "../drawing/panel.js";
import { rowLabels } from "../drawing/row-labels.js";
import { formatNumber } from "../trace/describe-step.js";
import { correctness } from "../trace/errors.js";
import { QUANTITIES } from "../trace/quantities.js";
import { type Strip, stripsOf } from "./strips.js";
import type { Part, Watched } from "./watched.js";

/** The sequence over time: parts, inputs, targets, outputs, and where it was written and read. A click goes to a step. */
export function timeStrips(watched: Watched): Part {
  const { view, trace, playback } = watched;
  const strips = stripsOf(watched);
  const made = strips.map((strip) => ({ strip, ...stripElement(strip, watched) }));
  const output = made.find(({ strip }) => strip.name === "output");
  if (output && !view.withoutTargets)
    for (const { step, channel } of correctness(trace, view).wrong)
      output.map.overlay.append(svg("rect", { class: "wrong", x: step, y: channel, width: 1, height: 1 }));
  const now = element("div", { class: "now-line", "aria-hidden": "true" });
  const body = element("div", { class: "strips" }, phaseRibbon(watched), ...made.map(({ element }) => element), now);
  body.style.setProperty("--steps", String(trace.timeSteps));
  const marks = view.withoutTargets ? "" : "; wrong outputs are outlined";
  const note = `Time runs from left to right. Click a column to go there${marks}.`;
  return {
    element: panel({ title: "The sequence", note, name: "sequence" }, body, legend(["0", "1"])),
    showStep(step) {
      now.style.setProperty("--step", String(step));
    },
    showSlot(slot) {
      for (const { strip, map } of made) if (strip.isOfSlots) markRow(map, watched, slot);
    },
  };

  function stripElement(strip: Strip, { readout, follow, slotOrder }: Watched) {
    const { title, rows, range, name } = strip;
    const map = new HeatMap({
      ...{ title: `${title} over time`, rows: rows.length, columns: trace.timeSteps, range },
      onPoint: (cell, place) => {
        if (!cell) return readout.hide();
        const value = strip.values[cell.row * trace.timeSteps + cell.column] as number;
        const { equation } = QUANTITIES[name] ?? {};
        return readout.show(
          { name: `${title}, ${rows[cell.row]}, step ${cell.column}`, value: formatNumber(value), equation },
          place,
        );
      },
      onSelect: ({ row, column }) => {
        playback.pause();
        playback.seek(column);
        if (strip.isOfSlots) follow(slotOrder[row]);
      },
    });
    map.draw(strip.values);
    const labels = element(
      "div",
      { class: "labels", "aria-hidden": "true" },
      ...rowLabels(rows, strip.words ? 12 : undefined),
    );
    const figure = element(
      ...([
        "div",
        { class: `strip ${strip.isOfSlots ? "slots" : strip.words ? "channels worded" : "channels"}` },
      ] as const),
      element("h3", {}, title),
      labels,
      map.element,
      ...(strip.words ? [wordRow(strip.words)] : []),
    );
    figure.style.setProperty("--rows", String(rows.length));
    return { element: figure, map };
  }
}

/** Marks the row of a slot; undefined: none. */
export function markRow(map: HeatMap, { slotOrder }: Watched, slot: number | undefined): void {
  for (const old of map.overlay.querySelectorAll(".followed")) old.remove();
  const row = slot === undefined ? -1 : slotOrder.indexOf(slot);
  if (row < 0) return;
  const { width } = (map.overlay as SVGSVGElement).viewBox.baseVal;
  map.overlay.append(svg("rect", { class: "followed", x: 0, y: row, width, height: 1 }));
}

/** The words of a strip below it. */
function wordRow(words: readonly string[]): HTMLElement {
  const spans = words.flatMap((word, step) => {
    if (word === "") return [];
    const span = element("span", {}, word);
    span.style.setProperty("--from", String(step));
    return [span];
  });
  return element("div", { class: "words" }, ...spans);
}

/** The parts of the sequence as a band with their names. */
function phaseRibbon({ view: { phases }, trace }: Watched): HTMLElement {
  const ribbon = element("div", { class: "phases" });
  if (phases === undefined) return ribbon;
  let start = 0;
  for (let step = 1; step <= trace.timeSteps; step++) {
    if (step < trace.timeSteps && phases[step] === phases[start]) continue;
    const part = element("span", { title: phases[start] }, phases[start]);
    part.style.setProperty("--from", String(start));
    part.style.setProperty("--size", String(step - start));
    ribbon.append(part);
    start = step;
  }
  return ribbon;
}
