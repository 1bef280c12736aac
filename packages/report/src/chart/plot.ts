import { type Html, html } from "../html.js";
import { downsample, type Point, pathOf, SIDE } from "./curve.js";
import { type ChartMark, drawMarks } from "./marks.js";
import { type Scale, tightScale } from "./scale.js";
import { type ChartSeries, seriesClass } from "./series.js";

/**
 * Maximum number of parts of a curve of which the lowest and the highest point are drawn; more than the pixels of a
 * chart.
 */
const MAX_BUCKETS = 400;

/** Likewise for a band and for thin curves, of which there may be many. */
const MAX_BUCKETS_BEHIND = 150;

/** Most bands that are told apart where they overlap; more are fainter. */
const MAX_BANDS = 4;

/** Renders the grid, the axes with their labels and the curves, filling the enclosing `<svg>`. */
export function plot(series: readonly ChartSeries[], scale: Scale, marks: readonly ChartMark[] = []): Html {
  const across = tightScale(0, lastX(series));
  const place = ({ x, y }: Point): Point => ({ x: across.at(x), y: scale.at(y) });
  const pathFor = (points: readonly Point[], buckets: number) => pathOf(downsample(points, buckets).map(place));
  const rows = scale.ticks.map(({ value, label }) => {
    const y = percent(1 - scale.at(value));
    return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy=".32em" text-anchor="end">${label}</text>`;
  });
  const columns = across.ticks.map(({ value, label }) => {
    const x = percent(across.at(value));
    return html`<line class="tick" x1="${x}" x2="${x}" y1="100%" y2="100%"/><text x="${x}" y="100%" dy="1.5em" text-anchor="middle">${label}</text>`;
  });
  const band = series.length > MAX_BANDS ? "band faint" : "band";
  const bands = series.map((each, index) => {
    const d = bandOf(each, place, scale);
    return d === undefined ? undefined : html`<path class="${band} ${seriesClass(index)}" d="${d}"/>`;
  });
  const behind = series.map(({ runs = [] }, index) =>
    runs.map((points) => html`<path class="run ${seriesClass(index)}" d="${pathFor(points, MAX_BUCKETS_BEHIND)}"/>`),
  );
  const curves = series.map(({ points }, index) => {
    const kind = points.length === 1 ? "dot" : "curve";
    return html`<path class="${kind} ${seriesClass(index)}" d="${pathFor(points, MAX_BUCKETS)}"/>`;
  });
  return html`<g aria-hidden="true">${rows}${columns}${drawMarks(marks, (x) => percent(across.at(x)))}<line class="axis" x1="0" x2="100%" y1="100%" y2="100%"/></g>
<svg viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" width="100%" height="100%">${bands}${behind}${curves}</svg>`;
}

/** Returns the end of the horizontal axis, which begins at 0. */
export function lastX(series: readonly ChartSeries[]): number {
  return series
    .flatMap(({ points, runs = [] }) => [points, ...runs])
    .reduce((last, points) => Math.max(last, points[points.length - 1].x), 0);
}

/** Returns the outline of a band, cut at the edges of the chart; undefined if there is no band. */
function bandOf(
  { points, deviations }: ChartSeries,
  place: (point: Point) => Point,
  { range: [low, high] }: Scale,
): string | undefined {
  if (deviations === undefined || points.length < 2) return undefined;
  const every = Math.ceil(points.length / (2 * MAX_BUCKETS_BEHIND));
  const shown = points.map((_, index) => index).filter((index) => index % every === 0 || index === points.length - 1);
  const edge = (sign: 1 | -1) =>
    shown.map((index) => {
      const { x, y } = points[index];
      return place({ x, y: Math.min(high, Math.max(low, y + sign * deviations[index])) });
    });
  return `${pathOf([...edge(1), ...edge(-1).reverse()])}Z`;
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(2))}%`;
}
