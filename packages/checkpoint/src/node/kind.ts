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

/**
 * Shortens the message of a system error to its reason, without call and path, for messages that name the file already.
 *
 * @param error - of the file system.
 * @returns text such as `EACCES: permission denied`.
 */
export function systemReason({ message }: Error): string {
  return message.replace(/, \w+ '.*'$/s, "");
}

/**
 * Names the kind of a file, for error messages.
 *
 * @param found - status of a path, or an entry of a folder.
 * @returns words such as `a folder` or `a FIFO`.
 */
export function kindOf(
  found: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO" | "isSocket">,
): string {
  if (found.isFile()) return "a file";
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a link";
  if (found.isFIFO()) return "a FIFO";
  return found.isSocket() ? "a socket" : "a device";
}
