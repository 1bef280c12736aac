import { randomUUID } from "node:crypto";
import { closeSync, fchmodSync, fchownSync, fsync, openSync, type Stats, writeSync } from "node:fs";
import { readlink, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { kindOf, lookAt } from "./kind.js";

/** What file systems that cannot flush a folder answer. */
const NOT_FLUSHED = ["EINVAL", "ENOTSUP", "EOPNOTSUPP"];

/** What is answered to who may not give a file away, or has nobody to give it to. */
const NOT_OWNED = ["EPERM", "EINVAL", "ENOSYS", "ENOTSUP"];

/** As many as Linux follows. */
const MAX_LINKS = 40;

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
  await writeLike(path, data, undefined);
}

/** @param model - a file whose mode and, where that is allowed, owner the new one shall have. */
async function writeLike(path: string, data: string | Uint8Array, model: Stats | undefined): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const file = openSync(path, "wx", model === undefined ? 0o666 : 0o600);
  try {
    if (model !== undefined) takeAfter(file, model);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    await flush(file);
  } finally {
    closeSync(file);
  }
}

function takeAfter(file: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    if (!NOT_OWNED.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  fchmodSync(file, mode & 0o777);
}

/**
 * Puts a file in the place of the one there, in one step: who reads it finds the old or the new, whole. It keeps the
 * mode of the old one and, where that is allowed, the owner. A link stays: what it leads to is replaced.
 *
 * @param path - of the file, in a folder that is there.
 * @param data - all that the file shall hold; text is written as UTF-8.
 * @throws TypeError if something else than a file is there; Error of the file system; then the old file is as it was.
 */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const target = await afterLinks(path);
  const found = await lookAt(target);
  if (found && !found.isFile()) throw new TypeError(`${path}: expected a file, got ${kindOf(found)}`);
  const beside = temporaryBeside(target);
  try {
    await writeLike(beside, data, found);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Where a path leads in the end, be something there or not. */
async function afterLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; (await lookAt(target))?.isSymbolicLink(); links++) {
    if (links === MAX_LINKS) throw Object.assign(new Error(`ELOOP: too many links, '${path}'`), { code: "ELOOP" });
    target = resolve(await realpath(dirname(target)), await readlink(target));
  }
  return target;
}

/** A name beside a path that nobody else has: on the way to that path a file lies there for a moment. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.dnc-${randomUUID()}.new`);
}

/** Whether a name is one of `temporaryBeside`. */
export function isTemporary(name: string): boolean {
  return /^\.dnc-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.new$/.test(name);
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
