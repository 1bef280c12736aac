import { join } from "node:path";
import { isWithin, realPath } from "../files/real-path.js";
import { RunFolderError } from "../run-folder-error.js";
import type { LabelOptions } from "./inspect-run-folder.js";
import { CHECKPOINTS, SAMPLES } from "./run-parts.js";

/**
 * Checks that a folder is not that of a run and does not lie in it, with links resolved.
 *
 * @param path - The folder, which may not exist.
 * @param run - The run's folder.
 * @param options - Name of the folder in errors.
 * @throws RunFolderError if it is or lies in that folder, or cannot be resolved.
 */
export function checkOutsideRun(path: string, run: string, { label = "folder" }: LabelOptions = {}): void {
  let inside: boolean;
  try {
    const real = realPath(path);
    inside = [run, join(run, CHECKPOINTS), join(run, SAMPLES)].some((folder) => isWithin(real, realPath(folder)));
  } catch (error) {
    throw new RunFolderError(`${label}: expected a folder to write to, got ${path} (${(error as Error).message})`);
  }
  if (inside) throw new RunFolderError(`${label}: expected a folder outside of the run in ${run}, got ${path}`);
}
