import { resolve } from "node:path";
import { visibleLine } from "@dnc/report";
import { checkOutsideRun, inspectRunFolder } from "@dnc/runs/read";
import type { RunPlan } from "../configs.js";
import { UsageError } from "../usage-error.js";
import { runConfigOf } from "./model-config.js";
import { checkSameRun, readRunConfig, resumeSettings, runConfig } from "./run-config.js";
import type { Settings } from "./train-flags.js";

const LABEL = { label: "--checkpoint_dir" } as const;

/**
 * Plans a new run, or resumes one: the run that `resume` names, or the one in `checkpoint_dir`.
 *
 * @throws UsageError or RunFolderError if a folder cannot be used, or holds a run of other parameters.
 */
export function planRun(settings: Settings): RunPlan {
  const { resume, checkpoint_dir: to } = settings;
  const content = to === undefined ? "new" : inspectRunFolder(to, LABEL);
  if (resume !== undefined) {
    const isSameFolder = to === undefined || resolve(to) === resolve(resume);
    if (!isSameFolder && content === "run") {
      throw new UsageError(
        `--checkpoint_dir: expected a new folder for the run in ${visibleLine(resume)}, got ${visibleLine(to)}, which holds one`,
      );
    }
    if (!isSameFolder) checkOutsideRun(to as string, resume, LABEL);
    return planResume("--resume", resume, settings, isSameFolder ? resume : to);
  }
  return to === undefined || content === "new"
    ? createPlan(settings, { to })
    : planResume("--checkpoint_dir", to, settings, to);
}

function planResume(label: string, run: string, requested: Settings, to: string | undefined): RunPlan {
  const recorded = readRunConfig(run);
  const from = { path: run, checkpointInterval: recorded.checkpoint_interval, label };
  return createPlan(resumeSettings(run, recorded, requested), { from, to });
}

function createPlan(settings: Settings, folders: Pick<RunPlan, "from" | "to">): RunPlan {
  return {
    config: runConfigOf(settings),
    threads: settings.threads,
    json: settings.json,
    ...folders,
    record: (resolved) => runConfig(settings, resolved),
    checkSameRun: (path, recorded) => checkSameRun(path, recorded, settings),
  };
}
