import { join } from "node:path";
import { readPlainFile } from "@dnc/runs/read";
import { lookAt } from "../files/look-at.js";
import { checkSizes } from "../model/sizes.js";
import { formatValue } from "../terminal/format-value.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { closest } from "./closest.js";
import type { Flag } from "./flag.js";
import { checkedValue, checkedWord, checkPath, type FlagValue, valueFromText } from "./flag-value.js";
import { modelConfigOf } from "./model-config.js";
import { FLAGS, flagNamed, NOT_RECORDED, type Settings } from "./train-flags.js";

/** Maximum length of a config file. */
const MOST_BYTES = 2 ** 20;

/** Where a value came from, and how an error names it. */
interface Given {
  readonly value: FlagValue;
  readonly label: string;
  /** The later source wins: 1 the run to resume, 2 a config file, 3 the command line. */
  readonly rank: number;
}

/** Words of the command line by flag name; `true` for a switch. */
export type CommandLineWords = Readonly<Record<string, string | true>>;

/**
 * Resolves the settings of a run: the command line's, else a config file's, else those of the run that `resume` names, else
 * the defaults. They are checked one by one and together.
 *
 * @throws UsageError on the first that is wrong.
 */
export function resolveSettings(words: CommandLineWords, configFile?: string): Settings {
  const given = new Map<string, Given>();
  const files = [
    ...(typeof words.resume === "string" ? [{ file: configOf(words.resume), rank: 1, isRuns: true }] : []),
    ...(configFile === undefined ? [] : [{ file: configFile, rank: 2, isRuns: false }]),
  ];
  for (const { file, rank, isRuns } of files) {
    const values = isRuns ? readRunSettings(file) : readConfig(file, "--config");
    for (const [name, value] of Object.entries(values)) {
      const flag = flagNamed(name);
      // The command line chose another task: the file's settings of its own task do not matter.
      if (words.task !== undefined && flag?.onlyFor !== undefined && flag.onlyFor !== words.task) continue;
      given.set(name, { value, label: `${visibleLine(file)}: ${name}`, rank });
    }
  }
  for (const [name, word] of Object.entries(words)) {
    const flag = flagNamed(name);
    if (!flag) throw new Error(`no flag is named ${name}`);
    const label = `--${name}`;
    given.set(name, { value: word === true || valueFromText(flag, word, label), label, rank: 3 });
  }
  return settled(given);
}

/**
 * Reads the settings in a run's config.json, with defaults for all others.
 *
 * @throws UsageError on the first that is wrong.
 */
export function settingsOfRun(configFile: string): Settings {
  const entries = Object.entries(readRunSettings(configFile)).map(
    ([name, value]) => [name, { value, label: `${visibleLine(configFile)}: ${name}`, rank: 1 }] as const,
  );
  return settled(new Map(entries));
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
  checkPath(checkedWord(folder, "--resume"), "the folder of a run", "--resume");
  const path = join(folder, "config.json");
  if (!isThere(path))
    throw new UsageError(
      `--resume: expected the folder of a run, got ${visibleLine(folder)}, which has no config.json`,
    );
  return path;
}

function isThere(path: string): boolean {
  try {
    return lookAt(path) !== undefined;
  } catch (error) {
    throw new UsageError(
      `--resume: expected the folder of a run, got ${formatValue(path)} (${(error as Error).message})`,
    );
  }
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
    if (!flag) throw new UsageError(`${file}: ${unknownKey(key)}`);
    if (key === "resume")
      throw new UsageError(`${file}: resume: expected only on the command line, got it in a config file`);
    values[key] = checkedValue(flag, value, `${file}: ${key}`);
  }
  return values;
}

/** `unknown config key "memorysize"; did you mean memory_size?`. */
function unknownKey(key: string): string {
  const names = FLAGS.map((flag) => flag.name);
  const guess = closest(key.replaceAll("-", "_").toLowerCase(), names);
  const expected = guess ? `did you mean ${guess}?` : "`dnc train --help` lists them all";
  return `unknown config key ${formatValue(key)}; ${expected}`;
}

function checkTogether(settings: Settings, given: ReadonlyMap<string, Given>): void {
  for (const { name, onlyFor } of FLAGS as readonly Flag[]) {
    const label = given.get(name)?.label;
    if (label && onlyFor !== undefined && settings.task !== onlyFor) {
      throw new UsageError(`${label}: expected only with task ${onlyFor}, got it with task ${settings.task}`);
    }
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
