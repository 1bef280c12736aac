import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";

/** What is at a path, links not followed; undefined only where nothing is. */
export async function lookAt(path: string): Promise<Stats | undefined> {
  return unlessMissing(lstat(path));
}

/** What a piece of work finds; undefined only where there is nothing to find: every other error stays one. */
export async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** How a message calls what was found. */
export function kindOf(found: Stats): string {
  if (found.isFile()) return "a file";
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a link";
  if (found.isFIFO()) return "a FIFO";
  return found.isSocket() ? "a socket" : "a device";
}
