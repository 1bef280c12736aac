import { lstatSync, type Stats } from "node:fs";

/** Whether an error of the file system says that nothing is there; every other one says that something may be. */
export function saysAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * What is at a path, links not followed; undefined if nothing is.
 *
 * @throws the error of the file system where that cannot be told.
 */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}

/** For the names in a folder: none where it is not there. @throws the error of the file system where it may be. */
export function noneIfAbsent(error: unknown): string[] {
  if (saysAbsent(error)) return [];
  throw error;
}
