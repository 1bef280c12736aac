import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isNotFound } from "./not-found.js";

/** Resolves all links of a path, which may not exist. */
export function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch (error) {
    if (!isNotFound(error) || dirname(absolute) === absolute) throw error;
    return join(realPath(dirname(absolute)), basename(absolute));
  }
}

/** Whether a path is that of a folder or lies in it; both with links resolved. */
export function isWithin(path: string, folder: string): boolean {
  const fromFolder = relative(folder, path);
  return fromFolder === "" || (!isAbsolute(fromFolder) && fromFolder.split(/[\\/]/)[0] !== "..");
}
