import { checkInteger, checkPoints } from "../checks.js";
import { type Html, html } from "../html.js";
import type { Point } from "./curve.js";
import { describeSeries, unitAndScale } from "./describe.js";
import type { ChartMark } from "./marks.js";
import { plot } from "./plot.js";
import { type Scale, scaleFor } from "./scale.js";
import { type ChartSeries, checkSeries, seriesClass, valuesOf } from "./series.js";

/** Margins around the curve, in pixels: the title is above it, the labels of its axes to the left and below. */
const MARGIN = { top: 44, right: 24, bottom: 48, left: 64 } as const;

/** Minimum width and height, in pixels. */
const MIN_SIDE = 160;

/** Height of a line of the legend, in pixels. */
const LEGEND_LINE = 20;

/** Colours of the series, on white and on dark paper; told apart with any colour vision. */
const COLOURS = ["#1a8f98", "#d55e00", "#5b5bd6", "#b8860b", "#c2559d", "#3a9d5d", "#7a7f85"] as const;

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
  ".mark{stroke:currentColor;opacity:.5;stroke-dasharray:4 4}",
  "path{fill:none;stroke:#1a8f98;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;vector-effect:non-scaling-stroke}",
  ".dot{stroke-width:8}",
  ".run{stroke-width:1;opacity:.35}",
  ".dashed{stroke-dasharray:6 5}",
  ...COLOURS.map((colour, index) => `.c${index + 1}{stroke:${colour}}`),
  ...COLOURS.map((colour, index) => `.band.c${index + 1}{fill:${colour};fill-opacity:.18;stroke:none}`),
  ".band.faint{fill-opacity:.09}",
].map((rule) => `.line-chart ${rule}`);

/** Contents and size of a line chart: either `points` for one curve, or `series` for several. */
export type LineChartOptions = {
  /** Heading of the chart. */
  readonly title: string;
  /** Unit or meaning of the values, shown after the title. */
  readonly unit?: string | undefined;
  /** Label of the horizontal axis; default: "iterations". */
  readonly xLabel?: string | undefined;
  /** Points of the only curve, at least one, with finite coordinates, ascending in x from at least 0. */
  readonly points?: readonly Point[] | undefined;
  /** Curves with names, at least one; the legend shows the names. */
  readonly series?: readonly ChartSeries[] | undefined;
  /** Width in pixels, at least 160; default: 640. */
  readonly width?: number | undefined;
  /** Height in pixels without the legend, at least 160; default: 320. */
  readonly height?: number | undefined;
};

/**
 * Draws a curve, or several, as a self-contained SVG, to use as a file or as part of a page.
 *
 *     const svg = lineChart({ title: "Loss", unit: "nats per sequence", points: [{ x: 0, y: 11 }, { x: 100, y: 4 }] });
 *
 * The vertical axis is logarithmic if all values are positive and the highest is more than 20 times the lowest,
 * otherwise linear and includes 0. If a curve has more than 800 points, the extremes of 400 equal parts are drawn. Bands are
 * cut at the edges of the chart.
 *
 * @param options - contents and size of the chart.
 * @returns the text of an `<svg>` element; everything that comes from the options is escaped.
 * @throws RangeError if there are no points, one is not finite or out of order, or the size is too small; TypeError if there
 *   are both points and series.
 */
export function lineChart(options: LineChartOptions): string {
  const { title, points, series } = options;
  if (series === undefined) {
    checkPoints(points as readonly Point[]);
    return drawChart(options, [{ name: title, points: points as readonly Point[] }], {}).toString();
  }
  if (points !== undefined) throw new TypeError("points: expected none next to series, got some");
  checkSeries(series);
  return drawChart(options, series, { hasLegend: true }).toString();
}

/** Options of `drawChart`. */
interface DrawOptions {
  /** Vertical axis; default: chosen from the values. */
  readonly scale?: Scale;
  /** Whether it has a legend; default: false. */
  readonly hasLegend?: boolean;
  /** Places on the horizontal axis where something begins; default: none. */
  readonly marks?: readonly ChartMark[];
}

/** Renders checked series as `lineChart`, with an axis of one's choice. */
export function drawChart(
  { title, unit, xLabel = "iterations", width = 640, height = 320 }: Omit<LineChartOptions, "points" | "series">,
  series: readonly ChartSeries[],
  { scale = scaleFor(valuesOf(series)), hasLegend = false, marks = [] }: DrawOptions,
): Html {
  checkInteger("width", width, MIN_SIDE);
  checkInteger("height", height, MIN_SIDE);
  const [across, down] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const description = describeSeries(title, xLabel, series);
  const total = height + (hasLegend ? LEGEND_LINE * series.length : 0);
  const legend = series.map(({ name }, index) => {
    const y = height + LEGEND_LINE * index;
    return html`<path class="curve ${seriesClass(index)}" d="M${MARGIN.left} ${y}h28"/><text x="${MARGIN.left + 36}" y="${y}" dy=".32em">${name}</text>
`;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="line-chart" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" role="img" aria-label="${description}"><title>${description}</title>
<style>${STYLE.join("\n")}</style>
<text class="title" x="${MARGIN.left}" y="24">${title} <tspan class="unit">${unitAndScale(unit, scale)}</tspan></text>
<svg x="${MARGIN.left}" y="${MARGIN.top}" width="${across}" height="${down}" overflow="visible">
${plot(series, scale, marks)}
</svg>
<text x="${MARGIN.left + across / 2}" y="${height - 10}" text-anchor="middle">${xLabel}</text>
${hasLegend && legend}</svg>
`;
}
