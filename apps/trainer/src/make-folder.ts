import { existsSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";

/** Takes back one thing that was made. */
export type Undo = () => Promise<void>;

/** Like mkdir with `recursive`, which on Node 20 never returns where a folder's parent takes no folders (/proc). */
export async function makeFolder(path: string, undo: Undo[]): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, undo);
  // If not, another run was faster.
  await isMade(path, undo);
}

/** Makes a folder; false if the path is taken. */
export async function isMade(path: string, undo: Undo[]): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  undo.push(() => rmdir(path));
  return true;
}

/** Last made, first removed; a folder that someone else uses by now stays. */
export async function undoAll(undo: readonly Undo[]): Promise<void> {
  for (const each of [...undo].reverse()) await each().catch(() => {});
}
