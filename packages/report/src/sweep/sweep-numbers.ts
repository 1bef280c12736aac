import { iterationsToLearn, reportOfLearning } from "../compare/run-numbers.js";
import { type Statistics, statistics } from "../compare/statistics.js";
import { formatMeasurement, formatPercentage } from "../format.js";
import type { SettingValue, Sweep, SweepMetric, SweptRun, SweptSetting } from "./sweep.js";

/** Runs of a sweep that differ only in their seeds. */
export type SettingGroup = {
  /** The values of what varies: `masking on, memory_size 16`; "all runs" if nothing varies. */
  readonly label: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** The runs, at least one, in their order. */
  readonly runs: readonly SweptRun[];
  /** Metric over the runs that trained to their end; undefined if none did. */
  readonly result: (Statistics & { readonly standardError: number | undefined; readonly median: number }) | undefined;
  /** Number of runs that reached an exact match of 99% in a report; undefined if no run has an exact match. */
  readonly learned: number | undefined;
  /**
   * Iterations and seconds of training until that report: medians over all runs, where one that did not reach it is later than all that
   * did. Undefined if the median is such a run, or the runs have no such number.
   */
  readonly toLearn: { readonly step: number | undefined; readonly seconds: number | undefined };
};

/** Returns which end of a metric is better. */
export function betterEnd({ name, goal }: SweepMetric): "low" | "high" {
  return (goal ?? (name === "loss" ? "minimize" : "maximize")) === "minimize" ? "low" : "high";
}

/** Formats a value of a metric. */
export function formatMetric({ name }: SweepMetric, value: number): string {
  return name === "loss" ? formatMeasurement(value) : formatPercentage(value);
}

/** Formats a deviation or an error of a metric; that of a percentage in percentage points. */
export function formatMetricSpread({ name }: SweepMetric, value: number): string {
  const points = 100 * value;
  return name === "loss" ? formatMeasurement(value) : points.toFixed(points < 1 ? 2 : 1);
}

/** Returns the metric of a run's last report; undefined if there is none, or the run failed. */
export function metricOf({ status, metrics }: SweptRun, { name }: SweepMetric): number | undefined {
  return status === "failed" ? undefined : metrics.reports.at(-1)?.[name];
}

/**
 * Groups the runs of a sweep by their settings, in the order of their first runs. Takes time in proportion to the number of runs.
 *
 * The mean, the sample standard deviation, the standard error and the median are those of runs that trained to their end.
 *
 *     standard error = sample standard deviation / sqrt(n)
 */
export function settingGroups({ settings, metric, runs }: Sweep): readonly SettingGroup[] {
  const groups = new Map<string, SweptRun[]>();
  for (const run of runs) {
    const key = JSON.stringify(settings.map(({ name }) => run.settings[name] ?? null));
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return [...groups.values()].map((members) => ({
    label: labelOf(settings, members[0].settings),
    settings: members[0].settings,
    runs: members,
    result: resultOf(members, metric),
    learned: learnedOf(members),
    toLearn: { step: timeToLearn(members, "step"), seconds: timeToLearn(members, "seconds") },
  }));
}

/**
 * Sorts groups by the mean of their metric, the best first. Those without a result are last, in their order.
 */
export function bestFirst(groups: readonly SettingGroup[], metric: SweepMetric): readonly SettingGroup[] {
  const sign = betterEnd(metric) === "low" ? 1 : -1;
  const worst = Number.POSITIVE_INFINITY;
  const place = ({ result }: SettingGroup) => (result === undefined ? worst : sign * result.mean);
  return groups.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/**
 * Finds the best run: the one with the best metric among those that trained to their end, or if none did, among all that have one. Of
 * equal ones it is the first.
 *
 * @param sweep - its runs and its metric.
 * @returns its index in `runs`; undefined if no run has the metric.
 */
export function bestRun(sweep: Pick<Sweep, "runs" | "metric">): number | undefined {
  const { runs, metric } = sweep;
  const sign = betterEnd(metric) === "low" ? 1 : -1;
  const candidates = (isWanted: (run: SweptRun) => boolean) =>
    runs.flatMap((run, index) => {
      const value = metricOf(run, metric);
      return value !== undefined && isWanted(run) ? [{ index, value: sign * value }] : [];
    });
  const finished = candidates(({ status }) => status === "finished");
  const all = finished.length > 0 ? finished : candidates(() => true);
  if (all.length === 0) return undefined;
  return all.reduce((a, b) => (b.value < a.value ? b : a)).index;
}

/** Formats a value of a setting: on or off for a switch. */
export function formatSettingValue(value: SettingValue | undefined): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  return value ?? "\u2013";
}

function labelOf(settings: readonly SweptSetting[], values: SettingGroup["settings"]): string {
  if (settings.length === 0) return "all runs";
  return settings.map(({ name }) => `${name} ${formatSettingValue(values[name])}`).join(", ");
}

function learnedOf(runs: readonly SweptRun[]): number | undefined {
  const hasMatch = runs.some(({ metrics }) => metrics.reports.at(-1)?.exact_match !== undefined);
  return hasMatch ? runs.filter((run) => iterationsToLearn(run) !== undefined).length : undefined;
}

function timeToLearn(runs: readonly SweptRun[], unit: "step" | "seconds"): number | undefined {
  const reached = runs.map(reportOfLearning);
  if (reached.some((report) => report !== undefined && report[unit] === undefined)) return undefined;
  const median = medianOf(reached.map((report) => report?.[unit] ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(median) ? median : undefined;
}

function resultOf(runs: readonly SweptRun[], metric: SweepMetric): SettingGroup["result"] {
  const values = runs
    .filter(({ status }) => status === "finished")
    .map((run) => metricOf(run, metric))
    .filter((value) => value !== undefined);
  const found = statistics(values);
  if (!found) return undefined;
  const { deviation, count } = found;
  return {
    ...found,
    standardError: deviation === undefined ? undefined : deviation / Math.sqrt(count),
    median: medianOf(values),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
