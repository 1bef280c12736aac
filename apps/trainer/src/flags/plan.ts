import { resolve } from "node:path";
import { visibleLine } from "@dnc/report";
import { checkOutsideRun, inspectRunFolder } from "@dnc/runs/read";
import type { RunPlan } from "../configs.js";
import { UsageError } from "../usage-error.js";
import { runConfigOf } from "./gate.js";
import { checkSameRun, continuedSettings, readRunConfig, runConfig } from "./run-config.js";
import type { Settings } from "./train-flags.js";

const LABEL = { label: "--checkpoint_dir" } as const;

/**
 * Plans what the settings ask for: a new run, or to resume one, because they say so or because their folder holds it.
 *
 * @throws UsageError or RunFolderError if a folder is none or holds something else, such as a run of other parameters.
 */
export function planRun(settings: Settings): RunPlan {
  const { resume, checkpoint_dir: to } = settings;
  const holds = to === undefined ? "new" : inspectRunFolder(to, LABEL);
  if (resume !== undefined) {
    const same = to === undefined || resolve(to) === resolve(resume);
    if (!same && holds === "run") {
      throw new UsageError(
        `--checkpoint_dir: expected a new folder for the run in ${visibleLine(resume)}, got ${visibleLine(to)}, which holds one`,
      );
    }
    if (!same) checkOutsideRun(to as string, resume, LABEL);
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
