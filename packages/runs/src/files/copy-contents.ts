import { chmod, constants, copyFile, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { kindOf } from "@dnc/checkpoint/node";
import { RunFolderError } from "../run-folder-error.js";

/** Permissions that the owner of a copied file and of a copied folder has in any case. */
const [FILE_MODE, FOLDER_MODE] = [0o600, 0o700];

/**
 * Copies a file, or a folder with everything in it, to a new path. Follows links: the copy shares nothing with the
 * original.
 *
 * @param label - names the original in errors.
 * @param ancestors - resolved paths of the folders that are being copied; default: none.
 * @throws RunFolderError naming what cannot be copied: a device, a FIFO, a socket, or a folder that contains itself.
 */
export async function copyContents(
  from: string,
  to: string,
  label: string,
  ancestors: readonly string[] = [],
): Promise<void> {
  const status = await stat(from);
  if (status.isDirectory()) {
    const real = await realpath(from);
    if (ancestors.includes(real)) throw notCopyable(label, from, "a link to a folder that it lies in");
    await mkdir(to);
    for (const name of await readdir(from))
      await copyContents(join(from, name), join(to, name), label, [...ancestors, real]);
    await chmod(to, (status.mode & 0o777) | FOLDER_MODE);
  } else if (status.isFile()) {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await chmod(to, (status.mode & 0o777) | FILE_MODE);
  } else {
    throw notCopyable(label, from, kindOf(status));
  }
}

/** @throws RunFolderError if a folder has an entry that is neither file, folder nor link. */
export async function checkCopyable(folder: string, label: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()) continue;
    throw notCopyable(label, join(folder, entry.name), kindOf(entry));
  }
}

function notCopyable(label: string, path: string, got: string): RunFolderError {
  return new RunFolderError(`${label}: expected files and folders to copy, got ${got}: ${path}`);
}
