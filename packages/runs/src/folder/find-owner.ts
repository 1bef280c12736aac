import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isNotFound, lstatIfPresent } from "../files/not-found.js";
import { isWithin, realPath } from "../files/real-path.js";
import { CHECKPOINTS, CONFIG_FILE, isEventFile, RUN_PARTS, SAMPLES } from "./run-parts.js";

/**
 * Finds the run that a file belongs to, through links too, so that programs do not overwrite files of a run.
 *
 * @param path - The file, which may not exist.
 * @param run - A folder that counts as a run's, whatever it contains. Folders that contain the file are searched too.
 * @returns The run's folder; undefined if the file belongs to none.
 * @throws The system's error if a path cannot be resolved.
 */
export function findOwner(path: string, run: string): string | undefined {
  const real = realPath(path);
  const status = lstatIfPresent(path);
  const folders = [run];
  for (let folder = dirname(real); folder !== dirname(folder); folder = dirname(folder)) {
    const isRun = [CONFIG_FILE, CHECKPOINTS, SAMPLES].every((name) => lstatIfPresent(join(folder, name)) !== undefined);
    if (isRun) folders.push(folder);
  }
  return folders.find((folder) =>
    partsOf(folder).some((part) => {
      if (isWithin(real, realPath(part))) return true;
      const other = status && statSync(part, { throwIfNoEntry: false });
      return other !== undefined && other.ino === status?.ino && other.dev === status.dev;
    }),
  );
}

/** Lists the paths of everything that belongs to a run. */
function partsOf(run: string): string[] {
  const names = new Set([...RUN_PARTS, "lock"]);
  try {
    for (const name of readdirSync(run)) if (isEventFile(name)) names.add(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return Array.from(names, (name) => join(run, name));
}
