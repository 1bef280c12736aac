import type { Prediction } from "@dnc/training";
import type { Style } from "../style.js";
import type { Symbols } from "../symbols.js";
import { fitted, textWidth } from "../text-width.js";
import { type Cell, type Panel, panelsOf, type SampleTask } from "./cells.js";
import { type Layout, layoutOf, panelWidth, type Range } from "./layout.js";

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

/**
 * Formats the first sequence of a prediction as lines: a row for each channel, with its label; inputs, targets and outputs
 * over time. Wrong outputs are marked and counted.
 *
 * @param prediction - sequences and outputs.
 * @param task - their task; without labels, channels are numbered from 0.
 * @param options - see `SampleOptions`.
 */
export function sampleLines(prediction: Prediction, task: SampleTask, options: SampleOptions): string[] {
  const { columns, maxRows = 24, style, symbols } = options;
  const panels = panelsOf(prediction, task);
  const labels = panels.flatMap(({ rows }) => rows.map(({ label }) => textWidth(label)));
  const labelWidth = Math.min(MAX_LABEL, Math.floor(columns / 4), Math.max(...labels));
  const margin = INDENT.length + labelWidth + GAP;
  const cells = panels.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  const hasSigns = !style.hasColor && cells.some(({ text, isWrong }) => isWrong && text.length > 1);
  const cellWidth = Math.max(...cells.map(({ text }) => Math.max(1, text.length))) + (hasSigns ? 1 : 0);
  const layout = layoutOf(panels, { columns, margin, gap: GAP, cellWidth });
  const picture = { labelWidth, cellWidth, layout, task, style, symbols, columns };
  if (!layout.isStacked) return block(panels, layout.ranges, maxRows, picture);
  const rowsEach = Math.max(2, Math.floor(maxRows / panels.length));
  return panels.flatMap((panel, index) => block([panel], [layout.ranges[index]], rowsEach, picture));
}

/** What all blocks of a picture share. */
interface Picture extends Pick<SampleOptions, "columns" | "style" | "symbols"> {
  readonly labelWidth: number;
  readonly cellWidth: number;
  readonly layout: Layout;
  readonly task: SampleTask;
}

/** Formats panels side by side: their titles, then a line for each row. */
function block(panels: readonly Panel[], ranges: readonly Range[], maxRows: number, picture: Picture): string[] {
  const { layout, cellWidth, labelWidth, columns, style, symbols } = picture;
  const widths = ranges.map((range, index) =>
    Math.max(panelWidth(range, layout.isSpaced, cellWidth), panels[index].title.length),
  );
  const rows = mergeRows(panels);
  const shown = rows.length > maxRows ? rows.slice(0, maxRows - 1) : rows;
  const margin = INDENT + " ".repeat(labelWidth + GAP);
  let space = columns - margin.length;
  const titles = panels.map((panel, index) => {
    const isLast = index === panels.length - 1;
    const title = fitted(titleOf(panel, ranges[index], picture), isLast ? space : widths[index], { fill: !isLast });
    space -= widths[index] + GAP;
    return style.bold(title);
  });
  const lines = shown.map(({ label, cells }) => {
    const parts = cells.map((each, index) => cellsText(each, ranges[index], widths[index], picture));
    const name = fitted(label, labelWidth, { cut: symbols.cut });
    return `${INDENT}${style.dim(name)}${" ".repeat(GAP)}${parts.join(" ".repeat(GAP))}`.trimEnd();
  });
  const rest = rows.slice(shown.length);
  return [
    `${margin}${titles.join(" ".repeat(GAP))}`,
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

function titleOf({ title, rows }: Panel, [start, end]: Range, { task, style, symbols }: Picture): string {
  const timeSteps = rows[0]?.cells.length ?? 0;
  const steps = end - start < timeSteps ? `, t = ${start}-${end - 1}` : "";
  const count = title === "output" ? wrongCells(rows.flatMap(({ cells }) => cells)) : 0;
  if (count === 0) return `${title}${steps}`;
  const sign = style.hasColor ? "" : ` (${symbols.wrong})`;
  return `${title}${steps}, ${count} wrong ${nounOf(task, count)}${sign}`;
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
  return `${loss === "sigmoid" ? "bit" : "value"}${count === 1 ? "" : "s"}`;
}

function cellsText(
  cells: readonly Cell[] | undefined,
  [start, end]: Range,
  width: number,
  { layout, cellWidth, style, symbols }: Picture,
): string {
  if (!cells) return " ".repeat(width);
  const texts = cells.slice(start, end).map(({ text, counts, isWrong }) => {
    if (!counts && text === "") return " ".repeat(cellWidth);
    const shown = isWrong && !style.hasColor ? signed(text, symbols) : text || symbols.zero;
    const space = " ".repeat(Math.max(0, cellWidth - shown.length));
    if (isWrong) return space + style.mark(shown);
    return space + (text === "" ? style.dim(shown) : shown);
  });
  const used = panelWidth([start, end], layout.isSpaced, cellWidth);
  return texts.join(layout.isSpaced ? " " : "") + " ".repeat(width - used);
}

/** Marks a wrong value without colours: a sign in place of one character, or in front of more. */
function signed(text: string, { wrong }: Symbols): string {
  return text.length > 1 ? `${wrong}${text}` : wrong;
}
