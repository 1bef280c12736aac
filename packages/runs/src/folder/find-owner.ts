import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { lookAt, saysAbsent } from "../files/absent.js";
import { isWithin, realPath } from "../files/real-path.js";
import { CHECKPOINTS, CONFIG_FILE, isEventFile, RUN_PARTS, SAMPLES } from "./run-parts.js";

/**
 * Finds the run that a file is a part of, under any name: programs that write files use it to leave runs alone.
 *
 * @param path - The file, whether it exists or not.
 * @param run - A folder to treat as a run's, whatever is in it; all others are those that contain the file.
 * @returns The run's folder; undefined if the file belongs to none.
 * @throws The system's error if a path cannot be resolved.
 */
export function findOwner(path: string, run: string): string | undefined {
  const real = realPath(path);
  const found = lookAt(path);
  const folders = [run];
  for (let folder = dirname(real); folder !== dirname(folder); folder = dirname(folder)) {
    const isRun = [CONFIG_FILE, CHECKPOINTS, SAMPLES].every((name) => lookAt(join(folder, name)) !== undefined);
    if (isRun) folders.push(folder);
  }
  return folders.find((folder) =>
    ownParts(folder).some((part) => {
      if (isWithin(real, realPath(part))) return true;
      const other = found && statSync(part, { throwIfNoEntry: false });
      return other !== undefined && other.ino === found?.ino && other.dev === found.dev;
    }),
  );
}

/** Paths of everything that belongs to a run. */
function ownParts(run: string): string[] {
  const names = new Set([...RUN_PARTS, "lock"]);
  try {
    for (const name of readdirSync(run)) if (isEventFile(name)) names.add(name);
  } catch (error) {
    if (!saysAbsent(error)) throw error;
  }
  return Array.from(names, (name) => join(run, name));
}
