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
  /** Unit of the horizontal axis. */
  readonly along: "iterations" | "seconds";
  readonly format: (value: number) => string;
  readonly scale: Scale;
  readonly series: readonly ChartSeries[];
};

/** What a chart shows. */
type Plan = Omit<SweepChart, "series" | "scale"> & { readonly quantity: Quantity; readonly scale?: Scale };

/**
 * Computes the charts of a sweep: loss, exact match and gradient norm, each a mean by setting with a band of one deviation. If runs end
 * after some minutes, loss and exact match are shown by time first.
 *
 * The mean and the deviation are those of the runs that trained to their end; of a setting without one, those of all its runs. Where the
 * settings have at most 100 runs, all of these are thin lines, also those that were stopped or failed. A quantity that no run has is left
 * out.
 *
 * @param sweep - the sweep.
 * @param groups - its settings, the best first; at most 14 have curves.
 */
export function sweepCharts(
  { lossUnit, minutes }: Pick<Sweep, "lossUnit" | "minutes">,
  groups: readonly SettingGroup[],
): readonly SweepChart[] {
  const percentage = (value: number) => `${Math.round(100 * value)}%`;
  const learning: readonly Omit<Plan, "along">[] = [
    { quantity: "loss", title: "Loss", unit: lossUnit ?? DEFAULT_LOSS_UNIT, format: formatMeasurement },
    {
      ...{ quantity: "exact_match", title: "Exact match", unit: "sequences without an error" },
      ...{ format: formatPercentage, scale: linearScale(0, 1, percentage) },
    },
  ];
  const byTime = learning.map((chart): Plan => ({ ...chart, title: `${chart.title} by time`, along: "seconds" }));
  const charts: readonly Plan[] = [
    ...(minutes === undefined ? [] : byTime),
    ...learning.map((chart): Plan => ({ ...chart, along: "iterations" })),
    {
      ...{ quantity: "gradient_norm", title: "Gradient norm", unit: "before clipping" },
      ...{ format: formatMeasurement, along: "iterations" },
    },
  ];
  const shown = groups.slice(0, MAX_CURVES);
  return charts.flatMap(({ quantity, scale, ...rest }) => {
    const pointsIn = (run: SweptRun) => pointsOf(run, quantity, rest.along);
    const series = shown.flatMap((group) => seriesOf(group, pointsIn, hasThinCurves(shown)) ?? []);
    return series.length === 0 ? [] : [{ ...rest, series, scale: scale ?? scaleFor(valuesOf(series)) }];
  });
}

/** Whether the runs of the settings that have curves are shown by themselves too. */
export function hasThinCurves(groups: readonly SettingGroup[]): boolean {
  return groups.slice(0, MAX_CURVES).reduce((sum, { runs }) => sum + runs.length, 0) <= MAX_THIN_CURVES;
}

function seriesOf(
  { label, runs }: SettingGroup,
  pointsIn: (run: SweptRun) => readonly Point[],
  hasRuns: boolean,
): ChartSeries | undefined {
  const curvesOf = (some: readonly SweptRun[]) => some.map(pointsIn).filter(({ length }) => length > 0);
  const all = curvesOf(runs);
  if (all.length === 0) return undefined;
  const finished = curvesOf(runs.filter(({ status }) => status === "finished"));
  const mean = meanCurve(label, finished.length > 0 ? finished : all);
  return { ...mean, runs: hasRuns && all.length > 1 ? all : undefined };
}

function pointsOf({ metrics }: SweptRun, quantity: Quantity, along: SweepChart["along"]): readonly Point[] {
  return metrics.reports.flatMap(({ step, seconds, [quantity]: value }) => {
    const x = along === "iterations" ? step : seconds;
    // Milliseconds are more than can be seen.
    return value === undefined || x === undefined ? [] : [{ x: Number(x.toFixed(3)), y: value }];
  });
}
