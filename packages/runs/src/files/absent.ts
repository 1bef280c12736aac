import { lstatSync, type Stats } from "node:fs";

/** Whether an error of the file system says that nothing is there. */
export function saysAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/**
 * Status of a path, without following links; undefined if nothing is there.
 *
 * @throws any other error of the file system.
 */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}

/** Names in a folder that does not exist: none. Throws any other error. */
export function noneIfAbsent(error: unknown): string[] {
  if (saysAbsent(error)) return [];
  throw error;
}
