import { lstatSync, type Stats } from "node:fs";

/** Whether an error of the file system means that the path does not exist. */
export function isNotFound(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * Returns the status of a path without following links; undefined if it does not exist.
 *
 * @throws any other error of the file system.
 */
export function lstatIfPresent(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Handles a failed `readdir`: returns no names if the folder does not exist, throws any other error. */
export function emptyIfNotFound(error: unknown): string[] {
  if (isNotFound(error)) return [];
  throw error;
}
