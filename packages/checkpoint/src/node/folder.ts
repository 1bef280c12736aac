import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { isTemporary } from "./durable.js";
import { kindOf, lookAt } from "./kind.js";
import { stepOf } from "./step-name.js";

/** What is called like a checkpoint; whether it is one is not known yet. */
export interface Candidate {
  readonly name: string;
  readonly step: number;
  readonly path: string;
}

/** The file that names the last checkpoint saved. */
export const LATEST_FILE = "latest";

const LEFTOVER = /^\.(step-\d+)\.(new|old|removed)$/;

/**
 * Where a checkpoint lies that is being written (`new`), that another of its name is about to take the place of
 * (`old`), or that is about to be deleted (`removed`).
 */
export function asidePath(folder: string, name: string, why: "new" | "old" | "removed"): string {
  return join(folder, `.${name}.${why}`);
}

/**
 * The checkpoints of a folder, the newest first, by their names. One that a killed process had moved aside, and whose
 * successor never came, counts too.
 *
 * @returns undefined if nothing is there.
 * @throws UnreadableCheckpointError if the folder cannot be read.
 */
export async function listCandidates(folder: string): Promise<Candidate[] | undefined> {
  const paths = new Map<string, string>();
  const entries = await entriesOf(folder);
  if (entries === undefined) return undefined;
  for (const { name, isFolder } of entries) {
    const [replaced, why] = leftover(name);
    if (replaced !== undefined && why === "old" && isFolder) paths.set(replaced, join(folder, name));
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
    const { code, message } = cause as NodeJS.ErrnoException;
    // A link to nothing is something: a disk that is not there today, for one.
    if (code === "ENOENT" && (await lookAt(folder)) === undefined) return undefined;
    throw new UnreadableCheckpointError(`${folder}: cannot be read (${message})`, { cause });
  }
}

/** The checkpoint's name and what a killed process was about to do with it, if the name says so. */
function leftover(entry: string): [name?: string, why?: string] {
  const [, name = "", why] = LEFTOVER.exec(entry) ?? [];
  return stepOf(name) === undefined ? [] : [name, why];
}

/** @throws UnreadableCheckpointError if something else than a folder is there, a link to one included. */
export async function checkFolder(path: string): Promise<void> {
  const found = await lookAt(path).catch((cause) => {
    throw new UnreadableCheckpointError(`cannot be read (${cause.message})`, { cause });
  });
  // What is not there lacks its files too.
  if (found && !found.isDirectory()) throw new UnreadableCheckpointError(`expected a folder, got ${kindOf(found)}`);
}

/** Removes what a killed process left half done, and moves back what it had moved aside without a successor. */
export async function tidyLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const isThere = (name: string) => entries.some((entry) => entry.name === name);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const [name, why] = entry.isDirectory() ? leftover(entry.name) : [];
    if (name !== undefined && why === "old" && !isThere(name)) await rename(path, join(folder, name));
    else if (name !== undefined) await rm(path, { recursive: true, force: true });
    else if (entry.isFile() && isTemporary(entry.name)) await rm(path, { force: true });
  }
}
