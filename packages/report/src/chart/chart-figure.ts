import { type Html, html } from "../html.js";
import { base64 } from "../images/base64.js";
import { fileName } from "../page/file-name.js";
import { utf8 } from "../tensorboard/bytes.js";
import { downsample } from "./curve.js";
import { describeSeries, unitAndScale } from "./describe.js";
import { drawChart } from "./line-chart.js";
import type { ChartMark } from "./marks.js";
import { lastX, plot } from "./plot.js";
import { type Scale, scaleFor } from "./scale.js";
import { type ChartSeries, valuesOf } from "./series.js";

/** Maximum number of parts of a curve whose values the page shows and saves. */
const MAX_BUCKETS = 2000;

/** Contents of a chart on the page. */
export interface ChartFigure {
  readonly title: string;
  readonly unit: string;
  /** Unit of the horizontal axis; default: iterations. */
  readonly along?: "iterations" | "seconds";
  /** The curves, at least one. */
  readonly series: readonly ChartSeries[];
  /** Vertical axis; default: chosen from the values. */
  readonly scale?: Scale;
  /** Formats a value in the description. */
  readonly format: (value: number) => string;
  readonly size: "large" | "small";
  /** Places on the horizontal axis where something begins; default: none. */
  readonly marks?: readonly ChartMark[];
}

/** Renders a chart as a figure of the page. It scales to any width; its text keeps its size. */
export function chartFigure(figure: ChartFigure): Html {
  const { title, unit, along = "iterations", series, scale, format, size, marks = [] } = figure;
  const axis = scale ?? scaleFor(valuesOf(series));
  const description = describeSeries(title, along.slice(0, -1), series, format);
  return html`<figure class="chart ${size}" data-file="${fileName(title)}">
<figcaption>${title} <small>${unitAndScale(unit, axis)}</small><span class="save">${svgLink(figure, axis)}</span></figcaption>
<div class="plot" tabindex="0" role="img" aria-label="${description}" data-chart="${JSON.stringify(chartData(series, axis, along))}"><svg aria-hidden="true">
${plot(series, axis, marks)}
</svg></div>
<p class="across">${along}</p>
</figure>`;
}

/** Renders a link that saves the chart as an SVG file. */
function svgLink({ title, unit, along, series, marks = [] }: ChartFigure, scale: Scale): Html {
  const svg = drawChart({ title, unit, xLabel: along }, series, {
    scale,
    hasLegend: series.length > 1,
    marks,
  }).toString();
  const url = `data:image/svg+xml;base64,${base64(utf8(svg))}`;
  return html`<a download="${fileName(title)}.svg" href="${url}">SVG</a>`;
}

/** Collects what the script of the page needs to show values and to save them as CSV. */
function chartData(series: readonly ChartSeries[], { range, kind }: Scale, along: string): object {
  return {
    along: along.slice(0, -1),
    across: lastX(series),
    range: range.map(rounded),
    kind,
    series: series.map(({ name, points, deviations }) => {
      const shown = downsample(points, MAX_BUCKETS);
      const places = deviations && new Map(points.map((point, index) => [point, index]));
      return {
        name,
        x: shown.map(({ x }) => x),
        y: shown.map(({ y }) => rounded(y)),
        ...(places && { deviation: shown.map((point) => rounded(deviations[places.get(point) as number])) }),
      };
    }),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
