import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { stepOf } from "../step-name.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { isTemporary } from "./durable.js";
import { kindOf, systemReason } from "./kind.js";
import { statusAt } from "./status.js";

/** An entry with a checkpoint's name; whether it is an intact checkpoint is not known yet. */
export interface Candidate {
  readonly name: string;
  readonly step: number;
  readonly path: string;
}

/** Name of the file that names the last checkpoint saved. */
export const LATEST_FILE = "latest";

const LEFTOVER = /^\.(step-\d+)\.(new|old|removed)$/;

/**
 * Returns the temporary path of a checkpoint that is being written (`new`), about to be replaced (`old`) or about to be
 * deleted (`removed`).
 */
export function temporaryPath(folder: string, name: string, purpose: "new" | "old" | "removed"): string {
  return join(folder, `.${name}.${purpose}`);
}

/**
 * Lists the checkpoints of a folder by name, newest first, including those that a killed process had moved to a
 * temporary path without writing the replacement.
 *
 * @returns undefined if the folder does not exist.
 * @throws UnreadableCheckpointError if the folder cannot be read.
 */
export async function listCandidates(folder: string): Promise<Candidate[] | undefined> {
  const paths = new Map<string, string>();
  const entries = await entriesOf(folder);
  if (entries === undefined) return undefined;
  for (const { name, isFolder } of entries) {
    const [replaced, purpose] = leftover(name);
    if (replaced !== undefined && purpose === "old" && isFolder) paths.set(replaced, join(folder, name));
  }
  for (const { name } of entries) if (stepOf(name) !== undefined) paths.set(name, join(folder, name));
  return Array.from(paths, ([name, path]) => ({ name, path, step: stepOf(name) as number })).sort(
    (a, b) => b.step - a.step,
  );
}

async function entriesOf(folder: string): Promise<{ name: string; isFolder: boolean }[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // A dangling link is not a missing folder: its disk may not be mounted.
    if (code === "ENOENT" && (await statusAt(folder)) === undefined) return undefined;
    throw new UnreadableCheckpointError(`${folder}: cannot be read (${systemReason(cause as Error)})`, { cause });
  }
}

/** Parses a temporary path: the checkpoint's name and the purpose. */
function leftover(entry: string): [name?: string, purpose?: string] {
  const [, name = "", purpose] = LEFTOVER.exec(entry) ?? [];
  return stepOf(name) === undefined ? [] : [name, purpose];
}

/** @throws UnreadableCheckpointError if something other than a folder is there, including a link to a folder. */
export async function checkFolder(path: string): Promise<void> {
  const found = await statusAt(path).catch((cause) => {
    throw new UnreadableCheckpointError(`cannot be read (${systemReason(cause)})`, { cause });
  });
  // A missing folder is reported as missing files.
  if (found && !found.isDirectory()) throw new UnreadableCheckpointError(`expected a folder, got ${kindOf(found)}`);
}

/**
 * Removes the temporary files of a killed process, and restores checkpoints that it had moved without replacing them.
 */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const isThere = (name: string) => entries.some((entry) => entry.name === name);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const [name, purpose] = entry.isDirectory() ? leftover(entry.name) : [];
    if (name !== undefined && purpose === "old" && !isThere(name)) await rename(path, join(folder, name));
    else if (name !== undefined) await rm(path, { recursive: true, force: true });
    else if (entry.isFile() && isTemporary(entry.name)) await rm(path, { force: true });
  }
}
