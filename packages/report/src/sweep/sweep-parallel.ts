import { formatPercentage } from "../format.js";
import type { ParallelAxis } from "../parallel/axis.js";
import type { ParallelCoordinatesOptions } from "../parallel/parallel-coordinates.js";
import type { SettingValue, Sweep, SweptRun, SweptSetting } from "./sweep.js";
import { bestRun, betterEnd, metricOf } from "./sweep-numbers.js";

/** Ratio of the highest to the lowest loss above which its axis is logarithmic. */
const WIDE_RATIO = 20;

/** Title of the chart. */
export const PARALLEL_TITLE = "Settings and metric";

/**
 * Describes the chart of settings and metric: a line per run that has begun, the best highlighted. A run that failed, or has no report
 * yet, ends below the last axis.
 *
 * @returns undefined if nothing varies, or no run has begun.
 */
export function sweepParallel(sweep: Sweep): ParallelCoordinatesOptions | undefined {
  const { settings, metric, runs } = sweep;
  const begun = runs.filter(({ status }) => status !== "waiting");
  if (settings.length === 0 || begun.length === 0) return undefined;
  const best = bestRun({ runs: begun, metric });
  const values = begun.map((run) => metricOf(run, metric));
  const known = values.filter((value) => value !== undefined);
  const better = betterEnd(metric);
  const last: ParallelAxis = {
    name: metric.name,
    note: `${better === "low" ? "lower" : "higher"} is better`,
    kind: metric.name === "loss" && isWide(known) ? "logarithmic" : "linear",
    missing: begun.some(({ status }) => status === "failed") ? "failed" : "no report",
    format: metric.name === "loss" ? shortNumber : formatPercentage,
  };
  return {
    title: PARALLEL_TITLE,
    axes: [...settings.map((setting) => axisOf(setting, begun)), last],
    lines: begun.map((run, index) => ({
      name: `${run.name}${run.status === "finished" ? "" : ` (${run.status})`}`,
      values: [...settings.map(({ name }) => run.settings[name]), values[index]],
    })),
    better,
    highlighted: best,
  };
}

/** Whether positive values spread so widely that a logarithmic axis shows more. */
function isWide(values: readonly number[]): boolean {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return low > 0 && values.some((value) => value > WIDE_RATIO * low);
}

/** Chooses the axis of a setting: by size only where all its values are numbers that have a place there. */
function axisOf({ name, kind = "list" }: SweptSetting, runs: readonly SweptRun[]): ParallelAxis {
  const fits = (value: SettingValue | undefined) =>
    value === undefined || (typeof value === "number" && (kind === "linear" || value > 0));
  if (kind === "list" || !runs.every(({ settings }) => fits(settings[name]))) return { name, kind: "categories" };
  return { name, kind, ...(kind === "logarithmic" && { note: "logarithmic" }), format: shortNumber };
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
