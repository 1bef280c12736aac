import { lstat, readFile, rename, rm } from "node:fs/promises";
import { replaceFile } from "./durable.js";
import { unlessMissing } from "./kind.js";

/** Says how to undo what has just been done, or is about to be. */
export type Undo = (step: () => Promise<void>) => void;

/**
 * Does a piece of work; if it fails, what it did is undone, the last first.
 *
 * @throws whatever the work throws; what cannot be undone is left.
 */
export async function attempt(work: (undo: Undo) => Promise<void>): Promise<void> {
  const steps: (() => Promise<void>)[] = [];
  try {
    await work((step) => steps.unshift(step));
  } catch (error) {
    for (const step of steps) await step().catch(() => {});
    throw error;
  }
}

/** Renames what is at a path, if anything is. */
export async function moveAway(path: string, aside: string, undo: Undo): Promise<void> {
  if (await unlessMissing(rename(path, aside).then(() => true))) undo(() => rename(aside, path));
}

/** Lets another file take the place of the small one at a path, if there is one. */
export async function movePointer(beside: string, path: string, undo: Undo): Promise<void> {
  const before = await contentsOf(path);
  await rename(beside, path);
  undo(() => (before === undefined ? rm(path, { force: true }) : replaceFile(path, before)));
}

/** What a small file holds; undefined if there is none, or something that cannot be read without waiting. */
async function contentsOf(path: string): Promise<Uint8Array | undefined> {
  const found = await unlessMissing(lstat(path));
  return found?.isFile() ? unlessMissing(readFile(path)) : undefined;
}
