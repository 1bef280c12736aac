import { checkInteger } from "../checks.js";
import { type Html, html } from "../html.js";
import type { TraceData } from "../images/trace-series.js";
import { ticksOf } from "../timeline/clock.js";
import { OUTPUT_PHASE, type Phase } from "../timeline/phases.js";
import { SIGNIFICANT_WEIGHT } from "../timeline/slot-order.js";
import { type ChartLayout, LEGEND_LINE, layOutChart, MAX_LABEL, MIN_WIDTH, PHASE_BAR } from "./chart-layout.js";
import { type Paint, painter } from "./colours.js";
import { headName, legendOf } from "./legend.js";
import { drawMarks, rounded } from "./marks.js";
import { type MemoryUse, memoryUse, READ_MODES } from "./memory-use.js";

const FONT = "system-ui, sans-serif";
/** Height of the numbers of slots: where rows are lower, every second, third and so on has one. */
const SLOT_LABEL = 12;
/** Room below the plot for time steps. */
const TICKS = 36;

/** Contents and size of the chart of `locationChart`. */
export type LocationChartOptions = {
  /** Heading of the chart; default: "Where the heads write and read". */
  readonly title?: string | undefined;
  /** Parts of the sequence in the order of time, above the plot; default: none. */
  readonly phases?: readonly Phase[] | undefined;
  /** Words for the time steps, such as the edge that is shown at each, above the plot; default: none. */
  readonly labels?: readonly string[] | undefined;
  /** Index of the sequence in the batch; default: 0. */
  readonly element?: number | undefined;
  /** Which slots: those in use, which have a weight of at least 0.1 at any time, or all; default: "used". */
  readonly slots?: "used" | "all" | undefined;
  /** Maximum number of slots, at least 1; default: 64. */
  readonly maxSlots?: number | undefined;
  /**
   * Width in pixels, at least 440; default: 880. The chart is less wide where time steps would be more than 56 pixels, and wider where they
   * would be less than 3, or 12 with labels.
   */
  readonly width?: number | undefined;
  /**
   * Whether it becomes part of a page with the colours of `THEME`, light and dark; default: false, colours of its own on white, for a file.
   */
  readonly inPage?: boolean | undefined;
};

/**
 * Draws where the heads of a memory write and read over one sequence as a self-contained SVG: time from left to right, a row per slot.
 *
 *     const svg = locationChart(await serializeTrace(trace), { phases: joinSteps(["bits", "bits", "output", "output"]) });
 *
 * A square is a write, a dot a read by content, a triangle a read along the links, to the right forward, to the left backward; each of a
 * weight of at least 0.1, which is its area. Of several read heads each has its colour and its place from left to right in the time
 * step. A cross is where usage falls by at least 0.1, at the beginning of the time step. Slots are in the order of their first write.
 *
 * Source: the form is that of Graves et al. 2016, Figure 3.
 *
 * @param trace - trace of a network with a memory, as plain data; it needs `writeWeights`.
 * @param options - what else is shown, and the size.
 * @returns the text of an `<svg>` element without style sheets; the same for the same arguments; everything from outside is escaped. Its
 *   `<rect data-part="plot">` is the area of the plot.
 * @throws TypeError if the trace has no write weights or an option is of the wrong kind; RangeError if quantities do not fit their shapes
 *   or each other, there is not a label for each time step, `element` is not in the batch, or a size is too small.
 */
export function locationChart(trace: TraceData, options: LocationChartOptions = {}): string {
  return drawLocations(trace, options).toString().replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** Renders the chart of `locationChart` for a page, which needs no namespace. */
export function drawLocations(trace: TraceData, options: LocationChartOptions): Html {
  const { title = "Where the heads write and read", phases = [], labels = [] } = options;
  const { width = 880, maxSlots = 64, element = 0, slots = "used", inPage = false } = options;
  checkInteger("width", width, MIN_WIDTH);
  checkInteger("maxSlots", maxSlots, 1);
  if (slots !== "used" && slots !== "all") throw new TypeError(`slots: expected used or all, got ${slots}`);
  const use = memoryUse(trace, { element });
  if (labels.length !== 0 && labels.length !== use.timeSteps)
    throw new RangeError(`labels: expected one for each of ${use.timeSteps} time steps, got ${labels.length}`);
  const candidates = slots === "all" ? use.order : usedSlots(use);
  const rows = candidates.slice(0, maxSlots);
  const layout = layOutChart(use.timeSteps, rows.length, { width, title, phases, labels });
  const paint = painter(inPage);
  const shown = ofSlots(use, new Set(rows));
  const legend = legendOf(shown, { x: layout.plot.x, width: layout.width - layout.plot.x, paint });
  const bottom = layout.plot.y + layout.plot.height + TICKS;
  const note = slotNote(rows.length, candidates.length, use.total, slots);
  const height = bottom + LEGEND_LINE * legend.lines + NOTE_LINE * note.length + 8;
  const places = { ...layout, rowOf: new Map(rows.map((slot, row) => [slot, row])) };
  return html`<svg class="location-chart" width="${layout.width}" height="${height}" viewBox="0 0 ${layout.width} ${height}" font-family="${FONT}" font-size="12" role="img" aria-label="${title}"><title>${title}</title>
<desc>${description(shown, rows.length)}</desc>
<rect width="100%" height="100%" fill="${paint("card")}"/>
<text data-part="title" x="${layout.plot.x}" y="20" font-size="14" font-weight="600" fill="${paint("ink")}">${title}</text>
${drawPhases(phases, layout, paint)}${drawLabels(labels, layout, paint)}${drawAxes(rows, use.timeSteps, layout, paint)}${drawMarks(shown, places, paint)}${legend.draw(bottom)}${noteText(note, bottom + LEGEND_LINE * legend.lines, layout, paint)}<rect data-part="plot" x="${layout.plot.x}" y="${layout.plot.y}" width="${rounded(layout.plot.width)}" height="${layout.plot.height}" fill="none" stroke="${paint("line")}"/>
</svg>
`;
}

/** Selects the slots that a head writes or reads, in the order of all. */
function usedSlots({ heads, order }: MemoryUse): readonly number[] {
  const used = new Set(heads.flatMap(({ events }) => events.map(({ slot }) => slot)));
  return order.filter((slot) => used.has(slot));
}

/** Leaves out what happens at other slots. */
function ofSlots(use: MemoryUse, slots: ReadonlySet<number>): MemoryUse {
  const heads = use.heads.map((head) => ({ ...head, events: head.events.filter(({ slot }) => slots.has(slot)) }));
  return { ...use, heads, freed: use.freed.filter(({ slot }) => slots.has(slot)) };
}

/** Lines that say which slots are shown. */
function slotNote(shown: number, candidates: number, total: number, slots: "used" | "all"): readonly string[] {
  const weight = `a weight of at least ${SIGNIFICANT_WEIGHT}`;
  if (shown === 0) return [`No slot of ${total} is written or read with ${weight}.`];
  const some = shown < candidates ? `The first ${shown} of ${candidates} slots` : `${shown} of ${total} slots`;
  const which = slots === "used" ? `, written or read with ${weight}` : "";
  return [`${some}${which},`, "in the order of their first write. The area of a mark is its weight."];
}

/** Height of a line of the note, in pixels. */
const NOTE_LINE = 15;

function noteText(lines: readonly string[], y: number, { plot }: ChartLayout, paint: Paint): Html {
  return html`${lines.map(
    (line, index) =>
      html`<text data-part="note" x="${plot.x}" y="${y + NOTE_LINE * (index + 0.8)}" font-size="11" fill="${paint("muted")}">${line}</text>
`,
  )}`;
}

function drawPhases(phases: readonly Phase[], { plot, column, phases: { y, names } }: ChartLayout, paint: Paint): Html {
  return html`${phases.map(({ name, start, end }, index) => {
    const [x, colour] = [plot.x + start * column, paint(name === OUTPUT_PHASE ? "accent" : "muted")];
    const isPale = name !== OUTPUT_PHASE && index % 2 === 1;
    const bar = html`<rect data-part="phase" x="${rounded(x)}" y="${y}" width="${rounded((end - start) * column - 1)}" height="${PHASE_BAR}" fill="${colour}"${isPale && html` fill-opacity="0.5"`}/>`;
    const base = names[index];
    const text =
      base !== undefined &&
      html`<text data-part="phase" x="${rounded(x)}" y="${base}" fill="${paint(name === OUTPUT_PHASE ? "accent" : "ink")}">${name}</text>`;
    const edge =
      start > 0 &&
      html`<path data-part="edge" d="M${rounded(x - 0.5)} ${plot.y}v${plot.height}" stroke="${paint("muted")}" stroke-opacity="0.6" stroke-dasharray="2 3"/>`;
    return html`${bar}${text}${edge}
`;
  })}`;
}

function drawLabels(labels: readonly string[], { plot, column }: ChartLayout, paint: Paint): Html {
  return html`${labels.map((label, step) => {
    const [x, y] = [rounded(plot.x + (step + 0.5) * column + 3), plot.y - 4];
    const text = label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}\u2026` : label;
    return html`<text data-part="label" x="${x}" y="${y}" font-size="10" fill="${paint("ink")}" transform="rotate(-60 ${x} ${y})">${text}<title>${label}</title></text>
`;
  })}`;
}

function drawAxes(rows: readonly number[], timeSteps: number, { plot, row, column }: ChartLayout, paint: Paint): Html {
  const every = Math.ceil(SLOT_LABEL / row);
  const muted = paint("muted");
  const slots = rows.map((slot, index) => {
    const y = rounded(plot.y + (index + 0.5) * row);
    return (
      index % every === 0 &&
      html`<path d="M${plot.x} ${y}h${rounded(plot.width)}" stroke="${paint("line")}"/><text data-part="slot" x="${plot.x - 6}" y="${y}" dy=".35em" font-size="11" text-anchor="end" fill="${muted}">${index === 0 && "slot "}${slot}</text>
`
    );
  });
  const bottom = plot.y + plot.height;
  const ticks = ticksOf(timeSteps).map(
    (step) =>
      html`<text data-part="tick" x="${rounded(plot.x + (step + 0.5) * column)}" y="${bottom + 14}" font-size="11" text-anchor="middle" fill="${muted}">${step}</text>
`,
  );
  return html`${slots}${ticks}<text data-part="axis" x="${plot.x}" y="${bottom + 28}" font-size="11" fill="${muted}">time step</text>
`;
}

/** Describes the chart in words. */
function description({ heads, freed, timeSteps }: MemoryUse, rows: number): string {
  const count = (kind: string) => heads.filter((use) => use.kind === kind).length;
  const sentences = heads.map(({ kind, head, events }) => {
    const slots = new Set(events.map(({ slot }) => slot)).size;
    const modes = READ_MODES.map((mode) => [mode, events.filter((event) => event.mode === mode).length] as const)
      .filter(([, number]) => number > 0)
      .map(([mode, number]) => `${number} ${mode === "content" ? "by content" : `${mode} along the links`}`);
    const how = modes.length > 0 ? ` (${modes.join(", ")})` : "";
    const name = headName(kind, head, count(kind));
    return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${counted(events.length, "mark")} in ${counted(slots, "slot")}${how}.`;
  });
  const whole = `Time steps 0 to ${timeSteps - 1} from left to right, ${counted(rows, "slot")} from top to bottom.`;
  const freedText = freed.length > 0 ? [`Freed: ${counted(freed.length, "time")}.`] : [];
  return [whole, ...sentences, ...freedText].join(" ");
}

function counted(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
