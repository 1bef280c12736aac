import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { noneIfAbsent, saysAbsent } from "../absent.js";
import { size } from "../format.js";
import { readPlainFile } from "../plain-file.js";
import { type Html, html, time } from "./html.js";
import { grouped, measured } from "./numbers.js";

/** A checkpoint of a run, as its folder shows it; whether it is whole, nobody has looked. */
export interface CheckpointEntry {
  readonly name: string;
  readonly step: number;
  /** As its state.json says; undefined if it does not. */
  readonly loss: number | undefined;
  /** Of all of its files. */
  readonly bytes: number;
  readonly saved: Date;
}

/** As much as a checkpoint is read with. */
const MOST_BYTES = 4 * 2 ** 20;

/** The checkpoints in a run's folder, by step. */
export async function readCheckpoints(run: string): Promise<readonly CheckpointEntry[]> {
  const folder = join(run, "checkpoints");
  const names = (await readdir(folder).catch(noneIfAbsent)).filter((name) => /^step-\d+$/.test(name));
  const entries = await Promise.all(names.map((name) => readEntry(folder, name)));
  return entries.filter((entry) => entry !== undefined).sort((a, b) => a.step - b.step);
}

async function readEntry(folder: string, name: string): Promise<CheckpointEntry | undefined> {
  const path = join(folder, name);
  try {
    const files = await Promise.all((await readdir(path)).map((file) => stat(join(path, file))));
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const { mtime: saved } = await stat(join(path, "state.json"));
    return { name, step: Number(name.slice("step-".length)), loss: lossOf(path), bytes, saved };
  } catch (error) {
    // Not a checkpoint, or one that is being removed.
    if (saysAbsent(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

function lossOf(path: string): number | undefined {
  try {
    const { loss } = JSON.parse(readPlainFile(join(path, "state.json"), { most: MOST_BYTES }));
    return Number.isFinite(loss) ? loss : undefined;
  } catch {
    return undefined;
  }
}

/** The checkpoints as a table. @param used - the name of the one that the page is about. */
export function checkpointTable(entries: readonly CheckpointEntry[], used: string): Html {
  const least = entries.reduce((least, { loss }) => Math.min(least, loss ?? least), Number.POSITIVE_INFINITY);
  const rows = entries.map(({ name, step, loss, bytes, saved }) => {
    const marks = [
      ...(name === used ? ["shown here"] : []),
      ...(loss !== undefined && loss === least && entries.length > 1 ? ["least loss"] : []),
    ];
    return html`<tr><th scope="row">${grouped(step)}</th><td class="number">${loss === undefined ? "\u2013" : measured(loss)}</td><td>${time(saved)}</td><td class="number">${size(bytes)}</td><td>${marks.join(", ")}</td></tr>
`;
  });
  return html`<div class="scroll"><table class="list">
<thead><tr><th scope="col">Step</th><th scope="col" class="number">Loss</th><th scope="col">Saved</th><th scope="col" class="number">Size</th><th scope="col">Remarks</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}
