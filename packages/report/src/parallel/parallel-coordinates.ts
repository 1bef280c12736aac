import { checkInteger } from "../checks.js";
import { type Html, html } from "../html.js";
import { type Paint, painter } from "../locations/colours.js";
import { type ParallelAxis, type ParallelValue, type PlacedAxis, placeValues } from "./axis.js";

/** Width of a character of a label in pixels, about. */
const CHARACTER = 7;
/** Least distance of two axes in pixels: a chart with many becomes wider than asked for. */
const MIN_DISTANCE = 96;
/** Margins around the axes in pixels. Names have two lines, so that long ones of neighbours do not meet. */
const MARGIN = { top: 84, right: 72, bottom: 28, left: 72 } as const;
/** Room below the axes for the place of lines without a value, in pixels. */
const MISSING = 30;
/** Least width and height in pixels. */
const MIN_SIDE = 240;
/** Longest label of a tick in characters. */
const MAX_TICK = 16;
/** Opacity of the worst line and of the best. */
const OPACITY = { worst: 0.18, best: 0.75, unknown: 0.45 } as const;

/** A line of `parallelCoordinates`, such as a run. */
export type ParallelLine = {
  /** Its name, which the page shows under the pointer. */
  readonly name: string;
  /** A value for each axis, in their order. */
  readonly values: readonly ParallelValue[];
};

/** Contents and size of `parallelCoordinates`. */
export type ParallelCoordinatesOptions = {
  /** Heading of the chart. */
  readonly title: string;
  /** Axes from left to right, at least two. */
  readonly axes: readonly ParallelAxis[];
  /** The lines, at least one. */
  readonly lines: readonly ParallelLine[];
  /** Which end of the last axis is better: lines that end there are stronger; default: neither. */
  readonly better?: "low" | "high" | undefined;
  /** Index of the line that stands out, such as the best; default: none. */
  readonly highlighted?: number | undefined;
  /** Width in pixels, at least 240; default: 880. The chart is wider where axes would be less than 96 pixels apart. */
  readonly width?: number | undefined;
  /** Height in pixels, at least 240; default: 420. */
  readonly height?: number | undefined;
  /**
   * Whether it becomes part of a page with the colours of `THEME`, light and dark; default: false, colours of its own on white, for a file.
   */
  readonly inPage?: boolean | undefined;
};

/**
 * Draws lines over parallel axes as a self-contained SVG: one line per run, from setting to setting to the metric on the last axis.
 *
 *     const svg = parallelCoordinates({
 *       title: "Settings and loss",
 *       axes: [{ name: "learning_rate", kind: "logarithmic" }, { name: "loss", kind: "linear" }],
 *       lines: [{ name: "a", values: [1e-3, 0.2] }, { name: "b", values: [1e-4, 0.7] }],
 *       better: "low",
 *       highlighted: 0,
 *     });
 *
 * All lines have one hue, and are stronger towards the better end of the last axis; a line without a value there is dashed. What stands
 * out differs from them in hue, width and dots, so that it can be told apart with any colour vision and in greyscale.
 *
 * Source: the form is that of Inselberg 1985, "The plane with parallel coordinates".
 *
 * @param options - contents and size of the chart.
 * @returns the text of an `<svg>` element without style sheets; the same for the same options; everything from outside is escaped. Each
 *   line is a `<path data-line="...">` with its name and its values.
 * @throws TypeError if an axis of numbers has a value that is none; RangeError if there are fewer than two axes or no line, a line has not
 *   a value per axis, a number does not fit its axis, `highlighted` is no line, or a size is too small.
 */
export function parallelCoordinates(options: ParallelCoordinatesOptions): string {
  return drawParallel(options).toString().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** Renders the chart of `parallelCoordinates` for a page, which needs no namespace. */
export function drawParallel(options: ParallelCoordinatesOptions): Html {
  const { title, axes, lines, highlighted, better, inPage = false, height = 420 } = options;
  checkOptions(options);
  const width = Math.max(options.width ?? 880, MARGIN.left + MARGIN.right + MIN_DISTANCE * (axes.length - 1));
  const distance = (width - MARGIN.left - MARGIN.right) / (axes.length - 1);
  const placed = axes.map((axis, index) =>
    placeValues(
      `axes[${index}]`,
      axis,
      lines.map(({ values }) => values[index]),
    ),
  );
  const [bottom, top] = [height - MARGIN.bottom - MISSING, MARGIN.top];
  const xOf = (axis: number) => round(MARGIN.left + distance * axis);
  const yOf = (place: number | undefined) =>
    round(place === undefined ? bottom + MISSING : bottom - place * (bottom - top));
  const paint = painter(inPage);
  const drawn = lines.map((line, index) => {
    const d = placed.map(({ places }, axis) => `${axis === 0 ? "M" : "L"}${xOf(axis)} ${yOf(places[index])}`).join("");
    return { index, line, d, last: placed[placed.length - 1].places[index] };
  });
  // The line that stands out lies over the others.
  const order = drawn.toSorted((a, b) => Number(a.index === highlighted) - Number(b.index === highlighted));
  const paths = order.map(({ index, line, d, last }) =>
    index === highlighted
      ? html`<path data-line="${describe(axes, line)}" data-best="" d="${d}" stroke="${paint("c2")}" stroke-width="3"><title>${describe(axes, line)}</title></path>${dots(d, paint)}`
      : html`<path data-line="${describe(axes, line)}" d="${d}" stroke="${paint("c1")}" stroke-opacity="${opacityOf(last, better)}"${last === undefined && html` stroke-dasharray="4 4"`}><title>${describe(axes, line)}</title></path>
`,
  );
  const frame = axes.map((axis, index) =>
    drawAxis(axis, placed[index], {
      x: xOf(index),
      top,
      bottom,
      yOf,
      distance,
      isLower: index % 2 === 1,
      place: index === 0 ? "first" : index === axes.length - 1 ? "last" : "middle",
      paint,
    }),
  );
  return html`<svg class="parallel-coordinates" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${title}: ${lines.length} lines over ${axes.map(({ name }) => name).join(", ")}"><title>${title}</title>
<rect width="100%" height="100%" fill="${paint("card")}"/>
<text x="16" y="24" font-size="14" font-weight="600" fill="${paint("ink")}">${title}</text>
<g fill="none" stroke-width="1.25" stroke-linejoin="round">
${paths}</g>
${frame}</svg>
`;
}

function checkOptions({ axes, lines, highlighted, width = 880, height = 420 }: ParallelCoordinatesOptions): void {
  if (axes.length < 2) throw new RangeError(`axes: expected at least two, got ${axes.length}`);
  if (lines.length === 0) throw new RangeError("lines: expected at least one, got none");
  lines.forEach(({ values }, index) => {
    if (values.length !== axes.length)
      throw new RangeError(
        `lines[${index}].values: expected one for each of ${axes.length} axes, got ${values.length}`,
      );
  });
  if (highlighted !== undefined) checkInteger("highlighted", highlighted, 0, lines.length - 1);
  checkInteger("width", width, MIN_SIDE);
  checkInteger("height", height, MIN_SIDE);
}

/** What `drawAxis` needs of the chart. */
type AxisLayout = {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly yOf: (place: number | undefined) => number;
  readonly distance: number;
  /** Whether its name is on the lower of the two lines for names. */
  readonly isLower: boolean;
  readonly place: "first" | "middle" | "last";
  readonly paint: Paint;
};

function drawAxis(
  { name, note, missing = "none" }: ParallelAxis,
  { ticks, places }: PlacedAxis,
  layout: AxisLayout,
): Html {
  const { x, top, bottom, yOf, distance, isLower, place, paint } = layout;
  const isMissing = places.includes(undefined);
  const labels = [
    ...ticks.map(({ at, label }) => ({ y: yOf(at), label })),
    ...(isMissing ? [{ y: yOf(undefined), label: missing }] : []),
  ].map(({ y, label }) => {
    const text = html`x="${x + 7}" y="${y}" dy=".32em"`;
    return html`<path d="M${x - 3} ${y}h6" stroke="${paint("muted")}"/><text ${text} fill="${paint("ink")}" stroke="${paint("card")}" stroke-width="3" paint-order="stroke">${cut(label, MAX_TICK)}</text>`;
  });
  const y = isLower ? top - 20 : top - 38;
  // A name at an edge ends there; others are as wide as two distances, since neighbours have another line.
  const [anchor, start] =
    place === "first" ? ["start", 16] : place === "last" ? ["end", x + MARGIN.right - 16] : ["middle", x];
  const letters = Math.floor(((place === "middle" ? 2 : 1.5) * distance) / CHARACTER) - 1;
  const edge = html`x="${start}" text-anchor="${anchor}"`;
  const below =
    note !== undefined &&
    html`<text ${edge} y="${bottom + MISSING + 20}" fill="${paint("muted")}">${cut(note, letters)}</text>`;
  return html`<g data-axis="${name}"><path d="M${x} ${top}V${bottom}" stroke="${paint("muted")}"/>${labels}<text ${edge} y="${y}" font-weight="600" fill="${paint("ink")}"><title>${name}</title>${cut(name, letters)}</text>${below}</g>
`;
}

/** Draws a dot where a line meets an axis. */
function dots(d: string, paint: Paint): Html {
  const places = d.slice(1).split("L");
  return html`${places.map((place) => {
    const [x, y] = place.split(" ");
    return html`<circle data-part="dot" cx="${x}" cy="${y}" r="4" fill="${paint("c2")}"/>`;
  })}
`;
}

function describe(axes: readonly ParallelAxis[], { name, values }: ParallelLine): string {
  const texts = axes.map((axis, index) => `${axis.name}: ${valueText(axis, values[index])}`);
  return [name, ...texts].join("\n");
}

function valueText({ missing = "none", format = String }: ParallelAxis, value: ParallelValue): string {
  if (value === undefined) return missing;
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "number" ? format(value) : value;
}

function opacityOf(place: number | undefined, better: "low" | "high" | undefined): number {
  if (place === undefined || better === undefined) return OPACITY.unknown;
  const goodness = better === "high" ? place : 1 - place;
  return Number((OPACITY.worst + (OPACITY.best - OPACITY.worst) * goodness ** 2).toFixed(2));
}

function cut(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}\u2026` : text;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
