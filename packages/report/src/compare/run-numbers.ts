import type { MetricsRecord } from "../metrics.js";
import type { ComparedRun } from "./comparison.js";

/** Exact match from which a run counts as having learned its task. */
const LEARNED = 0.99;

/** Returns the last report of a run. */
export function lastReport({ metrics }: Pick<ComparedRun, "metrics">): MetricsRecord {
  return metrics.reports[metrics.reports.length - 1];
}

/** Returns the mean speed of a run in iterations per second; undefined if it is not known. */
export function speedOf(run: ComparedRun): number | undefined {
  const { step, seconds } = lastReport(run);
  return seconds === undefined || seconds <= 0 ? undefined : step / seconds;
}

/** Returns the iteration of the first report with an exact match of at least 99%; undefined if there is none. */
export function iterationsToLearn(run: Pick<ComparedRun, "metrics">): number | undefined {
  return reportOfLearning(run)?.step;
}

/** Returns the first report with an exact match of at least 99%; undefined if there is none. */
export function reportOfLearning({ metrics }: Pick<ComparedRun, "metrics">): MetricsRecord | undefined {
  return metrics.reports.find(({ exact_match: exactMatch }) => (exactMatch ?? 0) >= LEARNED);
}
