import { join } from "node:path";
import { isWithin, realPath } from "../files/real-path.js";
import { RunFolderError } from "../run-folder-error.js";
import type { LabelOptions } from "./inspect-run-folder.js";
import { CHECKPOINTS, SAMPLES } from "./run-parts.js";

/**
 * Checks that a folder is not a run's own and does not lie in it, under whatever name: for a folder to copy the run to.
 *
 * @param path - The folder, whether it exists or not.
 * @param run - The run's folder.
 * @param options - How errors name the folder.
 * @throws RunFolderError if it is, or cannot be resolved.
 */
export function checkOutsideRun(path: string, run: string, { label = "folder" }: LabelOptions = {}): void {
  let inside: boolean;
  try {
    const place = realPath(path);
    inside = [run, join(run, CHECKPOINTS), join(run, SAMPLES)].some((folder) => isWithin(place, realPath(folder)));
  } catch (error) {
    throw new RunFolderError(`${label}: expected a folder to write to, got ${path} (${(error as Error).message})`);
  }
  if (inside) throw new RunFolderError(`${label}: expected a folder outside of the run in ${run}, got ${path}`);
}
