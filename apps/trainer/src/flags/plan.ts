import { resolve } from "node:path";
import { visibleLine } from "@dnc/report";
import { checkOutsideRun, inspectRunFolder } from "@dnc/runs/read";
import { type Change, loadRunConfig, loadTask, recordedSettings, UsageError } from "@dnc/settings";
import { isTaskFile, type Settings } from "@dnc/settings/flags";
import type { RunPlan } from "../configs.js";
import { machine } from "../machine.js";
import { hashOf } from "../task/file/import-task.js";
import { changesOf, checkCheckpoint, type Difference, readRunConfig, resumeSettings } from "./run-config.js";

const LABEL = { label: "--checkpoint_dir" } as const;

/**
 * Plans a new run, or resumes one: the run that `resume` names, or the one in `checkpoint_dir`. Loads its task.
 *
 * @throws UsageError or RunFolderError (as a rejection) if a folder cannot be used, or holds a run of other parameters, or
 *   something is wrong in the file of the task.
 */
export async function planRun(settings: Settings): Promise<RunPlan> {
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
    ? planNew(settings, to)
    : planResume("--checkpoint_dir", to, settings, to);
}

async function planNew(requested: Settings, to: string | undefined): Promise<RunPlan> {
  if (requested.change) throw new UsageError("--change: expected only with a run to resume, got it with a new run");
  const { settings, config, notices } = await loadRunConfig(requested, { machine });
  const { changes = [], ...rest } = settings;
  const [last] = changes.slice(-1);
  const told = last
    ? [`the run of this config changed at iteration ${last.step}; a new run has its last settings from the start`]
    : [];
  return {
    ...{ config, threads: settings.threads, engine: settings.engine },
    ...{ json: settings.json, to },
    notices: [...notices, ...told],
    record: (resolved) => recordedSettings(rest, resolved),
    checkSameRun() {},
  };
}

async function planResume(label: string, run: string, requested: Settings, to: string | undefined): Promise<RunPlan> {
  const recorded = readRunConfig(run);
  const { task_file, changes = [], preset } = recorded;
  const isMoved = isSameFile(recorded, requested);
  const wanted = await withBatchSize({ ...requested, task_file, changes, preset });
  const resumed = resumeSettings(run, isMoved ? { ...recorded, task: requested.task } : recorded, wanted);
  const { settings, config, notices } = await loadRunConfig(resumed, { isRun: true, machine });
  const difference = changesOf(recorded, settings);
  return {
    ...{ config, threads: settings.threads, engine: settings.engine },
    ...{ json: settings.json, to },
    from: { path: run, checkpointInterval: recorded.checkpoint_interval, label },
    notices,
    record: ({ step, ...resolved }) =>
      recordedSettings({ ...settings, changes: withChange(changes, difference, step) }, resolved),
    checkSameRun: (path, checkpoint) =>
      checkCheckpoint(path, checkpoint, { ...settings, ...undone(difference), changes }),
  };
}

/** Fills in the number of sequences in a batch where it is that of the task, as a run records it. */
async function withBatchSize(settings: Settings): Promise<Settings> {
  if (settings.batch_size !== undefined) return settings;
  const { settings: loaded } = await loadTask(settings, { isRun: true, machine });
  return { ...settings, batch_size: loaded.batch_size };
}

/** Whether the file of the requested task is that of the run, in another place. */
function isSameFile(recorded: Settings, requested: Settings): boolean {
  const { task, task_file } = recorded;
  if (!isTaskFile(requested.task) || requested.task === task || task_file === undefined) return false;
  return hashOf(requested.task) === task_file.sha256;
}

/** Returns the values before a change, to replace those after it. */
function undone(difference: Difference | undefined): Partial<Settings> {
  const { from = {}, to = {} } = difference ?? {};
  return Object.fromEntries(Object.keys({ ...to, ...from }).map((name) => [name, from[name]]));
}

/**
 * Adds a change to the history of a run that resumes at a step. An older checkpoint may be the newest intact one: then
 * earlier changes take effect from there.
 */
function withChange(
  changes: readonly Change[],
  difference: Difference | undefined,
  step: number,
): readonly Change[] | undefined {
  const earlier = changes.map((change) => ({ ...change, step: Math.min(change.step, step) }));
  const all = difference === undefined ? earlier : [...earlier, { step, ...difference }];
  return all.length === 0 ? undefined : all;
}
