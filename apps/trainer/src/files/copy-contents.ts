import { chmod, constants, copyFile, mkdir, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { kindOf } from "@dnc/checkpoint/node";
import { UsageError } from "../usage-error.js";

/** What the owner of a copy may do, whatever the mode of the original. */
const [READ_WRITE, ENTER] = [0o600, 0o700];

/**
 * Copies a file, or a folder with everything in it, to a new path. Links are followed: the copy shares nothing with the
 * original.
 *
 * @throws UsageError naming what cannot be copied: a device, a FIFO, a socket, or a folder that contains itself.
 */
export async function copyContents(from: string, to: string, above: readonly string[] = []): Promise<void> {
  const found = await stat(from);
  if (found.isDirectory()) {
    const real = await realpath(from);
    if (above.includes(real)) throw notCopied(from, "a link to a folder that it lies in");
    await mkdir(to);
    for (const name of await readdir(from)) await copyContents(join(from, name), join(to, name), [...above, real]);
    await chmod(to, (found.mode & 0o777) | ENTER);
  } else if (found.isFile()) {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    await chmod(to, (found.mode & 0o777) | READ_WRITE);
  } else {
    throw notCopied(from, kindOf(found));
  }
}

/** @throws UsageError if a folder has an entry that is neither file, folder nor link. */
export async function refuseSpecial(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()) continue;
    throw notCopied(join(folder, entry.name), kindOf(entry));
  }
}

function notCopied(path: string, got: string): UsageError {
  return new UsageError(`--resume: expected files and folders to copy, got ${got}: ${path}`);
}
