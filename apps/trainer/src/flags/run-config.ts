import { statSync } from "node:fs";
import { join } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { type Change, type FlagValue, settingsAt, UsageError } from "@dnc/settings";
import { defaultOf, flagNamed, hasOwnFlags, recordedFlags, type Settings } from "@dnc/settings/flags";
import { labelled } from "../terminal/format.js";
import { settingsOfRun } from "./settings.js";

/** Settings that may change on resume; all others change the results. */
const MAY_CHANGE = [
  "num_training_iterations",
  "until",
  "report_interval",
  "checkpoint_interval",
  "keep_checkpoints",
  "backend",
];

/** Settings that may change on resume with `--change`. */
const MAY_CHANGE_ON_REQUEST = [
  "learning_rate",
  "learning_rate_schedule",
  "warm_up",
  "final_learning_rate",
  "schedule_iterations",
  "schedule_interval",
  "schedule_factor",
  "batch_size",
  "min_length",
  "max_length",
];

/** Values of settings by name. */
type Values = Readonly<Record<string, unknown>>;

/** What a resumed run changes: the values before and after. */
export type Difference = Pick<Change, "from" | "to">;

/**
 * Reads the settings of a run from its config.json.
 *
 * @throws UsageError if there is no such folder, no run in it, or its config is not valid.
 */
export function readRunConfig(run: string): Settings & { readonly seed: number } {
  const [config, name] = [join(run, "config.json"), visibleLine(run)];
  try {
    if (!statSync(run).isDirectory()) throw noRun(`the file ${name}`);
    statSync(config);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message, path } = error as NodeJS.ErrnoException;
    const absent = path === run ? "which is not there" : "which has no config.json";
    throw noRun(code === "ENOENT" ? `${name}, ${absent}` : `${name} (${message})`);
  }
  const settings = settingsOfRun(config);
  const { seed } = settings;
  if (seed === undefined) throw noRun(`${name}, whose config.json has no seed`);
  return { ...settings, seed };
}

function noRun(got: string): UsageError {
  return new UsageError(`expected the folder of a run, got ${got}`);
}

/**
 * Resolves the settings of a run that resumes: those requested now, with the run's seed and backend as defaults.
 *
 * @throws UsageError that lists every difference that would change the results, unless `change` allows it.
 */
export function resumeSettings(folder: string, recorded: Settings, requested: Settings): Settings {
  const settings = {
    ...requested,
    seed: requested.seed ?? recorded.seed,
    backend: requested.backend === "auto" ? recorded.backend : requested.backend,
  };
  checkSameRun(folder, recorded, settings, settings.change ? MAY_CHANGE_ON_REQUEST : []);
  return settings;
}

/**
 * Finds what a resumed run changes in the results: what `change` allows, and the task's file.
 *
 * @returns undefined if nothing changes.
 */
export function changesOf(recorded: Settings, settings: Settings): Difference | undefined {
  const [before, after] = [recorded, settings].map(resultSettings);
  const names = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  if (names.length === 0) return undefined;
  const pick = (values: Values) =>
    Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
  return { from: pick(before) as Record<string, FlagValue>, to: pick(after) as Record<string, FlagValue> };
}

/** The settings that determine the results and may differ from the run's. */
function resultSettings(settings: Settings): Values {
  const values: Values = settings;
  const changeable = MAY_CHANGE_ON_REQUEST.map((name) => [name, values[name]] as const);
  return { ...Object.fromEntries(changeable), task: settings.task, task_sha256: settings.task_file?.sha256 };
}

/**
 * Checks that a checkpoint is of a run.
 *
 * @param path - path of the checkpoint.
 * @param checkpoint - the config in its state, and its step.
 * @param settings - the run's settings, before what this process changes.
 * @throws UsageError that lists every difference.
 */
export function checkCheckpoint(
  path: string,
  { config, step }: { readonly config: object; readonly step: number },
  settings: Settings,
): void {
  checkSameRun(path, { ...config }, settingsAt(settings, settings.changes ?? [], step));
}

/**
 * Throws a UsageError that lists every difference between settings, except those that may change on resume.
 *
 * @param allowed - names of further settings that may change.
 */
export function checkSameRun(
  folder: string,
  recorded: Values,
  requested: Values,
  allowed: readonly string[] = [],
): void {
  // Settings that only one of two tasks, networks or optimizers has are not compared.
  const selected = ["task", "network", "optimizer"].map((name) => [name, recorded[name] ?? requested[name]] as const);
  const names: string[] = recordedFlags(Object.fromEntries(selected)).map(({ name }) => name);
  const [before, after] = [recorded, requested].map((values) => comparable(values, names));
  const different = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => ![...MAY_CHANGE, ...allowed].includes(name) && before[name] !== after[name],
  );
  if (different.length === 0) return;
  const both = (name: string) => `${formatSetting(before[name])} recorded, ${formatSetting(after[name])} requested`;
  const lines = labelled(different.map((name) => [name, both(name)])).map((line) => `\n  ${line}`);
  const hint = different.every((name) => MAY_CHANGE_ON_REQUEST.includes(name)) ? "; --change allows it" : "";
  throw new UsageError(
    `${visibleLine(folder)} holds a run of other parameters; nothing was changed there${hint}:${lines.join("")}`,
  );
}

/** Returns the settings to compare: flags with their defaults, those of the task, and lessons as text. */
function comparable(values: Values, names: readonly string[]): Values {
  const flags = names.map((name) => {
    const flag = flagNamed(name);
    return [name, values[name] ?? (flag && defaultOf(values, flag))] as const;
  });
  const own = hasOwnFlags(values.task) ? ((values.task_flags ?? {}) as object) : {};
  const lessons = ["lessons", "promotion"].map((name) => [name, values[name] && JSON.stringify(values[name])]);
  return { ...Object.fromEntries(flags), ...Object.fromEntries(lessons), ...own };
}

/** Formats a setting as on the command line; the one in a checkpoint may be any value. */
function formatSetting(value: unknown): string {
  return typeof value === "string" ? visibleLine(value) : value === undefined ? "undefined" : formatValue(value);
}
