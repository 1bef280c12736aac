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

export type { CommandLineWords };

/** Maximum length of a config file. */
const MOST_BYTES = 2 ** 20;

const NAMES = FLAGS.map(({ name }) => name);

/** Where a value came from, and how an error names it. */
interface Given {
  readonly value: FlagValue;
  readonly label: string;
  /** The later source wins: 1 the run to resume, 2 a config file, 3 the command line. */
  readonly rank: number;
}

/**
 * Resolves the settings of a run: the command line's, else a config file's, else those of the run that `resume` names, else
 * the defaults. They are checked one by one and together.
 *
 * @throws UsageError on the first that is wrong.
 */
export function resolveSettings(words: CommandLineWords, configFile?: string): Settings {
  const run = typeof words.resume === "string" ? configOf(words.resume) : undefined;
  const given = new Map([
    ...(run === undefined ? [] : givenIn(run, readRunSettings(run), 1)),
    ...(configFile === undefined ? [] : givenIn(configFile, readConfig(configFile, "--config"), 2)),
  ]);
  // The command line chose another task: a file's settings of its own task do not matter.
  for (const name of given.keys())
    if (words.task !== undefined && !belongsTo(String(words.task), flagNamed(name) as Flag)) given.delete(name);
  for (const [name, word] of Object.entries(words)) {
    const flag = flagNamed(name);
    if (!flag) throw new Error(`no flag is named ${name}`);
    given.set(name, { value: valueFromWord(flag, word, `--${name}`), label: `--${name}`, rank: 3 });
  }
  return settled(given);
}

/**
 * Reads the settings in a run's config.json, with defaults for all others.
 *
 * @throws UsageError on the first that is wrong.
 */
export function settingsOfRun(configFile: string): Settings {
  return settled(new Map(givenIn(configFile, readRunSettings(configFile), 1)));
}

function givenIn(file: string, values: Record<string, FlagValue>, rank: number): [name: string, Given][] {
  return Object.entries(values).map(([name, value]) => [name, { value, label: `${visibleLine(file)}: ${name}`, rank }]);
}

function settled(given: ReadonlyMap<string, Given>): Settings {
  const settings = Object.fromEntries(
    FLAGS.map((flag) => [flag.name, given.get(flag.name)?.value ?? flag.default]),
  ) as Settings;
  checkTogether(settings, given);
  return settings;
}

/** The config file of a run to resume. */
function configOf(folder: string): string {
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

/** Reads a run's settings without those that say where to write and how to show it, which are for this process to choose. */
function readRunSettings(path: string): Record<string, FlagValue> {
  const values = Object.entries(readConfig(path));
  return Object.fromEntries(values.filter(([name]) => !NOT_RECORDED.includes(name)));
}

/** @param label - names the file in errors; default: its path. */
function readConfig(path: string, label?: string): Record<string, FlagValue> {
  const text = readPlainFile(path, { most: MOST_BYTES, strict: true, ...(label === undefined ? {} : { label }) });
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

function checkTogether(settings: Settings, given: ReadonlyMap<string, Given>): void {
  for (const flag of FLAGS as readonly Flag[]) {
    const label = given.get(flag.name)?.label;
    if (label && !belongsTo(settings.task, flag))
      throw new UsageError(`${label}: expected only with task ${flag.onlyFor}, got it with task ${settings.task}`);
  }
  checkOrder("min_length", "max_length", settings, given);
  checkOrder("min_repeats", "max_repeats", settings, given);
  checkSizes(modelConfigOf(settings));
}

/** Blames the bound that the user gave last, never a default. */
function checkOrder(
  low: "min_length" | "min_repeats",
  high: "max_length" | "max_repeats",
  settings: Settings,
  given: ReadonlyMap<string, Given>,
): void {
  if (settings[low] <= settings[high]) return;
  const blamed = (given.get(high)?.rank ?? 0) > (given.get(low)?.rank ?? 0) ? high : low;
  const [other, relation] = blamed === high ? [low, "at least"] : [high, "at most"];
  const label = given.get(blamed)?.label;
  throw new UsageError(`${label}: expected ${relation} ${other} (${settings[other]}), got ${settings[blamed]}`);
}
