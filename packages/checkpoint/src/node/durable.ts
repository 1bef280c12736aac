import { randomUUID } from "node:crypto";
import { closeSync, fchmodSync, fchownSync, fsync, openSync, type Stats, writeSync } from "node:fs";
import { readlink, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { kindOf } from "./kind.js";
import { statusAt } from "./status.js";

/** Error codes of file systems that cannot flush a folder. */
const NOT_FLUSHED = ["EINVAL", "ENOTSUP", "EOPNOTSUPP"];

/** Error codes of an owner change that is not permitted or not supported. */
const NOT_OWNED = ["EPERM", "EINVAL", "ENOSYS", "ENOTSUP"];

/** Maximum number of links to follow, as in Linux. */
const MAX_LINKS = 40;

/**
 * The only call that waits for the disk; it runs on another thread. The other calls are faster than a thread switch.
 */
const flush = promisify(fsync);

/**
 * Writes a file that must not exist yet, and flushes it to the disk.
 *
 * @param path - of the file, in an existing folder.
 * @param data - contents of the file; text is written as UTF-8.
 * @throws Error of the file system, such as EEXIST or ENOSPC; then part of the file may exist.
 */
export async function writeFileExclusive(path: string, data: string | Uint8Array): Promise<void> {
  await writeLike(path, data, undefined);
}

/** Writes a new file with the mode and, where permitted, the owner of `model`. */
async function writeLike(path: string, data: string | Uint8Array, model: Stats | undefined): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = openSync(path, "wx", model === undefined ? 0o666 : 0o600);
  try {
    if (model !== undefined) copyOwnership(file, model);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    await flush(file);
  } finally {
    closeSync(file);
  }
}

function copyOwnership(file: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    if (!NOT_OWNED.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  fchmodSync(file, mode & 0o777);
}

/**
 * Writes or replaces a file atomically: readers see the old contents or the new ones, never a part. The new file keeps
 * the mode of the old one and, where permitted, its owner. Links are followed: their target is replaced.
 *
 * @param path - of the file, in an existing folder.
 * @param data - contents of the file; text is written as UTF-8.
 * @throws TypeError if something other than a file is there; Error of the file system; then the old file is unchanged.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const target = await resolveLinks(path);
  const found = await statusAt(target);
  if (found && !found.isFile()) throw new TypeError(`${path}: expected a file, got ${kindOf(found)}`);
  const temporary = temporarySibling(target);
  try {
    await writeLike(temporary, data, found);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Resolves the links of a path; the target need not exist. */
async function resolveLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; (await statusAt(target))?.isSymbolicLink(); links++) {
    if (links === MAX_LINKS) throw Object.assign(new Error(`ELOOP: too many links, '${path}'`), { code: "ELOOP" });
    target = resolve(await realpath(dirname(target)), await readlink(target));
  }
  return target;
}

/** Returns a unique path in the folder of `path`, for a file that is then renamed to `path`. */
export function temporarySibling(path: string): string {
  return join(dirname(path), `.dnc-${randomUUID()}.new`);
}

/** Whether a file name was made by `temporarySibling`. */
export function isTemporary(name: string): boolean {
  return /^\.dnc-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.new$/.test(name);
}

/** Flushes a folder's entries to the disk, if the system supports that. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return; // cannot open folders
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
