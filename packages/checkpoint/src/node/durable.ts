import { closeSync, fsync, openSync, writeSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { promisify } from "node:util";

/** What file systems that cannot flush a folder answer. */
const NOT_FLUSHED = ["EINVAL", "ENOTSUP", "EOPNOTSUPP"];

/** The one call that waits for the disk, off this thread. The others take less time here than their way to another thread. */
const flush = promisify(fsync);

/**
 * Writes a file that must not be there yet, and flushes it to the disk.
 *
 * @param path - of the file, in a folder that is there.
 * @param data - all that the file shall hold; text is written as UTF-8.
 * @throws Error of the file system, such as EEXIST or ENOSPC; then part of the file may be there.
 */
export async function writeNew(path: string, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = openSync(path, "wx");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    await flush(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Puts a file in the place of whatever was there, in one step: who reads it finds the old or the new, whole.
 * `<path>.new` is used on the way.
 *
 * @param path - of the file, in a folder that is there.
 * @param data - all that the file shall hold; text is written as UTF-8.
 * @throws Error of the file system; then the old file is as it was.
 */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  try {
    await writeNew(beside, data);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Flushes a folder's list of names, where the system can. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return; // opens no folders
  let folder: number | undefined;
  try {
    folder = openSync(path, "r");
    await flush(folder);
  } catch (error) {
    if (!NOT_FLUSHED.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    if (folder !== undefined) closeSync(folder);
  }
}
