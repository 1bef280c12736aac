import type { Criterion } from "@dnc/settings";

/** The means of a report that a criterion can be compared with. */
export interface ReportedMeans {
  readonly step: number;
  readonly loss: number;
  readonly exact_match?: number | undefined;
}

/**
 * Finds the first report whose sequences met the bound of a criterion.
 *
 * @param reports - reports of a run, the first one first.
 * @param criterion - a metric and its bound.
 * @param bits - bits in a unit of the reported loss: 1 if it is in bits, 1 / ln 2 if it is in nats.
 * @returns the step; undefined if there is none, or reports do not have the metric.
 */
export function firstMet(
  reports: readonly ReportedMeans[],
  { metric, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Criterion,
  bits: number,
): number | undefined {
  const metricOf = ({ loss, exact_match: exactMatch = Number.NaN }: ReportedMeans): number => {
    if (metric === "exact match") return exactMatch;
    return metric === "bits per sequence" ? loss * bits : Number.NaN;
  };
  return reports.find((report) => metricOf(report) >= atLeast && metricOf(report) <= atMost)?.step;
}
