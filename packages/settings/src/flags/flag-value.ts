import { formatValue, visibleLine } from "@dnc/report";
import { isTaskFile } from "../task/is-task-file.js";
import { UsageError } from "../usage-error.js";
import { type Flag, MAX_FLOAT32 } from "./flag.js";

/** Value of a flag. */
export type FlagValue = string | number | boolean;

/** Words of the command line by flag name; `true` for a switch. */
export type CommandLineWords = Readonly<Record<string, string | true>>;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Matches a URL: a scheme and an authority, or `file:`. */
const URL_LIKE = /^([a-z][a-z0-9+.-]*:\/\/|file:)/i;

/**
 * Parses a value for each flag of a table; a flag that is not given has its default.
 *
 * @param flags - the table.
 * @param words - the words that are given.
 * @returns the values by name.
 * @throws UsageError for the first value that is not valid.
 */
export function valuesFromWords(
  flags: readonly Flag[],
  words: CommandLineWords,
): Record<string, FlagValue | undefined> {
  const parse = (flag: Flag, word = words[flag.name]) =>
    word === undefined ? flag.default : valueFromWord(flag, word, `--${flag.name}`);
  return Object.fromEntries(flags.map((flag) => [flag.name, parse(flag)]));
}

/**
 * Parses a word of the command line.
 *
 * @param label - beginning of the error message: `--memory_size`.
 * @throws UsageError if it is not a value of the flag.
 */
export function valueFromWord(flag: Flag, word: string | true, label: string): FlagValue {
  if (word === true) return true;
  checkWord(word, label);
  if (flag.kind.startsWith("switch") && ["true", "false"].includes(word)) return word === "true";
  const isNumber = ["integer", "number", "switch-or-number", "number-or-word"].includes(flag.kind);
  return checkedValue(flag, isNumber && DECIMAL.test(word) ? Number(word) : word, label);
}

/**
 * Checks that a value is not a flag, as if the value were missing. A file with such a name can be given with `./`.
 *
 * @throws UsageError if it is a flag.
 */
function checkWord(word: string, label: string): void {
  if (!word.startsWith("--") && word !== "-h") return;
  throw new UsageError(`${label}: expected a value, got the flag ${formatValue(word).slice(1, -1)}`);
}

/**
 * Checks the name of a file or folder on the command line.
 *
 * @param word - the word of the command line.
 * @param expected - description of the expected path, for errors.
 * @param label - beginning of the error message: `--config`.
 * @throws UsageError if it is a flag, or as `checkPath`.
 */
export function checkPathWord(word: string, expected: string, label: string): void {
  checkWord(word, label);
  checkPath(word, expected, label);
}

/**
 * Checks a value of a flag. Returns it unchanged, except -0 as 0, because JSON has no -0.
 *
 * @throws UsageError with the expected and the given value.
 */
export function checkedValue(flag: Flag, value: unknown, label: string): FlagValue {
  const expected = `${label}: expected ${expectation(flag)}`;
  if (!isValue(flag, value)) throw new UsageError(`${expected}, got ${formatValue(value)}`);
  if (flag.orFile && isTaskFile(value)) checkPath(value, expectation(flag), label);
  if (flag.isPath) checkPath(value as string, expectation(flag), label);
  if (typeof value === "number" && flag.kind !== "integer" && value !== 0 && Math.fround(value as number) === 0)
    throw new UsageError(`${expected} in float32, got ${formatValue(value)}, which is 0 there`);
  return value === 0 ? 0 : value; // not -0
}

/**
 * Checks the name of a file or folder, from the command line or a config file.
 *
 * @param path - the name.
 * @param expected - description of the expected path, for errors.
 * @param label - beginning of the error message: `--config`.
 * @throws UsageError if it is empty, a URL, a flag or contains a zero byte. A file with such a name can be given with `./`
 *   before it.
 */
export function checkPath(path: string, expected: string, label: string): void {
  let got: string;
  if (path === "" || path.includes("\0")) got = formatValue(path);
  else if (URL_LIKE.test(path)) got = `the URL ${visibleLine(path)}`;
  else if (path.startsWith("--")) got = `the flag ${visibleLine(path)}`;
  else return;
  throw new UsageError(`${label}: expected ${expected}, got ${got}`);
}

function isValue(
  { kind, choices, orFile, exclusiveMin, exclusiveMax, min = 0, max = MAX_FLOAT32 }: Flag,
  value: unknown,
): value is FlagValue {
  if (kind === "switch" || (kind === "switch-or-number" && typeof value === "boolean"))
    return typeof value === "boolean";
  if (kind === "choice") return choices?.includes(value as string) === true || (orFile === true && isTaskFile(value));
  if (kind === "number-or-word" && typeof value === "string") return choices?.includes(value) === true;
  if (kind === "text") return typeof value === "string" && value !== "" && !value.includes("\0");
  if (typeof value !== "number" || (kind === "integer" && !Number.isSafeInteger(value))) return false;
  const isBelow = exclusiveMax ? Math.fround(value) < max : value <= max;
  return (exclusiveMin ? value > min : value >= min) && isBelow;
}

/**
 * Describes the values that a flag accepts, for errors.
 *
 * @param flag - the flag.
 * @returns words after "expected", such as "an integer of at least 1".
 */
export function expectation(flag: Flag): string {
  const { kind, choices = [], orFile, valueDescription = "a text", exclusiveMin, exclusiveMax, min, max } = flag;
  if (kind === "switch") return "true or false";
  if (kind === "switch-or-number") return `true, false or a number from ${min} to below ${max}`;
  if (kind === "choice") return `one of ${choices.join(", ")}${orFile ? ", or a file such as ./my-task.mjs" : ""}`;
  if (kind === "number-or-word") return `${choices.join(", ")} or a number`;
  if (kind === "text") return valueDescription;
  const noun = kind === "integer" ? "an integer" : "a number";
  const from = `${exclusiveMin ? "above" : "of at least"} ${min}`;
  if (max === undefined) return `${noun} ${from}`;
  if (exclusiveMax) return `${noun} from ${min} to below ${max}`;
  return exclusiveMin ? `${noun} ${from} and at most ${max}` : `${noun} from ${min} to ${max}`;
}
