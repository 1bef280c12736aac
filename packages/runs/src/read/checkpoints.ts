import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointEntry } from "@dnc/report";
import { emptyIfNotFound, isNotFound } from "../files/not-found.js";
import { readPlainFile } from "../files/plain-file.js";

/** Maximum length of a `state.json`. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Lists the checkpoints in a run's folder, by step. Does not check whether they are intact.
 *
 * @param run - The run's folder.
 * @returns Name, step, loss, size and time of each; none if there is no such folder.
 * @throws The system's error if a file or folder cannot be read.
 */
export async function readCheckpoints(run: string): Promise<readonly CheckpointEntry[]> {
  const folder = join(run, "checkpoints");
  const names = (await readdir(folder).catch(emptyIfNotFound)).filter((name) => /^step-\d+$/.test(name));
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
    // Not a checkpoint, or one that another process is removing.
    if (isNotFound(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Reads the loss in `state.json`; undefined if it has none. */
function lossOf(path: string): number | undefined {
  try {
    const { loss } = JSON.parse(readPlainFile(join(path, "state.json"), { most: MAX_BYTES }));
    return Number.isFinite(loss) ? loss : undefined;
  } catch {
    return undefined;
  }
}
