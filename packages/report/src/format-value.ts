import { visibleJson } from "./visible.js";

/** Maximum nesting of a displayed value: untrusted values must not overflow the stack. */
const MAX_DEPTH = 16;

/** The longest text that is shown, in characters. */
const MAX_LENGTH = 60;

/**
 * Formats a value for an error message: JSON, cut where it gets long, on one line and without invisible characters.
 *
 *     throw new RangeError(`seed: expected an integer, got ${formatValue(seed)}`);
 *
 * @param value - anything that JSON can represent, and undefined.
 * @returns at most 60 characters; `nothing` for undefined and the empty text.
 */
export function formatValue(value: unknown): string {
  if (value === "" || value === undefined) return "nothing";
  if (isDeeper(value, MAX_DEPTH)) return Array.isArray(value) ? "a deep array" : "a deep object";
  const text = typeof value === "number" ? String(value) : visibleJson(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - "...".length)}...` : text;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
