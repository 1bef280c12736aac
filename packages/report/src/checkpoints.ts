import { formatBytes, formatMeasurement, formatNumber } from "./format.js";
import { type Html, html, time } from "./html.js";

/** A checkpoint of a run. */
export type CheckpointEntry = {
  /** Such as "step-00000300". */
  readonly name: string;
  /** Iterations after which it was saved. */
  readonly step: number;
  /** Its validation loss, if that is known. */
  readonly loss?: number | undefined;
  /** Size of its files together. */
  readonly bytes: number;
  /** When it was saved. */
  readonly saved: Date;
};

/**
 * Renders checkpoints as a table.
 *
 * @param used - the name of the one that computed the rest of the page, if one did.
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
