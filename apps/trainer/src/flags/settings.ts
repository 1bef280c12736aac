import { lstatSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { readPlainFile } from "@dnc/runs/read";
import { checkSizes } from "../model/sizes.js";
import { readPreset } from "../preset/preset.js";
import { builtInTask } from "../task/built-in.js";
import { isTaskFile } from "../task/file/is-task-file.js";
import { hasOwnFlags } from "../task/names.js";
import { UsageError } from "../usage-error.js";
import type { Flag } from "./flag.js";
import { type CommandLineWords, checkedValue, checkPathWord, type FlagValue, valueFromWord } from "./flag-value.js";
import { modelConfigOf } from "./model-config.js";
import { checkRecord, isRecordKey, type RunRecord, type TaskFlags } from "./run-record.js";
import { checkSchedule, scheduleDefaults, settingsOfOtherSchedules } from "./schedule.js";
import { unknownName } from "./suggest.js";
import { belongsTo, defaultOf, FLAGS, flagNamed, isUsed, NOT_RECORDED, type Settings } from "./train-flags.js";

/** Maximum length of a config file. */
const MAX_BYTES = 2 ** 20;

const NAMES = FLAGS.map(({ name }) => name);

/** A value with its source. */
interface SourcedValue {
  readonly value: FlagValue;
  /** Name of the value in errors. */
  readonly label: string;
  /** Priority of the source: 1 for the run to resume, 2 for a preset, 3 for a config file, 4 for the command line. */
  readonly priority: number;
}

/** Contents of a config file: values of flags, and the run's record. */
type Config = { readonly values: Record<string, FlagValue>; readonly record: RunRecord };

/**
 * Resolves and checks the settings of a run. Each comes from the first of these sources that has it: the command line,
 * the config file, the preset, the run that `resume` names, the defaults. The path of a task file becomes absolute.
 *
 * @param words - words of the command line by flag name.
 * @param configFile - path of the config file; default: none.
 * @param taskFlags - flags that the trainer does not know, for the task; default: none.
 * @param preset - name of a preset; default: none.
 * @throws UsageError for the first that is not valid.
 */
export function resolveSettings(
  words: CommandLineWords,
  configFile?: string,
  taskFlags: TaskFlags = {},
  preset?: string,
): Settings {
  const run = typeof words.resume === "string" ? configFileOf(words.resume) : undefined;
  const runConfig = run === undefined ? undefined : readRunSettings(run);
  const config = configFile === undefined ? undefined : readConfig(configFile, "--config");
  const presetConfig = preset === undefined ? undefined : readPresetConfig(preset);
  const given = new Map([
    ...(runConfig === undefined ? [] : valuesIn(run as string, runConfig.values, 1)),
    ...(presetConfig === undefined ? [] : valuesIn(`the preset ${preset}`, presetConfig.values, 2)),
    ...(config === undefined ? [] : valuesIn(configFile as string, config.values, 3)),
  ]);
  checkPresetTask(preset, presetConfig, words.task ?? config?.values.task);
  const recordedTask = given.get("task")?.value;
  // If the command line has another task, settings in files that it does not have are ignored.
  for (const name of given.keys())
    if (words.task !== undefined && !belongsTo(String(words.task), flagNamed(name) as Flag)) given.delete(name);
  for (const setting of ["network", "optimizer"] as const)
    for (const name of given.keys()) {
      const { onlyWith } = flagNamed(name) as Flag;
      if (words[setting] !== undefined && onlyWith?.[0] === setting && onlyWith[1] !== words[setting])
        given.delete(name);
    }
  for (const name of settingsOfOtherSchedules(words.learning_rate_schedule)) given.delete(name);
  for (const [name, word] of Object.entries(words)) {
    const flag = flagNamed(name);
    if (!flag) throw new Error(`no flag is named ${name}`);
    given.set(name, { value: valueFromWord(flag, word, `--${name}`), label: `--${name}`, priority: 4 });
  }
  const record = { ...runConfig?.record, ...presetConfig?.record, ...config?.record, ...(preset && { preset }) };
  // A file may be in another place now; any other task has other flags.
  const isMoved = isTaskFile(words.task) && isTaskFile(recordedTask);
  const isOtherTask = words.task !== undefined && words.task !== recordedTask && !isMoved;
  const isOther = isOtherTask && hasOwnFlags(recordedTask);
  if (config?.record.task_flags && !isOther && !hasOwnFlags(given.get("task")?.value)) {
    const got = given.get("task")?.value ?? flagNamed("task")?.default;
    throw new UsageError(
      `${visibleLine(configFile as string)}: task_flags: expected only with a task that has flags of its own, got it with task ${got}`,
    );
  }
  return withDefaults(given, {
    ...record,
    ...taskRecord(isOther ? {} : record, taskFlags),
    ...(isOtherTask && { preset: undefined, lessons: undefined, promotion: undefined }),
  });
}

/** Returns the parts of a record that belong to a task; flags that are given replace those of files. */
function taskRecord({ task_file, task_flags }: RunRecord, given: TaskFlags): RunRecord {
  const flags = { ...task_flags, ...given };
  return { task_file, task_flags: Object.keys(flags).length > 0 ? flags : undefined };
}

/** Reads the settings of a preset. */
function readPresetConfig(name: string): Config {
  return configOf(readPreset(name).settings, `the preset ${name}`);
}

/** Throws a UsageError if a preset is given with the task of another. */
function checkPresetTask(preset: string | undefined, config: Config | undefined, task: FlagValue | undefined): void {
  if (config === undefined || task === undefined || task === config.values.task) return;
  throw new UsageError(
    `--preset: expected only with its task, got ${preset}, whose task is ${config.values.task}, with task ${task}`,
  );
}

/**
 * Reads the settings in a run's config.json, with defaults for all others.
 *
 * @throws UsageError for the first that is not valid.
 */
export function settingsOfRun(configFile: string): Settings {
  const { values, record } = readRunSettings(configFile);
  return withDefaults(new Map(valuesIn(configFile, values, 1)), record);
}

function valuesIn(file: string, values: Record<string, FlagValue>, priority: number): [name: string, SourcedValue][] {
  const label = (name: string) => `${visibleLine(file)}: ${name}`;
  return Object.entries(values).map(([name, value]) => [name, { value, label: label(name), priority }]);
}

function withDefaults(given: ReadonlyMap<string, SourcedValue>, record: RunRecord): Settings {
  const task = given.get("task")?.value;
  const selection = { task, optimizer: given.get("optimizer")?.value };
  const values = FLAGS.map((flag) => [flag.name, given.get(flag.name)?.value ?? defaultOf(selection, flag)] as const);
  const { lessons, promotion, ...rest } = record;
  const used = given.get("no_lessons")?.value === true ? rest : { ...rest, lessons, promotion };
  const known = Object.entries(used).filter(([, value]) => value !== undefined);
  const named = { ...Object.fromEntries(values), ...Object.fromEntries(known) } as Settings;
  const controller = named.controller === "lstm" && isDeep(named) ? "deep-lstm" : named.controller;
  const settings = { ...named, controller };
  checkCombination(settings, given);
  return {
    ...settings,
    ...scheduleDefaults(settings),
    task: isTaskFile(task) ? resolve(task) : settings.task,
  };
}

/** Returns the path of the config file of a run to resume. */
function configFileOf(folder: string): string {
  checkPathWord(folder, "the folder of a run", "--resume");
  const path = join(folder, "config.json");
  const expected = "--resume: expected the folder of a run, got";
  try {
    if (lstatSync(path, { throwIfNoEntry: false })) return path;
  } catch (error) {
    throw new UsageError(`${expected} ${formatValue(path)} (${(error as Error).message})`);
  }
  throw new UsageError(`${expected} ${visibleLine(folder)}, which has no config.json`);
}

/** Reads a run's settings without those of where it is written and how it is displayed, which belong to a process. */
function readRunSettings(path: string): Config {
  const { values, record } = readConfig(path);
  const recorded = Object.entries(values).filter(([name]) => !NOT_RECORDED.includes(name));
  return { values: Object.fromEntries(recorded), record };
}

/** Reads and checks the settings in a config file, which `label` names in errors; default: its path. */
function readConfig(path: string, label?: string): Config {
  const text = readPlainFile(path, { most: MAX_BYTES, strict: true, ...(label === undefined ? {} : { label }) });
  const file = visibleLine(path);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: expected JSON, got ${(error as Error).message.replaceAll(/\s+/g, " ")}`);
  }
  return configOf(parsed, file);
}

/** Checks the contents of a config file; `file` names it in errors. */
function configOf(parsed: unknown, file: string): Config {
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`${file}: expected an object of flag names and values, got ${formatValue(parsed)}`);
  }
  const values: Record<string, FlagValue> = {};
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parsed)) {
    if (isRecordKey(key)) {
      checkRecord(key, value, `${file}: ${key}`);
      record[key] = value;
      continue;
    }
    const flag = flagNamed(key);
    if (!flag) throw new UsageError(`${file}: ${unknownName("config key", key, NAMES, { command: "train" })}`);
    if (key === "resume")
      throw new UsageError(`${file}: resume: expected only on the command line, got it in a config file`);
    values[key] = checkedValue(flag, value, `${file}: ${key}`);
  }
  return { values, record };
}

function checkCombination(settings: Settings, given: ReadonlyMap<string, SourcedValue>): void {
  for (const flag of FLAGS as readonly Flag[]) {
    const label = given.get(flag.name)?.label;
    if (label && !belongsTo(settings.task, flag))
      throw new UsageError(`${label}: expected only with task ${flag.onlyFor}, got it with task ${settings.task}`);
    if (label && flag.onlyWith && !isUsed(settings, flag)) {
      const [setting, value] = flag.onlyWith;
      throw new UsageError(`${label}: expected only with ${setting} ${value}, got it with ${settings[setting]}`);
    }
  }
  checkNetwork(settings, given);
  checkOrder("min_length", "max_length", settings, given);
  checkOrder("min_repeats", "max_repeats", settings, given);
  checkSchedule(settings, (name) => given.get(name)?.label);
  // The sizes of a file's task are checked when it was loaded.
  const source = builtInTask(settings.task);
  if (!source) return;
  const { network, task } = modelConfigOf(settings, source);
  checkSizes(network, source.create(task));
}

/** Whether a DNC's LSTM has several layers. */
function isDeep({ network, layers = 1 }: Settings): boolean {
  return network === "dnc" && layers > 1;
}

/** Checks that layers are given only for an LSTM, and sharpness only with links. */
function checkNetwork(settings: Settings, given: ReadonlyMap<string, SourcedValue>): void {
  const { controller, sharpness, no_links: noLinks } = settings;
  if (isDeep(settings) && !controller.endsWith("lstm")) {
    const expected = "expected 1 unless controller is lstm or deep-lstm";
    throw new UsageError(`${given.get("layers")?.label}: ${expected}, got ${settings.layers}`);
  }
  if (sharpness && noLinks)
    throw new UsageError(`${given.get("sharpness")?.label}: expected only with links, got it with no_links`);
}

/** Checks the order of two bounds. The error names the one from the source of higher priority, never a default. */
function checkOrder(
  low: "min_length" | "min_repeats",
  high: "max_length" | "max_repeats",
  settings: Settings,
  given: ReadonlyMap<string, SourcedValue>,
): void {
  const [min, max] = [settings[low], settings[high]];
  if (min === undefined || max === undefined || min <= max) return;
  const wrong = (given.get(high)?.priority ?? 0) > (given.get(low)?.priority ?? 0) ? high : low;
  const [other, relation] = wrong === high ? [low, "at least"] : [high, "at most"];
  const label = given.get(wrong)?.label;
  throw new UsageError(`${label}: expected ${relation} ${other} (${settings[other]}), got ${settings[wrong]}`);
}
