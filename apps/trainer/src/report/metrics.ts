import type { ReportRecord } from "../reporters/reporter.js";

/** One report of a run, as far as its page shows it. */
export type MetricsReport = Pick<
  ReportRecord,
  "step" | "loss" | "solved" | "gradient_norm" | "iterations" | "iterations_per_second" | "seconds"
>;

/** What metrics.jsonl tells. */
export interface Metrics {
  /** By step, each step once. */
  readonly reports: readonly MetricsReport[];
  /** What ended the run before its time, if something did: the last thing that happened. */
  readonly error: string | undefined;
}

const NUMBERS = ["step", "loss", "solved", "gradient_norm", "iterations", "iterations_per_second", "seconds"] as const;

/** Reads metrics.jsonl. What is no report is passed over; of a step that comes again the later line counts. */
export function readMetrics(text: string): Metrics {
  let reports: MetricsReport[] = [];
  let error: string | undefined;
  for (const line of text.split("\n")) {
    const record = parsed(line);
    if (typeof record?.error === "string") error = record.error;
    if (!record || !NUMBERS.every((name) => Number.isFinite(record[name]))) continue;
    const report = record as unknown as MetricsReport;
    // A run that was resumed repeats what its last checkpoint did not know of.
    if (reports.length > 0 && report.step <= reports[reports.length - 1].step) {
      reports = reports.filter(({ step }) => step < report.step);
    }
    reports.push(report);
    error = undefined;
  }
  return { reports, error };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
