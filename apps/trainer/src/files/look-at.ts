import { lstatSync, type Stats } from "node:fs";

/**
 * Status of a path, without following links; undefined if nothing is there.
 *
 * @throws any other error of the file system.
 */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
