import { formatValue } from "@dnc/report";
import { UsageError } from "@dnc/settings";

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Checks that a value of a sweep's file is an object with known keys.
 *
 * @param label - beginning of the error message: file and key.
 * @param keys - the keys that it may have; default: any.
 * @throws UsageError if it is none, or has another key.
 */
export function objectAt(label: string, value: unknown, keys?: readonly string[]): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw expected(label, keys ? `an object with ${keys.join(", ")}` : "an object", value);
  const unknown = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw expected(label, `only the keys ${keys?.join(", ")}`, unknown);
  return value as JsonObject;
}

/**
 * Checks an integer.
 *
 * @param label - beginning of the error message.
 * @param bounds - `min`: least value, default: 1; `max`: largest value, default: 2^31 - 1.
 * @throws UsageError if it is none, or out of bounds.
 */
export function integerAt(
  label: string,
  value: unknown,
  { min = 1, max = 2 ** 31 - 1 }: { readonly min?: number; readonly max?: number } = {},
): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw expected(label, `an integer from ${min} to ${max}`, value);
}

/**
 * Checks a number above 0.
 *
 * @throws UsageError if it is none, or not finite.
 */
export function positiveAt(label: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw expected(label, "a number above 0", value);
}

/**
 * Checks one of several words.
 *
 * @throws UsageError if it is none of them.
 */
export function wordAt<Word extends string>(label: string, value: unknown, words: readonly Word[]): Word {
  if (words.includes(value as Word)) return value as Word;
  throw expected(label, `one of ${words.join(", ")}`, value);
}

/** Creates the error for a value: `sweep.json: seeds: expected X, got Y`. */
export function expected(label: string, what: string, value: unknown): UsageError {
  return new UsageError(`${label}: expected ${what}, got ${value === undefined ? "nothing" : formatValue(value)}`);
}
