import type { ReportRecord } from "../terminal/reporter.js";

const NUMBERS = [
  "step",
  "loss",
  "exact_match",
  "gradient_norm",
  "iterations",
  "iterations_per_second",
  "seconds",
] as const;

/** What an editor may have put before the first line, where nobody sees it; also where each byte was read as a character. */
const BYTE_ORDER_MARK = /^(\ufeff|\u00ef\u00bb\u00bf)/;

/** A line of metrics.jsonl as an object; undefined if it is none. Runs of before call the exact match `solved`. */
export function recordIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line.replace(BYTE_ORDER_MARK, ""));
    if (typeof value !== "object" || value === null) return undefined;
    const { solved, ...record } = value as Record<string, unknown>;
    return solved === undefined ? record : { exact_match: solved, ...record };
  } catch {
    // A process that was ended while writing leaves a part of a line.
    return undefined;
  }
}

/** Whether a record has all the numbers of a report; its sample may be anything. */
export function isReport(record: Readonly<Record<string, unknown>>): boolean {
  return NUMBERS.every((name) => Number.isFinite(record[name]));
}

/** The report that a line of metrics.jsonl is; undefined if it is none. */
export function reportIn(line: string): ReportRecord | undefined {
  const record = recordIn(line);
  return record !== undefined && isReport(record) ? (record as unknown as ReportRecord) : undefined;
}
