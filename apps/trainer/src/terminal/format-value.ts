import { visibleJson } from "./visible.js";

/** Maximum nesting of a displayed value: untrusted values must not overflow the stack. */
const MAX_DEPTH = 16;

/** Formats a value for an error message: as JSON, truncated, on one line and without control characters. */
export function formatValue(value: unknown): string {
  if (value === "" || value === undefined) return "nothing";
  if (isDeeper(value, MAX_DEPTH)) return Array.isArray(value) ? "a deep array" : "a deep object";
  const text = typeof value === "number" ? String(value) : visibleJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
