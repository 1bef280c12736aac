import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { saysAbsent } from "./absent.js";

/** Undoes one operation. */
export type Undo = () => Promise<void>;

/** Creates a folder and its parents. `mkdir` with `recursive` never returns on Node 20 if a parent takes no folders (/proc). */
export async function makeFolder(path: string, undo: Undo[]): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, undo);
  // If not, another run was faster, or a link there leads to nothing.
  if (!(await tryMakeDirectory(path, undo)) && !(await isFolder(path)))
    throw Object.assign(new Error(`ENOENT: no such file or directory, '${path}' is a link to nothing`), {
      code: "ENOENT",
    });
}

/** @throws Error of the file system if something else is there, or its status is not available. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (saysAbsent(error)) return false;
    throw error;
  }
  throw Object.assign(new Error(`ENOTDIR: not a directory, '${path}'`), { code: "ENOTDIR" });
}

/** Creates a folder; false if the path is taken. */
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

/** Undoes operations in reverse order; a folder that someone else uses by now stays. */
export async function undoAll(undo: readonly Undo[]): Promise<void> {
  for (const each of [...undo].reverse()) await each().catch(() => {});
}
