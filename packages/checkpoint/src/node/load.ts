import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, type DamagedCheckpointError, openCheckpoint } from "../checkpoint.js";

/** Which checkpoint of a folder: the newest that is whole, the best one, or one by its name. */
export type Which = "latest" | "best" | (string & {});

/** A checkpoint and where it lies. */
export interface FoundCheckpoint extends Checkpoint {
  readonly name: string;
  readonly path: string;
}

/**
 * Opens the checkpoint in a folder of its own.
 *
 * @throws DamagedCheckpointError if it is not whole.
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const names = ["state.json", "model.safetensors", "optimizer.safetensors"];
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const));
  return openCheckpoint(Object.fromEntries(files));
}

/**
 * Looks for a checkpoint in `checkpoints/` of a run.
 *
 * @param options.onDamaged - told of each checkpoint that was passed over.
 * @returns undefined if the folder has none that is whole.
 */
export async function findCheckpoint(
  folder: string,
  which: Which = "latest",
  _options: { readonly onDamaged?: (error: DamagedCheckpointError) => void } = {},
): Promise<FoundCheckpoint | undefined> {
  const names = (await readdir(folder)).filter((name) => name.startsWith("step-")).sort();
  const name = which === "latest" || which === "best" ? names.at(-1) : which;
  if (name === undefined) return undefined;
  const path = join(folder, name);
  return { name, path, ...(await loadCheckpoint(path)) };
}
