import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isNotFound } from "./not-found.js";

/** Undoes one operation. */
export type Undo = () => Promise<void>;

/** Creates a folder and its parents. On Node 20, a recursive `mkdir` hangs if a parent allows no folders (/proc). */
export async function makeFolder(path: string, undo: Undo[]): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, undo);
  // Not created: another process created it first, or the path is a broken link.
  if (!(await tryMakeDirectory(path, undo)) && !(await isFolder(path)))
    throw Object.assign(new Error(`ENOENT: no such file or directory, '${path}' is a link to nothing`), {
      code: "ENOENT",
    });
}

/**
 * Whether a path is a folder; false if it does not exist.
 *
 * @throws the system's error if it is something else, or its status is not available.
 */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
  throw Object.assign(new Error(`ENOTDIR: not a directory, '${path}'`), { code: "ENOTDIR" });
}

/** Creates a folder; returns false if the path exists. */
export async function tryMakeDirectory(path: string, undo: Undo[]): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  undo.push(() => rmdir(path));
  return true;
}

/** Undoes operations in reverse order; a folder that another process uses by now is kept. */
export async function undoAll(undo: readonly Undo[]): Promise<void> {
  for (const each of [...undo].reverse()) await each().catch(() => {});
}
