import type { Point } from "../chart/curve.js";
import { linearScale, type Scale, scaleFor } from "../chart/scale.js";
import { type ChartSeries, SERIES_COLOURS, valuesOf } from "../chart/series.js";
import { meanCurve } from "../compare/mean-curve.js";
import { formatMeasurement, formatPercentage } from "../format.js";
import { DEFAULT_LOSS_UNIT } from "../loss-unit.js";
import type { Sweep, SweptRun } from "./sweep.js";
import type { SettingGroup } from "./sweep-numbers.js";

/** Largest number of settings with curves: each has another colour, or a dashed line of one. */
export const MAX_CURVES = 2 * SERIES_COLOURS;

/** Most runs whose own curves are shown behind the means: more of them hide each other. */
const MAX_THIN_CURVES = 100;

/** A quantity over the iterations. */
type Quantity = "loss" | "exact_match" | "gradient_norm";

/** A chart of curves by setting. */
export type SweepChart = {
  readonly title: string;
  readonly unit: string;
  readonly format: (value: number) => string;
  readonly scale: Scale;
  readonly series: readonly ChartSeries[];
};

/**
 * Computes the charts of a sweep: loss, exact match and gradient norm, each a mean by setting with a band of one deviation.
 *
 * The mean and the deviation are those of the runs that trained to their end; of a setting without one, those of all its runs. Where the
 * settings have at most 100 runs, all of these are thin lines, also those that were stopped or failed. A quantity that no run has is left
 * out.
 *
 * @param sweep - the sweep.
 * @param groups - its settings, the best first; at most 14 have curves.
 */
export function sweepCharts(
  { lossUnit }: Pick<Sweep, "lossUnit">,
  groups: readonly SettingGroup[],
): readonly SweepChart[] {
  const percentage = (value: number) => `${Math.round(100 * value)}%`;
  const charts: readonly (Omit<SweepChart, "series" | "scale"> & { quantity: Quantity; scale?: Scale })[] = [
    { quantity: "loss", title: "Loss", unit: lossUnit ?? DEFAULT_LOSS_UNIT, format: formatMeasurement },
    {
      ...{ quantity: "exact_match", title: "Exact match", unit: "sequences without an error" },
      ...{ format: formatPercentage, scale: linearScale(0, 1, percentage) },
    },
    { quantity: "gradient_norm", title: "Gradient norm", unit: "before clipping", format: formatMeasurement },
  ];
  const shown = groups.slice(0, MAX_CURVES);
  return charts.flatMap(({ quantity, scale, ...rest }) => {
    const series = shown.flatMap((group) => seriesOf(group, quantity, hasThinCurves(shown)) ?? []);
    return series.length === 0 ? [] : [{ ...rest, series, scale: scale ?? scaleFor(valuesOf(series)) }];
  });
}

/** Whether the runs of the settings that have curves are shown by themselves too. */
export function hasThinCurves(groups: readonly SettingGroup[]): boolean {
  return groups.slice(0, MAX_CURVES).reduce((sum, { runs }) => sum + runs.length, 0) <= MAX_THIN_CURVES;
}

function seriesOf({ label, runs }: SettingGroup, quantity: Quantity, hasRuns: boolean): ChartSeries | undefined {
  const curvesOf = (some: readonly SweptRun[]) =>
    some.map((run) => pointsOf(run, quantity)).filter(({ length }) => length > 0);
  const all = curvesOf(runs);
  if (all.length === 0) return undefined;
  const finished = curvesOf(runs.filter(({ status }) => status === "finished"));
  const mean = meanCurve(label, finished.length > 0 ? finished : all);
  return { ...mean, runs: hasRuns && all.length > 1 ? all : undefined };
}

function pointsOf({ metrics }: SweptRun, quantity: Quantity): readonly Point[] {
  return metrics.reports.flatMap(({ step, [quantity]: value }) => (value === undefined ? [] : [{ x: step, y: value }]));
}
