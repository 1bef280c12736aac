import { formatValue, visibleLine } from "@dnc/report";
import type { Machine } from "../machine.js";
import { isTaskFile } from "../task/is-task-file.js";
import { hasOwnFlags } from "../task/names.js";
import { UsageError } from "../usage-error.js";
import { checkCombination, isDeep, type SourcedValue } from "./check-combination.js";
import type { Flag } from "./flag.js";
import { type CommandLineWords, checkedValue, type FlagValue, valueFromWord } from "./flag-value.js";
import { checkRecord, isRecordKey, type RunRecord, type TaskFlags } from "./run-record.js";
import { scheduleDefaults, settingsOfOtherSchedules } from "./schedule.js";
import { unknownName } from "./suggest.js";
import { belongsTo, defaultOf, FLAGS, flagNamed, NOT_RECORDED, type Settings } from "./train-flags.js";

const NAMES = FLAGS.map(({ name }) => name);

/** An object of settings under the names of flags, as JSON holds it. */
export interface SettingsObject {
  /** What holds it, for errors, such as the name of a file. */
  readonly label: string;
  /** The parsed JSON, of any kind. */
  readonly values: unknown;
}

/** The settings of a preset. */
export interface NamedPreset {
  /** Name of the preset. */
  readonly name: string;
  /** Its settings, as its file has them. */
  readonly settings: unknown;
}

/** Where the settings of a run come from. */
export interface SettingsSources {
  /** Words of a command line by flag name; default: none. */
  readonly words?: CommandLineWords | undefined;
  /** Flags that `dnc train` does not know, for the task; default: none. */
  readonly taskFlags?: TaskFlags | undefined;
  /** A config file; default: none. */
  readonly config?: SettingsObject | undefined;
  /** A preset; default: none. */
  readonly preset?: NamedPreset | undefined;
  /** The config.json of a run, or the same in a checkpoint's state.json; default: none. */
  readonly run?: SettingsObject | undefined;
}

/** Checked contents of an object of settings: values of flags, and the run's record. */
interface CheckedObject {
  readonly label: string;
  readonly values: Readonly<Record<string, FlagValue>>;
  readonly record: RunRecord;
}

/**
 * Resolves and checks the settings of a run. Each comes from the first of these sources that has it: the command line,
 * the config file, the preset, the run, the defaults. The path of a task file becomes absolute.
 *
 * @param sources - the sources; without any, all settings are defaults.
 * @param machine - the machine on which the settings are used; default: a page, whose memory is not known.
 * @returns a value for each flag, and the run's record.
 * @throws UsageError for the first that is not valid.
 */
export function resolveSettings(
  { words = {}, taskFlags = {}, config, preset, run }: SettingsSources = {},
  machine: Machine = {},
): Settings {
  const runObject = run && recordedObject(checkedObject(run));
  const configObject = config && checkedObject(config);
  const presetObject = preset && checkedObject({ label: `the preset ${preset.name}`, values: preset.settings });
  const given = new Map([...valuesIn(runObject, 1), ...valuesIn(presetObject, 2), ...valuesIn(configObject, 3)]);
  checkPresetTask(preset?.name, presetObject, words.task ?? configObject?.values.task);
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
  const record = {
    ...{ ...runObject?.record, ...presetObject?.record, ...configObject?.record },
    ...(preset && { preset: preset.name }),
  };
  // A file may be in another place now; any other task has other flags.
  const isMoved = isTaskFile(words.task) && isTaskFile(recordedTask);
  const isOtherTask = words.task !== undefined && words.task !== recordedTask && !isMoved;
  const isOther = isOtherTask && hasOwnFlags(recordedTask);
  if (configObject?.record.task_flags && !isOther && !hasOwnFlags(given.get("task")?.value)) {
    const got = given.get("task")?.value ?? flagNamed("task")?.default;
    throw new UsageError(
      `${configObject.label}: task_flags: expected only with a task that has flags of its own, got it with task ${got}`,
    );
  }
  const used = {
    ...record,
    ...taskRecord(isOther ? {} : record, taskFlags),
    ...(isOtherTask && { preset: undefined, lessons: undefined, promotion: undefined }),
  };
  return withDefaults(given, used, machine);
}

/** Returns the parts of a record that belong to a task; flags that are given replace those of files. */
function taskRecord({ task_file, task_flags }: RunRecord, given: TaskFlags): RunRecord {
  const flags = { ...task_flags, ...given };
  return { task_file, task_flags: Object.keys(flags).length > 0 ? flags : undefined };
}

/** Throws a UsageError if a preset is given with the task of another. */
function checkPresetTask(
  preset: string | undefined,
  config: CheckedObject | undefined,
  task: FlagValue | undefined,
): void {
  if (config === undefined || task === undefined || task === config.values.task) return;
  throw new UsageError(
    `--preset: expected only with its task, got ${preset}, whose task is ${config.values.task}, with task ${task}`,
  );
}

function valuesIn(object: CheckedObject | undefined, priority: number): [name: string, SourcedValue][] {
  if (object === undefined) return [];
  const { label, values } = object;
  return Object.entries(values).map(([name, value]) => [name, { value, label: `${label}: ${name}`, priority }]);
}

function withDefaults(
  given: ReadonlyMap<string, SourcedValue>,
  record: RunRecord,
  { absolutePath, memory }: Machine,
): Settings {
  const task = given.get("task")?.value;
  const selection = { task, optimizer: given.get("optimizer")?.value };
  const values = FLAGS.map((flag) => [flag.name, given.get(flag.name)?.value ?? defaultOf(selection, flag)] as const);
  const { lessons, promotion, ...rest } = record;
  const used = given.get("no_lessons")?.value === true ? rest : { ...rest, lessons, promotion };
  const known = Object.entries(used).filter(([, value]) => value !== undefined);
  const named = { ...Object.fromEntries(values), ...Object.fromEntries(known) } as Settings;
  const controller = named.controller === "lstm" && isDeep(named) ? "deep-lstm" : named.controller;
  const settings = { ...named, controller };
  checkCombination(settings, given, memory);
  return {
    ...settings,
    ...scheduleDefaults(settings),
    task: isTaskFile(task) && absolutePath ? absolutePath(task) : settings.task,
  };
}

/** Returns an object of a run without the settings of where it is written and how it is displayed, which belong to a process. */
function recordedObject({ label, values, record }: CheckedObject): CheckedObject {
  const recorded = Object.entries(values).filter(([name]) => !NOT_RECORDED.includes(name));
  return { label, values: Object.fromEntries(recorded), record };
}

/** Checks an object of settings. */
function checkedObject({ label, values: parsed }: SettingsObject): CheckedObject {
  const file = visibleLine(label);
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
  return { label: file, values, record };
}
