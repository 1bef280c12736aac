import { formatValue } from "../terminal/format-value.js";
import { UsageError } from "../usage-error.js";
import type { Flag } from "./flag.js";
import { notAPath } from "./path-flag.js";

export type FlagValue = string | number | boolean;

/** The largest float32. */
const MAX_FLOAT32 = 3.4028234e38;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Parses a word of the command line.
 *
 * @param label - beginning of the error message: `--memory_size`.
 * @throws UsageError if it is not a value of the flag.
 */
export function valueFromText(flag: Flag, text: string, label: string): FlagValue {
  checkedWord(text, label);
  const isNumber = flag.kind === "integer" || flag.kind === "number";
  return checkedValue(flag, isNumber && DECIMAL.test(text) ? Number(text) : text, label);
}

/**
 * Checks that a word is not a flag, as if its value were missing. A file with such a name can be given with `./` before it.
 *
 * @throws UsageError if it is a flag.
 */
export function checkedWord(word: string, label: string): string {
  if (!word.startsWith("--") && word !== "-h") return word;
  throw new UsageError(`${label}: expected a value, got the flag ${formatValue(word).slice(1, -1)}`);
}

/**
 * Parses a value for each flag of a table; default: the flag's.
 *
 * @param words - by flag name; `true` for a switch.
 * @throws UsageError on the first that is wrong.
 */
export function valuesFromWords(
  flags: readonly Flag[],
  words: Readonly<Record<string, string | true>>,
): Record<string, FlagValue | undefined> {
  const values = flags.map((flag) => {
    const word = words[flag.name];
    if (word === undefined) return [flag.name, flag.default] as const;
    return [flag.name, word === true || valueFromText(flag, word, `--${flag.name}`)] as const;
  });
  return Object.fromEntries(values);
}

/**
 * Checks a value of a flag. Nothing is converted, except -0 to 0, because JSON would not keep it.
 *
 * @throws UsageError with what was expected and what it got.
 */
export function checkedValue(flag: Flag, value: unknown, label: string): FlagValue {
  if (isValue(flag, value)) {
    if (flag.kind === "text" && flag.isPath) checkPath(value as string, flag.valueDescription, label);
    if (flag.kind === "number" && value !== 0 && Math.fround(value as number) === 0)
      throw new UsageError(
        `${label}: expected ${expectation(flag)} in float32, got ${formatValue(value)}, which is 0 there`,
      );
    return value === 0 ? 0 : value; // not -0
  }
  throw new UsageError(`${label}: expected ${expectation(flag)}, got ${formatValue(value)}`);
}

/**
 * Checks the name of a file or folder, from the command line or a config file.
 *
 * @param what - what was expected, in words.
 * @throws UsageError if it is empty, a URL, a flag or contains a zero byte.
 */
export function checkPath(path: string, what: string, label: string): void {
  if (path === "" || path.includes("\0")) throw new UsageError(`${label}: expected ${what}, got ${formatValue(path)}`);
  const wrong = notAPath(path);
  if (wrong !== undefined) throw new UsageError(`${label}: expected ${what}, got ${wrong}`);
}

function isValue(flag: Flag, value: unknown): value is FlagValue {
  switch (flag.kind) {
    case "switch":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && flag.choices.includes(value);
    case "text":
      return typeof value === "string" && value !== "" && !value.includes("\0");
    default: {
      if (typeof value !== "number" || (flag.kind === "integer" && !Number.isSafeInteger(value))) return false;
      const aboveMin = flag.exclusiveMin ? value > flag.min : value >= flag.min;
      return aboveMin && value <= (flag.max ?? MAX_FLOAT32);
    }
  }
}

/** Describes the values of a flag. */
export function expectation(flag: Flag): string {
  switch (flag.kind) {
    case "switch":
      return "true or false";
    case "choice":
      return `one of ${flag.choices.join(", ")}`;
    case "text":
      return flag.valueDescription;
    default: {
      const noun = flag.kind === "integer" ? "an integer" : "a number";
      if (flag.max !== undefined) return `${noun} from ${flag.min} to ${flag.max}`;
      return `${noun} ${flag.exclusiveMin ? "above" : "of at least"} ${flag.min}`;
    }
  }
}
