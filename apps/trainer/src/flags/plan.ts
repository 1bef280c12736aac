import { join, resolve } from "node:path";
import type { RunPlan } from "../configs.js";
import { isWithin, realPath } from "../files/real-path.js";
import { inspectRunFolder } from "../run/run-folder.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { runConfigOf } from "./gate.js";
import { checkSameRun, continuedSettings, readRunConfig, runConfig } from "./run-config.js";
import type { Settings } from "./train-flags.js";

/**
 * Plans what the settings ask for: a new run, or to resume one, because they say so or because their folder holds it.
 *
 * @throws UsageError if a folder is none or holds something else, such as a run of other parameters.
 */
export function planRun(settings: Settings): RunPlan {
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
    return planOfResume("--resume", resume, settings, same ? resume : to);
  }
  return to === undefined || holds === "new"
    ? planOf(settings, { to })
    : planOfResume("--checkpoint_dir", to, settings, to);
}

function planOfResume(label: string, run: string, wanted: Settings, to: string | undefined): RunPlan {
  const recorded = readRunConfig(run);
  const from = { path: run, checkpointInterval: recorded.checkpoint_interval, label };
  return planOf(continuedSettings(run, recorded, wanted), { from, to });
}

function planOf(settings: Settings, folders: Pick<RunPlan, "from" | "to">): RunPlan {
  return {
    config: runConfigOf(settings),
    threads: settings.threads,
    json: settings.json,
    ...folders,
    record: (resolved) => runConfig(settings, resolved),
    checkSameRun: (path, recorded) => checkSameRun(path, recorded, settings),
  };
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
