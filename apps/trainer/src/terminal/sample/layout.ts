import type { Panel } from "./cells.js";

/** Time steps of a panel: the first that is shown, and the one after the last. */
export type Range = readonly [start: number, end: number];

/** How the panels of a sample are arranged. */
export type Layout = {
  /** Whether the panels stand below each other instead of side by side. */
  readonly isStacked: boolean;
  /** Whether there is a space between numbers of one character; between longer ones there always is. */
  readonly isSpaced: boolean;
  /** The time steps that each panel shows. */
  readonly ranges: readonly Range[];
};

/** Sizes in columns of the terminal. */
export type LayoutSizes = {
  readonly columns: number;
  /** Columns before the first panel, and between panels. */
  readonly margin: number;
  readonly gap: number;
  /** Columns of a number in each panel. */
  readonly cellWidths: readonly number[];
};

/**
 * Arranges panels in a width. The first of these that fits: side by side or stacked, with all time steps or only those that
 * have something to show, with or without spaces; or else stacked, with as many time steps as fit.
 */
export function layoutOf(panels: readonly Panel[], sizes: LayoutSizes): Layout {
  const all = panels.map(({ rows }): Range => [0, rows[0]?.cells.length ?? 0]);
  const active = panels.map((panel) => panel.active);
  const layouts = [false, true].flatMap((isStacked) =>
    [all, active].flatMap((ranges) => [true, false].map((isSpaced): Layout => ({ isStacked, isSpaced, ranges }))),
  );
  const fitting = layouts.find((layout) => widthOf(panels, layout, sizes) <= sizes.columns);
  if (fitting) return fitting;
  const space = Math.max(1, sizes.columns - sizes.margin);
  const firstWrong = Math.min(...panels.map(firstWrongStep));
  const ranges = panels.map((panel, index) => {
    const width = sizes.cellWidths[index];
    const steps = width > 1 ? Math.max(1, Math.floor((space + 1) / (width + 1))) : space;
    return windowIn(panel.active, steps, panel.title === "input" ? 0 : firstWrong);
  });
  return { isStacked: true, isSpaced: false, ranges };
}

/** Returns the width of a panel with its title and the numbers of its time steps. */
export function blockWidth(panel: Panel, range: Range, isSpaced: boolean, cellWidth: number): number {
  return Math.max(panelWidth(range, isSpaced, cellWidth), panel.title.length, stepsText(panel, range).length);
}

/** Formats the time steps that a panel shows: `t = 7-12`; empty if it shows all. */
export function stepsText({ rows }: Panel, [start, end]: Range): string {
  return end - start === rows[0]?.cells.length ? "" : `t = ${start}-${end - 1}`;
}

/** Returns the width of a panel's numbers. */
export function panelWidth([start, end]: Range, isSpaced: boolean, cellWidth: number): number {
  return isSpaced || cellWidth > 1 ? (end - start) * (cellWidth + 1) - 1 : end - start;
}

function widthOf(panels: readonly Panel[], { isStacked, isSpaced, ranges }: Layout, sizes: LayoutSizes): number {
  const widths = ranges.map((range, index) => blockWidth(panels[index], range, isSpaced, sizes.cellWidths[index]));
  if (isStacked) return sizes.margin + Math.max(...widths);
  return sizes.margin + widths.reduce((sum, width) => sum + width, 0) + sizes.gap * (widths.length - 1);
}

/** Cuts a range to a number of steps: its beginning, unless the first wrong step is later; then that step and those after it. */
function windowIn([start, end]: Range, steps: number, firstWrong: number): Range {
  const isLater = firstWrong >= start + steps && firstWrong < end;
  const from = isLater ? Math.max(start, Math.min(firstWrong, end - steps)) : start;
  return [from, Math.min(end, from + steps)];
}

function firstWrongStep({ rows }: Panel): number {
  const steps = rows.map(({ cells }) => cells.findIndex(({ isWrong }) => isWrong)).filter((step) => step >= 0);
  return Math.min(...steps, Number.POSITIVE_INFINITY);
}
