import type { Flag } from "./flag.js";
import { UsageError } from "./usage-error.js";

export type FlagValue = string | number | boolean;

/** Beyond this a number has no float32. */
const MAX_FLOAT32 = 3.4028234e38;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value that a word of the command line stands for.
 *
 * @param label - What the sentence of an error begins with: `--memory_size`.
 * @throws UsageError if it is none of the flag's values.
 */
export function valueFromText(flag: Flag, text: string, label: string): FlagValue {
  const isNumber = flag.kind === "integer" || flag.kind === "number";
  return checkedValue(flag, isNumber && DECIMAL.test(text) ? Number(text) : text, label);
}

/**
 * A value for each flag of a table: what the command line says, or the default.
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
 * The value itself, if it is one of the flag's values: nothing is converted, but -0, which JSON would not bring back, is 0.
 *
 * @throws UsageError naming what was expected and what came.
 */
export function checkedValue(flag: Flag, value: unknown, label: string): FlagValue {
  if (isValue(flag, value)) return value === 0 ? 0 : value;
  throw new UsageError(`${label}: expected ${expectation(flag)}, got ${shown(value)}`);
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
      const aboveMin = flag.above ? value > flag.min : value >= flag.min;
      return aboveMin && value <= (flag.max ?? MAX_FLOAT32);
    }
  }
}

/** What a flag takes, in words. */
export function expectation(flag: Flag): string {
  switch (flag.kind) {
    case "switch":
      return "true or false";
    case "choice":
      return `one of ${flag.choices.join(", ")}`;
    case "text":
      return flag.what;
    default: {
      const noun = flag.kind === "integer" ? "an integer" : "a number";
      if (flag.max !== undefined) return `${noun} from ${flag.min} to ${flag.max}`;
      return `${noun} ${flag.above ? "above" : "of at least"} ${flag.min}`;
    }
  }
}

/** A value as an error message shows it: JSON, cut where it gets long. */
export function shown(value: unknown): string {
  if (value === "" || value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
