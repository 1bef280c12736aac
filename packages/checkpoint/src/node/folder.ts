import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { BEST_FILE } from "./best.js";
import { stepOf } from "./step-name.js";

/** A sub-folder that is called like a checkpoint; whether it is one is not known yet. */
export interface Candidate {
  readonly name: string;
  readonly step: number;
  readonly path: string;
}

/** The file that names the last checkpoint saved. */
export const LATEST_FILE = "latest";

const LEFTOVER = /^\.(step-\d{8})\.(new|old|removed)$/;

/**
 * Where a checkpoint lies that is being written (`new`), that another of its name is about to take the place of
 * (`old`), or that is about to be deleted (`removed`).
 */
export function asidePath(folder: string, name: string, why: "new" | "old" | "removed"): string {
  return join(folder, `.${name}.${why}`);
}

/**
 * The checkpoints of a folder, the newest first: sub-folders by their names. One that a killed process had moved
 * aside, and whose successor never came, counts too.
 *
 * @throws Error of the file system, ENOENT if the folder is not there.
 */
export async function listCandidates(folder: string): Promise<Candidate[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const paths = new Map<string, string>();
  for (const name of folders) {
    const [, replaced, why] = LEFTOVER.exec(name) ?? [];
    if (replaced !== undefined && why === "old") paths.set(replaced, join(folder, name));
  }
  for (const name of folders) if (stepOf(name) !== undefined) paths.set(name, join(folder, name));
  return Array.from(paths, ([name, path]) => ({ name, path, step: stepOf(name) as number })).sort(
    (a, b) => b.step - a.step,
  );
}

/** Removes what a killed process left half done, and moves back what it had moved aside without a successor. */
export async function tidyLeftovers(folder: string): Promise<void> {
  const entries = await readdir(folder);
  for (const entry of entries) {
    const [, name, why] = LEFTOVER.exec(entry) ?? [];
    const isPointer = entry === `${LATEST_FILE}.new` || entry === `${BEST_FILE}.new`;
    if (name !== undefined && why === "old" && !entries.includes(name))
      await rename(join(folder, entry), join(folder, name));
    else if (name !== undefined || isPointer) await rm(join(folder, entry), { recursive: true, force: true });
  }
}
