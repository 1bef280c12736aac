import { isReport, recordIn } from "../report-line.js";
import type { ReportRecord } from "../reporters/reporter.js";

/** One report of a run, as far as its page shows it. */
export type MetricsReport = Pick<
  ReportRecord,
  "step" | "loss" | "exact_match" | "gradient_norm" | "iterations" | "iterations_per_second" | "seconds"
>;

/** What metrics.jsonl tells. */
export interface Metrics {
  /** By step, each step once. */
  readonly reports: readonly MetricsReport[];
  /** What ended the run before its time, if something did: the last thing that happened. */
  readonly error: string | undefined;
}

/** Reads metrics.jsonl. What is no report is passed over; of a step that comes again the later line counts. */
export function readMetrics(text: string): Metrics {
  const reports: MetricsReport[] = [];
  let error: string | undefined;
  for (const line of text.split("\n")) {
    const record = recordIn(line);
    if (typeof record?.error === "string") error = record.error;
    if (!record || !isReport(record)) continue;
    const report = record as unknown as MetricsReport;
    // A run that was resumed repeats what its last checkpoint did not know of. Steps ascend: those to drop are the last.
    while ((reports.at(-1)?.step ?? Number.NEGATIVE_INFINITY) >= report.step) reports.pop();
    reports.push(report);
    error = undefined;
  }
  return { reports, error };
}
