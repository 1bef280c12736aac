import { visibleJson } from "./visible.js";

/** Values that are nested deeper are not shown: they may come from anywhere, and a stack has an end. */
const MAX_DEPTH = 16;

/** A value as an error message shows it: JSON, cut where it gets long, on one line and without control characters. */
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
