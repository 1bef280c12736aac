import { checkInteger, checkPoints } from "./checks.js";
import { downsample, type Point, pathOf, SIDE } from "./curve.js";
import { formatMeasurement } from "./format.js";
import { type Html, html } from "./html.js";
import { type Scale, scaleFor, tightScale } from "./scale.js";

/**
 * Maximum number of parts of a curve of which the lowest and the highest point are drawn; more than the pixels of a
 * chart.
 */
const MAX_BUCKETS = 400;

/** Margins around the curve, in pixels: the title is above it, the labels of its axes to the left and below. */
const MARGIN = { top: 44, right: 24, bottom: 48, left: 64 } as const;

/** Minimum width and height, in pixels. */
const MIN_SIDE = 160;

/**
 * Styles for light and dark pages: the SVG takes the text colour of the page that it is part of. They affect no other
 * element.
 */
const STYLE = [
  "text{font:12px system-ui,sans-serif;fill:currentColor}",
  ".title{font-weight:600;font-size:14px}",
  ".unit{font-weight:400;opacity:.7}",
  ".grid,.line-chart .tick{stroke:currentColor;opacity:.15}",
  ".axis{stroke:currentColor;opacity:.6}",
  "path{fill:none;stroke:#1a8f98;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;vector-effect:non-scaling-stroke}",
  ".dot{stroke-width:8}",
].map((rule) => `.line-chart ${rule}`);

/** Contents and size of a line chart. */
export type LineChartOptions = {
  /** Heading of the chart. */
  readonly title: string;
  /** Unit or meaning of the values, shown after the title. */
  readonly unit?: string | undefined;
  /** Label of the horizontal axis; default: "iterations". */
  readonly xLabel?: string | undefined;
  /** Points of the curve, at least one, with finite coordinates, ascending in x from at least 0. */
  readonly points: readonly Point[];
  /** Width in pixels, at least 160; default: 640. */
  readonly width?: number | undefined;
  /** Height in pixels, at least 160; default: 320. */
  readonly height?: number | undefined;
};

/**
 * Draws a curve as a self-contained SVG, to use as a file or as part of a page.
 *
 *     const svg = lineChart({ title: "Loss", unit: "nats per sequence", points: [{ x: 0, y: 11 }, { x: 100, y: 4 }] });
 *
 * The vertical axis is logarithmic if all values are positive and the highest is more than 20 times the lowest,
 * otherwise linear and includes 0. If there are more than 800 points, the extremes of 400 equal parts are drawn.
 *
 * @param options - contents and size of the chart.
 * @returns the text of an `<svg>` element; everything that comes from the options is escaped.
 * @throws RangeError if there are no points, one is not finite or out of order, or the size is too small.
 */
export function lineChart(options: LineChartOptions): string {
  const { title, unit, xLabel = "iterations", points, width = 640, height = 320 } = options;
  checkPoints(points);
  checkInteger("width", width, MIN_SIDE);
  checkInteger("height", height, MIN_SIDE);
  const scale = scaleFor(points.map(({ y }) => y));
  const [across, down] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const description = describeCurve(title, xLabel, points);
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="line-chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}"><title>${description}</title>
<style>${STYLE.join("\n")}</style>
<text class="title" x="${MARGIN.left}" y="24">${title} <tspan class="unit">${unitAndScale(unit, scale)}</tspan></text>
<svg x="${MARGIN.left}" y="${MARGIN.top}" width="${across}" height="${down}" overflow="visible">
${plot(points, scale)}
</svg>
<text x="${MARGIN.left + across / 2}" y="${height - 10}" text-anchor="middle">${xLabel}</text>
</svg>
`.toString();
}

/** Contents of a chart on the page. */
export interface ChartFigure {
  readonly title: string;
  readonly unit: string;
  /** Points of the curve, at least one. */
  readonly points: readonly Point[];
  /** Vertical axis; default: chosen from the values. */
  readonly scale?: Scale;
  /** Formats a value in the description. */
  readonly format: (value: number) => string;
  readonly size: "large" | "small";
}

/** Renders a chart as a figure of the page. It scales to any width; its text keeps its size. */
export function chartFigure({ title, unit, points, scale, format, size }: ChartFigure): Html {
  const axis = scale ?? scaleFor(points.map(({ y }) => y));
  const description = describeCurve(title, "iteration", points, format);
  return html`<figure class="chart ${size}">
<figcaption>${title} <small>${unitAndScale(unit, axis)}</small></figcaption>
<div class="plot"><svg role="img" aria-label="${description}"><title>${description}</title>
${plot(points, axis)}
</svg></div>
<p class="across">iterations</p>
</figure>`;
}

/** Renders the grid, the axes with their labels and the curve, filling the enclosing `<svg>`. */
function plot(points: readonly Point[], scale: Scale): Html {
  const across = tightScale(0, points[points.length - 1].x);
  const places = downsample(points, MAX_BUCKETS).map(({ x, y }) => ({ x: across.at(x), y: scale.at(y) }));
  const rows = scale.ticks.map(({ value, label }) => {
    const y = percent(1 - scale.at(value));
    return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy=".32em" text-anchor="end">${label}</text>`;
  });
  const columns = across.ticks.map(({ value, label }) => {
    const x = percent(across.at(value));
    return html`<line class="tick" x1="${x}" x2="${x}" y1="100%" y2="100%" /><text x="${x}" y="100%" dy="1.5em" text-anchor="middle">${label}</text>`;
  });
  return html`<g aria-hidden="true">${rows}${columns}<line class="axis" x1="0" x2="100%" y1="100%" y2="100%"/></g>
<svg viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" width="100%" height="100%"><path class="${places.length === 1 ? "dot" : "curve"}" d="${pathOf(places)}"/></svg>`;
}

function describeCurve(
  title: string,
  x: string,
  points: readonly Point[],
  format: (value: number) => string = formatMeasurement,
): string {
  const [first, last] = [points[0], points[points.length - 1]];
  return `${title} by ${x}: ${format(first.y)} at ${first.x}, ${format(last.y)} at ${last.x}`;
}

function unitAndScale(unit: string | undefined, { kind }: Scale): string {
  return [unit, kind === "logarithmic" ? kind : undefined].filter((part) => part !== undefined).join(", ");
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(2))}%`;
}
