import type { Prediction } from "@dnc/training";
import type { Style } from "../style.js";
import type { Symbols } from "../symbols.js";
import { fitted, textWidth } from "../text-width.js";
import { type Cell, type Panel, panelsOf, type SampleTask } from "./cells.js";
import { blockWidth, type Layout, layoutOf, panelWidth, type Range, stepsText } from "./layout.js";

/** How a sample is shown. */
export interface SampleOptions {
  /** Columns of the terminal, which no line exceeds. */
  readonly columns: number;
  /** Most rows of channels; default: 24. */
  readonly maxRows?: number | undefined;
  readonly style: Style;
  readonly symbols: Symbols;
}

/** A row of the picture: its label, and the cells of each panel that has such a channel. */
type Row = { readonly label: string; readonly cells: readonly (readonly Cell[] | undefined)[] };

const INDENT = "  ";
const GAP = 3;
const MAX_LABEL = 16;
/** What can be wrong, by the loss. */
const NOUNS = { sigmoid: "bit", softmax: "symbol", squared: "number" } as const;
/** Narrower terminals show no samples. */
const MIN_COLUMNS = 30;

/**
 * Formats the first sequence of a prediction as lines: a row for each channel, with its label; inputs, targets and outputs
 * over time. Wrong outputs are marked and counted. Returns no lines for less than 30 columns.
 *
 * @param prediction - sequences and outputs.
 * @param task - their task; without labels, channels are numbered from 0.
 * @param options - see `SampleOptions`.
 */
export function sampleLines(prediction: Prediction, task: SampleTask, options: SampleOptions): string[] {
  const { columns, maxRows = 24, style, symbols } = options;
  if (columns < MIN_COLUMNS) return [];
  const panels = panelsOf(prediction, task);
  const labels = panels.flatMap(({ rows }) => rows.map(({ label }) => textWidth(label)));
  const labelWidth = Math.min(MAX_LABEL, Math.floor(columns / 4), Math.max(...labels));
  const margin = INDENT.length + labelWidth + GAP;
  const cellWidths = panels.map((panel) => cellWidthOf(panel, style));
  const layout = layoutOf(panels, { columns, margin, gap: GAP, cellWidths });
  const picture = { labelWidth, layout, task, style, symbols, columns };
  const blocks = panels.map(
    (panel, index): Shown => ({ panel, range: layout.ranges[index], cellWidth: cellWidths[index] }),
  );
  if (!layout.isStacked) return blockLines(blocks, maxRows, picture);
  const rowsEach = Math.max(2, Math.floor(maxRows / panels.length));
  return blocks.flatMap((each) => blockLines([each], rowsEach, picture));
}

/** What all blocks of a picture share. */
interface Picture extends Pick<SampleOptions, "columns" | "style" | "symbols"> {
  readonly labelWidth: number;
  readonly layout: Layout;
  readonly task: SampleTask;
}

/** A panel, the time steps that it shows, and the columns of its numbers. */
type Shown = { readonly panel: Panel; readonly range: Range; readonly cellWidth: number };

function cellWidthOf({ rows }: Panel, { hasColor }: Style): number {
  const cells = rows.flatMap((row) => row.cells);
  const sign = !hasColor && cells.some(({ text, isWrong }) => isWrong && text.length > 1) ? 1 : 0;
  return sign + cells.reduce((widest, { text }) => Math.max(widest, text.length), 1);
}

/** Formats panels side by side: their titles, then a line for each row. */
function blockLines(blocks: readonly Shown[], maxRows: number, picture: Picture): string[] {
  const { layout, labelWidth, columns, style, symbols } = picture;
  const panels = blocks.map(({ panel }) => panel);
  const widths = blocks.map(({ panel, range, cellWidth }) => blockWidth(panel, range, layout.isSpaced, cellWidth));
  const rows = mergeRows(panels);
  const shown = rows.length > maxRows ? rows.slice(0, maxRows - 1) : rows;
  const margin = INDENT + " ".repeat(labelWidth + GAP);
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP, margin.length);
  const titles = panels.map((panel, index) => {
    const width = index === panels.length - 1 ? columns - before : widths[index];
    const title = titleOf(panel, width, picture);
    return style.bold(title) + " ".repeat(Math.max(0, widths[index] - title.length));
  });
  const steps = blocks.map(({ panel, range }, index) => fitted(stepsText(panel, range), widths[index]));
  const join = (parts: readonly string[]) => parts.join(" ".repeat(GAP)).trimEnd();
  const lines = shown.map(({ label, cells }) => {
    const parts = cells.map((each, index) => cellsText(each, blocks[index], widths[index], picture));
    const name = fitted(label, labelWidth, { cut: symbols.cut });
    return `${INDENT}${style.dim(name)}${" ".repeat(GAP)}${join(parts)}`.trimEnd();
  });
  const rest = rows.slice(shown.length);
  return [
    `${margin}${join(titles)}`,
    ...(steps.some((each) => each.trim() !== "") ? [`${margin}${style.dim(join(steps))}`] : []),
    ...lines,
    ...(rest.length > 0 ? [style.dim(fitted(`${INDENT}${restText(rest, picture)}`, columns, { fill: false }))] : []),
  ];
}

/** Joins the rows of panels that have the same label; a label that one panel has twice stands for two rows. */
function mergeRows(panels: readonly Panel[]): Row[] {
  const rows = new Map<string, { label: string; cells: (readonly Cell[] | undefined)[] }>();
  for (const [index, panel] of panels.entries()) {
    const counts = new Map<string, number>();
    for (const { label, cells } of panel.rows) {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      const key = `${count} ${label}`;
      const row = rows.get(key) ?? { label, cells: panels.map(() => undefined) };
      row.cells[index] = cells;
      rows.set(key, row);
    }
  }
  return [...rows.values()];
}

/** Formats the title of a panel, with the number of wrong values if it fits. */
function titleOf({ title, rows }: Panel, width: number, { task, style, symbols }: Picture): string {
  const count = title === "output" ? wrongCells(rows.flatMap(({ cells }) => cells)) : 0;
  if (count === 0) return title;
  const short = `${title}, ${count} wrong`;
  const long = `${short} ${nounOf(task, count)}`;
  const titles = [...(style.hasColor ? [] : [`${long} (${symbols.wrong})`]), long, short];
  return titles.find((each) => each.length <= width) ?? title;
}

function restText(rest: readonly Row[], { task, symbols }: Picture): string {
  const count = wrongCells(rest.flatMap(({ cells }) => cells.flatMap((each) => each ?? [])));
  const wrong = count === 0 ? "" : `, ${count} wrong ${nounOf(task, count)} in them`;
  return `${symbols.cut} ${rest.length} more rows${wrong}`;
}

function wrongCells(cells: readonly Cell[]): number {
  return cells.filter(({ isWrong }) => isWrong).length;
}

function nounOf({ loss }: SampleTask, count: number): string {
  return `${NOUNS[loss]}${count === 1 ? "" : "s"}`;
}

function cellsText(
  cells: readonly Cell[] | undefined,
  { range, cellWidth }: Shown,
  width: number,
  { layout, style, symbols }: Picture,
): string {
  if (!cells) return " ".repeat(width);
  const texts = cells.slice(...range).map(({ text, counts, isWrong }) => {
    if (!counts && text === "") return " ".repeat(cellWidth);
    const shown = isWrong && !style.hasColor ? signed(text, symbols) : text || symbols.zero;
    const space = " ".repeat(Math.max(0, cellWidth - shown.length));
    if (isWrong) return space + style.mark(shown);
    return space + (text === "" ? style.dim(shown) : shown);
  });
  const used = panelWidth(range, layout.isSpaced, cellWidth);
  return texts.join(layout.isSpaced || cellWidth > 1 ? " " : "") + " ".repeat(width - used);
}

/** Marks a wrong value without colours: a sign in place of one character, or in front of more. */
function signed(text: string, { wrong }: Symbols): string {
  return text.length > 1 ? `${wrong}${text}` : wrong;
}
