import type { Point } from "../chart/curve.js";
import type { ChartSeries } from "../chart/series.js";
import { statistics } from "./statistics.js";

/**
 * Computes the mean of curves and their sample standard deviation, at the points of the curve that ends first.
 *
 * Curves that have other points are interpolated linearly. The mean ends where the first curve does: after that it would be
 * one of other runs.
 *
 * @param curves - at least one, each with at least one point, ascending in x.
 * @param name - name of the series.
 */
export function meanCurve(name: string, curves: readonly (readonly Point[])[]): ChartSeries {
  if (curves.length === 1) return { name, points: curves[0] };
  const begin = Math.max(...curves.map((points) => points[0].x));
  const shortest = curves.reduce((a, b) => (lastOf(b) < lastOf(a) ? b : a));
  const steps = shortest.map(({ x }) => x).filter((x) => x >= begin);
  if (steps.length === 0) steps.push(lastOf(shortest));
  const readers = curves.map(interpolate);
  const found = steps.map((x) => ({ x, ...(statistics(readers.map((read) => read(x))) ?? { mean: 0, deviation: 0 }) }));
  return {
    name,
    points: found.map(({ x, mean }) => ({ x, y: mean })),
    deviations: found.map(({ deviation = 0 }) => deviation),
    runs: curves,
  };
}

function lastOf(points: readonly Point[]): number {
  return points[points.length - 1].x;
}

/** Returns a function that reads a curve at ascending places; outside its points it is constant. */
function interpolate(points: readonly Point[]): (x: number) => number {
  let index = 0;
  return (x) => {
    while (index < points.length - 1 && points[index + 1].x <= x) index++;
    const [before, after] = [points[index], points[index + 1]];
    if (after === undefined || before.x >= x) return before.y;
    return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x);
  };
}
