import { constants } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

/** Why a file is not served. */
export type Refusal = "missing" | "outside" | "not a file" | "unreadable";

/**
 * Opens a file below a folder, to read it. Links are followed as long as they stay in the folder, also if somebody changes them
 * meanwhile. Nothing but a plain file is opened: opening a pipe may block, and opening a device may have effects.
 *
 * @param folder - with links resolved.
 * @param name - path below the folder.
 * @returns the open file, which the caller closes; or why there is none.
 */
export async function openWithin(folder: string, name: string): Promise<FileHandle | Refusal> {
  let file: FileHandle | undefined;
  try {
    const path = await realpath(join(folder, name));
    if (!isWithin(path, folder)) return "outside";
    if (!(await lstat(path)).isFile()) return "not a file";
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const refusal = await checkOpened(file, path, folder);
    if (refusal === undefined) return file;
    await file.close();
    return refusal;
  } catch (error) {
    await file?.close();
    return refusalOf(error as NodeJS.ErrnoException);
  }
}

/** Checks what was opened: a folder on the way to it may have become a link since its path was resolved. */
async function checkOpened(file: FileHandle, path: string, folder: string): Promise<Refusal | undefined> {
  const opened = await file.stat({ bigint: true });
  if (!opened.isFile()) return "not a file";
  const name = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (name !== undefined) return isWithin(name, folder) ? undefined : "outside";
  // Only Linux says what was opened. Elsewhere it must be what the path leads to now.
  const now = await realpath(path);
  const { ino, dev } = await lstat(now, { bigint: true });
  return isWithin(now, folder) && ino === opened.ino && dev === opened.dev ? undefined : "outside";
}

function isWithin(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== "" && !isAbsolute(below) && below.split(sep)[0] !== "..";
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === "ENOENT" || code === "ENOTDIR") return "missing";
  return code === "ELOOP" ? "outside" : "unreadable";
}
