import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";

/** Reads the status of a path, without following links; undefined if it does not exist. */
export async function statusAt(path: string): Promise<Stats | undefined> {
  return unlessMissing(lstat(path));
}

/** Awaits a file operation; undefined if it fails with ENOENT. Other errors are thrown. */
export async function unlessMissing<Result>(operation: Promise<Result>): Promise<Result | undefined> {
  try {
    return await operation;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
