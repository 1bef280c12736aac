import { join, resolve } from "node:path";
import { isWithin, realPath } from "../files/real-path.js";
import { continuedSettings, readRunConfig } from "../flags/run-config.js";
import type { Settings } from "../flags/train-flags.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { inspectRunFolder } from "./run-folder.js";

/** What is to be done, before anything is. */
export interface Plan {
  readonly settings: Settings;
  /** The folder of the run to go on with; a new run if there is none. */
  readonly from?: string;
  /** Where to write; a new folder of its own below runs/ if it is not said. */
  readonly to?: string;
}

/**
 * What the settings ask for: a new run, or to go on with one, because they say so or because their folder holds it.
 *
 * @throws UsageError if a folder is none or holds something else, a run of other parameters for one.
 */
export function planRun(settings: Settings): Plan {
  const { resume, checkpoint_dir: to } = settings;
  const holds = to === undefined ? "new" : inspectRunFolder(to);
  if (resume !== undefined) {
    const same = to === undefined || resolve(to) === resolve(resume);
    if (!same && holds === "run") {
      throw new UsageError(
        `--checkpoint_dir: expected a new folder for the run in ${visibleLine(resume)}, got ${visibleLine(to)}, which holds one`,
      );
    }
    if (!same) checkElsewhere(resume, to as string);
    const continued = continuedSettings(resume, readRunConfig(resume), settings);
    return { settings: continued, from: resume, to: same ? resume : to };
  }
  if (to === undefined) return { settings };
  if (holds === "new") return { settings, to };
  return { settings: continuedSettings(to, readRunConfig(to), settings), from: to, to };
}

/** @throws UsageError if a folder to copy a run to is the run's own or lies in it, under whatever name. */
function checkElsewhere(run: string, to: string): void {
  let inside: boolean;
  try {
    const place = realPath(to);
    inside = [run, join(run, "checkpoints"), join(run, "samples")].some((folder) => isWithin(place, realPath(folder)));
  } catch (error) {
    throw new UsageError(`--checkpoint_dir: expected a folder to write to, got ${to} (${(error as Error).message})`);
  }
  if (inside) throw new UsageError(`--checkpoint_dir: expected a folder outside of the run in ${run}, got ${to}`);
}
