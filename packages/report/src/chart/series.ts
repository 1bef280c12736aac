import { checkPoints } from "../checks.js";
import type { Point } from "./curve.js";

/** A curve of a chart with several: one run, or the mean of some. */
export type ChartSeries = {
  /** Name in the legend. */
  readonly name: string;
  /** Points of the curve, at least one, with finite coordinates, ascending in x from at least 0. */
  readonly points: readonly Point[];
  /** Half the height of the band around the curve at each point, such as a standard deviation; default: no band. */
  readonly deviations?: readonly number[] | undefined;
  /** Thin curves behind it, such as the runs of a mean; default: none. */
  readonly runs?: readonly (readonly Point[])[] | undefined;
};

/** Number of different colours; further series repeat them as dashed lines. */
export const SERIES_COLOURS = 7;

/**
 * Returns the classes of a series, which determine its colour and whether it is dashed.
 *
 * @param index - position of the series in the chart, from 0.
 */
export function seriesClass(index: number): string {
  return `c${(index % SERIES_COLOURS) + 1}${index % (2 * SERIES_COLOURS) < SERIES_COLOURS ? "" : " dashed"}`;
}

/**
 * @throws TypeError if `series` is not an array; RangeError if it is empty, or the points of one are not valid or do not have a
 *   deviation each.
 */
export function checkSeries(series: readonly ChartSeries[]): void {
  if (!Array.isArray(series)) throw new TypeError(`series: expected a list of series, got ${series}`);
  if (series.length === 0) throw new RangeError("series: expected at least one, got none");
  series.forEach(({ points, deviations, runs = [] }: ChartSeries, index) => {
    const name = `series[${index}]`;
    checkPoints(points, `${name}.points`);
    runs.forEach((run, place) => {
      checkPoints(run, `${name}.runs[${place}]`);
    });
    if (deviations !== undefined && deviations.length !== points.length)
      throw new RangeError(
        `${name}.deviations: expected one for each of ${points.length} points, got ${deviations.length}`,
      );
    deviations?.forEach((deviation, place) => {
      if (!Number.isFinite(deviation) || deviation < 0)
        throw new RangeError(`${name}.deviations[${place}]: expected a finite number of at least 0, got ${deviation}`);
    });
  });
}

/** Lists the values that the vertical axis of a chart must include: those of all curves. */
export function valuesOf(series: readonly ChartSeries[]): readonly number[] {
  return series.flatMap(({ points, runs = [] }) => [...points, ...runs.flat()].map(({ y }) => y));
}
