import { lstatSync } from "node:fs";
import { join } from "node:path";
import { formatValue, visibleLine } from "@dnc/report";
import { readPlainFile } from "@dnc/runs/read";
import { checkSizes } from "../model/sizes.js";
import { UsageError } from "../usage-error.js";
import type { Flag } from "./flag.js";
import { type CommandLineWords, checkedValue, checkPathWord, type FlagValue, valueFromWord } from "./flag-value.js";
import { modelConfigOf } from "./model-config.js";
import { unknownName } from "./suggest.js";
import { belongsTo, FLAGS, flagNamed, NOT_RECORDED, type Settings } from "./train-flags.js";

/** Maximum length of a config file. */
const MAX_BYTES = 2 ** 20;

const NAMES = FLAGS.map(({ name }) => name);

/** A value with its source. */
interface SourcedValue {
  readonly value: FlagValue;
  /** Name of the value in errors. */
  readonly label: string;
  /** Priority of the source: 1 for the run to resume, 2 for a config file, 3 for the command line. */
  readonly priority: number;
}

/**
 * Resolves and checks the settings of a run. Each comes from the first of these sources that has it: the command line,
 * the config file, the run that `resume` names, the defaults.
 *
 * @throws UsageError for the first that is not valid.
 */
export function resolveSettings(words: CommandLineWords, configFile?: string): Settings {
  const run = typeof words.resume === "string" ? configFileOf(words.resume) : undefined;
  const given = new Map([
    ...(run === undefined ? [] : valuesIn(run, readRunSettings(run), 1)),
    ...(configFile === undefined ? [] : valuesIn(configFile, readConfig(configFile, "--config"), 2)),
  ]);
  // If the command line has another task, settings in files that it does not have are ignored.
  for (const name of given.keys())
    if (words.task !== undefined && !belongsTo(String(words.task), flagNamed(name) as Flag)) given.delete(name);
  for (const [name, word] of Object.entries(words)) {
    const flag = flagNamed(name);
    if (!flag) throw new Error(`no flag is named ${name}`);
    given.set(name, { value: valueFromWord(flag, word, `--${name}`), label: `--${name}`, priority: 3 });
  }
  return withDefaults(given);
}

/**
 * Reads the settings in a run's config.json, with defaults for all others.
 *
 * @throws UsageError for the first that is not valid.
 */
export function settingsOfRun(configFile: string): Settings {
  return withDefaults(new Map(valuesIn(configFile, readRunSettings(configFile), 1)));
}

function valuesIn(file: string, values: Record<string, FlagValue>, priority: number): [name: string, SourcedValue][] {
  const label = (name: string) => `${visibleLine(file)}: ${name}`;
  return Object.entries(values).map(([name, value]) => [name, { value, label: label(name), priority }]);
}

function withDefaults(given: ReadonlyMap<string, SourcedValue>): Settings {
  const settings = Object.fromEntries(
    FLAGS.map((flag) => [flag.name, given.get(flag.name)?.value ?? flag.default]),
  ) as Settings;
  checkCombination(settings, given);
  return settings;
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
function readRunSettings(path: string): Record<string, FlagValue> {
  const values = Object.entries(readConfig(path));
  return Object.fromEntries(values.filter(([name]) => !NOT_RECORDED.includes(name)));
}

/** Reads and checks the settings in a config file, which `label` names in errors; default: its path. */
function readConfig(path: string, label?: string): Record<string, FlagValue> {
  const text = readPlainFile(path, { most: MAX_BYTES, strict: true, ...(label === undefined ? {} : { label }) });
  const file = visibleLine(path);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: expected JSON, got ${(error as Error).message.replaceAll(/\s+/g, " ")}`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`${file}: expected an object of flag names and values, got ${formatValue(parsed)}`);
  }
  const values: Record<string, FlagValue> = {};
  for (const [key, value] of Object.entries(parsed)) {
    const flag = flagNamed(key);
    if (!flag) throw new UsageError(`${file}: ${unknownName("config key", key, NAMES, { command: "train" })}`);
    if (key === "resume")
      throw new UsageError(`${file}: resume: expected only on the command line, got it in a config file`);
    values[key] = checkedValue(flag, value, `${file}: ${key}`);
  }
  return values;
}

function checkCombination(settings: Settings, given: ReadonlyMap<string, SourcedValue>): void {
  for (const flag of FLAGS as readonly Flag[]) {
    const label = given.get(flag.name)?.label;
    if (label && !belongsTo(settings.task, flag))
      throw new UsageError(`${label}: expected only with task ${flag.onlyFor}, got it with task ${settings.task}`);
  }
  checkOrder("min_length", "max_length", settings, given);
  checkOrder("min_repeats", "max_repeats", settings, given);
  checkSizes(modelConfigOf(settings));
}

/** Checks the order of two bounds. The error names the one from the source of higher priority, never a default. */
function checkOrder(
  low: "min_length" | "min_repeats",
  high: "max_length" | "max_repeats",
  settings: Settings,
  given: ReadonlyMap<string, SourcedValue>,
): void {
  if (settings[low] <= settings[high]) return;
  const wrong = (given.get(high)?.priority ?? 0) > (given.get(low)?.priority ?? 0) ? high : low;
  const [other, relation] = wrong === high ? [low, "at least"] : [high, "at most"];
  const label = given.get(wrong)?.label;
  throw new UsageError(`${label}: expected ${relation} ${other} (${settings[other]}), got ${settings[wrong]}`);
}
