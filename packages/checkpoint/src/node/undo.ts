import { lstat, readFile, rename, rm } from "node:fs/promises";
import { writeFileAtomic } from "./durable.js";
import { unlessMissing } from "./status.js";

/** Registers how to undo an operation that has just been done or is about to be. */
export type Undo = (step: () => Promise<void>) => void;

/**
 * Runs an operation; if it fails, its registered steps are undone in reverse order.
 *
 * @throws whatever the operation throws; steps whose undoing fails are skipped.
 */
export async function attempt(operation: (undo: Undo) => Promise<void>): Promise<void> {
  const steps: (() => Promise<void>)[] = [];
  try {
    await operation((step) => steps.unshift(step));
  } catch (error) {
    for (const step of steps) await step().catch(() => {});
    throw error;
  }
}

/** Renames a file or folder, if it exists. */
export async function moveAway(path: string, aside: string, undo: Undo): Promise<void> {
  if (await unlessMissing(rename(path, aside).then(() => true))) undo(() => rename(aside, path));
}

/** Renames a file to a path, replacing the small file there, if any. */
export async function movePointer(from: string, path: string, undo: Undo): Promise<void> {
  const before = await contentsOf(path);
  await rename(from, path);
  undo(() => (before === undefined ? rm(path, { force: true }) : writeFileAtomic(path, before)));
}

/** Reads a small file; undefined if it does not exist or is not a plain file, whose reading could block. */
async function contentsOf(path: string): Promise<Uint8Array | undefined> {
  const found = await unlessMissing(lstat(path));
  return found?.isFile() ? unlessMissing(readFile(path)) : undefined;
}
