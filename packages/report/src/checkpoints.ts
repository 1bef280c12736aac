import { formatBytes, formatMeasurement, formatNumber } from "./format.js";
import { type Html, html, time } from "./html.js";

/** A checkpoint of a run. */
export type CheckpointEntry = {
  /** Name, such as "step-00000300". */
  readonly name: string;
  /** Number of iterations after which it was saved. */
  readonly step: number;
  /** Validation loss, if known. */
  readonly loss?: number | undefined;
  /** Total size of its files. */
  readonly bytes: number;
  /** When it was saved. */
  readonly saved: Date;
};

/**
 * Renders checkpoints as a table.
 *
 * @param used - name of the checkpoint that computed other sections of the page; default: none.
 */
export function checkpointTable(entries: readonly CheckpointEntry[], used?: string): Html {
  const least = entries.reduce((least, { loss }) => Math.min(least, loss ?? least), Number.POSITIVE_INFINITY);
  const rows = entries.map(({ name, step, loss, bytes, saved }) => {
    const remarks = [
      ...(name === used ? ["shown here"] : []),
      ...(loss !== undefined && loss === least && entries.length > 1 ? ["lowest loss"] : []),
    ];
    return html`<tr><th scope="row">${formatNumber(step)}</th><td class="number">${loss === undefined ? "\u2013" : formatMeasurement(loss)}</td><td>${time(saved)}</td><td class="number">${formatBytes(bytes)}</td><td>${remarks.join(", ")}</td></tr>
`;
  });
  return html`<div class="scroll"><table class="list">
<thead><tr><th scope="col">Step</th><th scope="col" class="number">Loss</th><th scope="col">Saved</th><th scope="col" class="number">Size</th><th scope="col">Remarks</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}
