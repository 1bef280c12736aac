import { formatMeasurement } from "../format.js";
import type { Scale } from "./scale.js";
import type { ChartSeries } from "./series.js";

/** Describes the curves of a chart in words: their values at the beginning and at the end. */
export function describeSeries(
  title: string,
  x: string,
  series: readonly ChartSeries[],
  format: (value: number) => string = formatMeasurement,
): string {
  const ends = series.map(({ name, points }) => {
    const [first, last] = [points[0], points[points.length - 1]];
    return `${series.length > 1 ? `${name} ` : ""}${format(first.y)} at ${first.x}, ${format(last.y)} at ${last.x}`;
  });
  return `${title} by ${x}: ${ends.join("; ")}`;
}

/** Joins the unit of a chart with the kind of its axis, if that is logarithmic. */
export function unitAndScale(unit: string | undefined, { kind }: Scale): string {
  return [unit, kind === "logarithmic" ? kind : undefined].filter((part) => part !== undefined).join(", ");
}
