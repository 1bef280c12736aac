import { type Html, html } from "../html.js";
import { heatmap } from "../images/heatmap.js";
import { pngDataUrl } from "../images/png.js";
import { seriesIfPresent, type TraceData } from "../images/trace-series.js";
import { encodeValues } from "./encode-values.js";

/** Side of a cell in CSS pixels, and the height that the matrix should have. */
const CELL = { least: 4, most: 14, height: 220 } as const;

/**
 * Renders the contents of the memory after the last time step, negative numbers blue and positive ones red.
 *
 * @param slots - indices of the slots in the order to show.
 * @returns a figure; undefined if the trace has no memory.
 */
export function lastMemory(trace: TraceData, slots: readonly number[], element: number): Html | undefined {
  const memory = seriesIfPresent(trace, "memory", 2, element);
  if (!memory) return undefined;
  const [, wordSize] = memory.shape;
  const last = memory.at(memory.timeSteps - 1);
  const values = slots.flatMap((slot) => last.slice(slot * wordSize, (slot + 1) * wordSize));
  const most = values.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const range = [-most, most] as const;
  const image = heatmap(values, slots.length, wordSize, { range, palette: "diverging" });
  const side = Math.max(CELL.least, Math.min(CELL.most, Math.floor(CELL.height / slots.length)));
  const limit = Number(most.toPrecision(3));
  const title = "Memory after the last time step";
  return html`<figure class="last" data-file="memory" data-title="${title}"><figcaption>${title} <small>a row per slot, a column per component of its word; ${-limit} to ${limit}</small><span class="save"></span></figcaption>
<div class="cells" tabindex="0" role="img" aria-label="${title}: ${slots.length} slots from top to bottom, ${wordSize} components from left to right" data-rows="slots" data-across="component" data-columns="${wordSize}" data-cells="${encodeValues(values, range)}"><img src="${pngDataUrl(image)}" alt="" style="width:${side * wordSize}px;height:${side * slots.length}px"></div></figure>
`;
}
