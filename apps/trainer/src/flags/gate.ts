/** Converts the settings of a run, named like flags, to its configuration. Modules outside of flags/ use only that. */
import { join, resolve } from "node:path";
import { formatValue, shellCommand } from "@dnc/report";
import {
  type Change,
  lessonTexts,
  loadTask,
  runConfigOf,
  type TaskFlags,
  UsageError,
  withSettings,
} from "@dnc/settings";
import { defaultOf, isTaskFile, recordedFlags, type Settings } from "@dnc/settings/flags";
import type { TrainedRun } from "../configs.js";
import { machine } from "../machine.js";
import { readRunConfig } from "./run-config.js";

/**
 * Reads the configuration that a run was trained with, and loads its task.
 *
 * @param onNotice - called with a sentence for the user, such as that the file of the task has changed.
 * @param options - `task`: where the file of its task is now; default: where the run recorded it. `babiDir`: the same for the folder of
 *   bAbI's files, of which the test stories are read. `settings`: what differs from the
 *   run, under the names of flags; those that the trainer does not know are the task's; default: nothing.
 * @throws UsageError (as a rejection) if there is no such folder, no run in it, its config is not valid, something is
 *   wrong in the file of its task, or its task is not from a file although `task` names one.
 */
export async function readTrainedRun(
  run: string,
  onNotice: (sentence: string) => void,
  { task, babiDir, settings: changes = {} }: WhereNow & { readonly settings?: TaskFlags } = {},
): Promise<TrainedRun> {
  const original = withTaskFile(readRunConfig(run), task);
  const recorded = withSettings(original, { ...testStories(original.task, babiDir), ...changes });
  const { settings, source, notices } = await loadTask(recorded, { isRun: true, machine });
  for (const notice of notices) onNotice(notice);
  const { preset, lessons = [], task_flags: taskFlags = {} } = settings;
  const config = { ...runConfigOf(settings, source), seed: recorded.seed };
  const described = describeSettings({ ...settings, task_flags: original.task_flags }, run);
  return { config, preset, lessonCount: lessons.length, taskFlags, ...described };
}

/** Where the files of a run's task are now; undefined: where the run recorded them. */
interface WhereNow {
  readonly task?: string | undefined;
  readonly babiDir?: string | undefined;
}

/**
 * The settings with which a run of bAbI is measured: on test stories, not those that it was trained on. A folder of files has them
 * also for a run that was trained on generated ones: both have the same words.
 */
function testStories(task: string, folder: string | undefined): TaskFlags {
  const files = folder !== undefined && { babi_source: "files", babi_dir: folder };
  if (task === "babi") return { babi_set: "test", ...files };
  if (folder === undefined) return {};
  throw new UsageError(`--babi_dir: expected only with a run of task babi, got it with task ${task}`);
}

/** Replaces the path of a run's task file. */
function withTaskFile<Recorded extends Settings>(recorded: Recorded, file: string | undefined): Recorded {
  if (file === undefined) return recorded;
  if (!isTaskFile(recorded.task))
    throw new UsageError(`--task: expected only with a run whose task is a file, got it with task ${recorded.task}`);
  if (!isTaskFile(file))
    throw new UsageError(`--task: expected the file of a task, such as ./my-task.mjs, got ${formatValue(file)}`);
  return { ...recorded, task: resolve(file) };
}

/**
 * Reads the settings that a run was trained with, without its task: a task's file may be missing.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not valid.
 */
export function readRunSettings(
  run: string,
): Pick<TrainedRun, "entries" | "command"> & { readonly seed: number; readonly iterations: number } {
  const settings = readRunConfig(run);
  const { seed, num_training_iterations: iterations } = settings;
  return { seed, iterations, ...describeSettings(settings, run) };
}

/**
 * Describes settings: as entries of a report, and as the shortest command line that trains such a run. No flag has lessons: with them
 * it names the run's config.json.
 *
 * @param run - the run's folder.
 */
export function describeSettings(settings: Settings, run: string): Pick<TrainedRun, "entries" | "command"> {
  const flags = recordedFlags(settings).map((flag) => {
    const { name, help } = flag;
    const value = settings[name];
    const choices = flag.choices ? `: ${flag.choices.join(", ")}` : "";
    const isDefault = value === defaultOf(settings, flag);
    return { name: name as string, value, isDefault, description: `${help}${choices}` };
  });
  const own = Object.entries(settings.task_flags ?? {}).map(([name, value]) => {
    return { name, value, isDefault: false, description: "a flag of the task" };
  });
  const entries = [...flags, ...own].filter(({ value }) => value !== undefined);
  const words = entries
    .filter(({ name, isDefault }) => !isDefault && name !== "backend")
    .map(({ name, value }) => (value === true ? `--${name}` : `--${name}=${value}`));
  const given = settings.lessons ? [`--config=${join(run, "config.json")}`] : words;
  const changes = (settings.changes ?? []).map(changeEntry);
  return {
    entries: [...entries, ...lessonEntries(settings), ...fileEntries(settings), ...changes],
    command: shellCommand(["dnc", "train", ...given, `--backend=${settings.backend}`]),
  };
}

/** Describes the lessons of a run, and when they are passed. */
function lessonEntries({ lessons, promotion }: Settings): TrainedRun["entries"] {
  return lessonTexts({ lessons, promotion }).map(([name, value]) => {
    const what = name === "promotion" ? "when a lesson is passed" : "how the task of the lesson differs from the run's";
    return { name, value, isDefault: false, description: what };
  });
}

/** Describes the contents of a task's file, in which runs with the same path may differ. */
function fileEntries({ task_file }: Settings): TrainedRun["entries"] {
  if (task_file === undefined) return [];
  const description = "SHA-256 of the task's file";
  return [{ name: "task_sha256", value: task_file.sha256, isDefault: false, description }];
}

/** Describes a change of a resumed run as an entry of a report. */
function changeEntry({ step, from, to }: Change): TrainedRun["entries"][number] {
  const names = Object.keys({ ...from, ...to });
  const texts = names.map((name) => `${name} ${from[name] ?? "undefined"} to ${to[name] ?? "undefined"}`);
  const description = "what changed when the run was resumed after this iteration";
  return { name: `changed after ${step}`, value: texts.join(", "), isDefault: false, description };
}
