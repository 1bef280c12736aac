import { chmod, constants, copyFile, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { kindOf } from "@dnc/checkpoint/node";
import { RunFolderError } from "../run-folder-error.js";

/** What the owner of a copy may do, whatever the mode of the original. */
const [READ_WRITE, ENTER] = [0o600, 0o700];

/**
 * Copies a file, or a folder with everything in it, to a new path. Links are followed: the copy shares nothing with the
 * original.
 *
 * @param label - names the original in errors.
 * @throws RunFolderError naming what cannot be copied: a device, a FIFO, a socket, or a folder that contains itself.
 */
export async function copyContents(
  from: string,
  to: string,
  label: string,
  above: readonly string[] = [],
): Promise<void> {
  const found = await stat(from);
  if (found.isDirectory()) {
    const real = await realpath(from);
    if (above.includes(real)) throw notCopied(label, from, "a link to a folder that it lies in");
    await mkdir(to);
    for (const name of await readdir(from))
      await copyContents(join(from, name), join(to, name), label, [...above, real]);
    await chmod(to, (found.mode & 0o777) | ENTER);
  } else if (found.isFile()) {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await chmod(to, (found.mode & 0o777) | READ_WRITE);
  } else {
    throw notCopied(label, from, kindOf(found));
  }
}

/** @throws RunFolderError if a folder has an entry that is neither file, folder nor link. */
export async function refuseSpecial(folder: string, label: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()) continue;
    throw notCopied(label, join(folder, entry.name), kindOf(entry));
  }
}

function notCopied(label: string, path: string, got: string): RunFolderError {
  return new RunFolderError(`${label}: expected files and folders to copy, got ${got}: ${path}`);
}
