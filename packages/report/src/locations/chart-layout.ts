import { phaseLines } from "../timeline/clock.js";
import type { Phase } from "../timeline/phases.js";

/** Least width of a chart, which its title and its legend need, in pixels. */
export const MIN_WIDTH = 440;

/** Sizes in pixels. */
const LEFT = 46;
const RIGHT = 14;
const TITLE = 34;
const PHASE_LINE = 14;
/** Height of the bar of a phase. */
export const PHASE_BAR = 5;
const GAP = 6;
/** Height of a row: that of the plot is about `plot`. */
const ROW = { least: 3, most: 18, plot: 320 } as const;
/** Width of a time step; with labels it is at least `labelled`. */
const COLUMN = { least: 3, labelled: 12, most: 56 } as const;
/** Lines at an angle of 60 degrees have this height and width per pixel. */
const SLOPE = { down: 0.87, across: 0.5 } as const;

/** Approximate width of a letter of the title, labels, phases and the legend. */
export const LETTER = { title: 8.6, label: 5.4, phase: 6.4, legend: 6.3 } as const;

/** Labels are cut after this many characters. */
export const MAX_LABEL = 32;

/** Height of a line of the legend. */
export const LEGEND_LINE = 20;

/** Places of the parts of the chart, in pixels. */
export type ChartLayout = {
  readonly width: number;
  /** The plot: a column per time step, a row per slot. */
  readonly plot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly column: number;
  readonly row: number;
  /** Top of the bar of the phases, and for each phase the base line of its name; undefined if it has no room. */
  readonly phases: { readonly y: number; readonly names: readonly (number | undefined)[] };
};

/** What a layout depends on. */
type LayoutOptions = {
  readonly width: number;
  readonly title: string;
  readonly phases: readonly Phase[];
  readonly labels: readonly string[];
};

/**
 * Lays out the chart.
 *
 * @param options - what is above the plot, and the width of the chart, which is wider if its time steps need that, and less wide if they
 *   need less.
 */
export function layOutChart(timeSteps: number, rows: number, options: LayoutOptions): ChartLayout {
  const { width, title, phases, labels } = options;
  const longest = LETTER.label * Math.max(0, ...labels.map(({ length }) => Math.min(length, MAX_LABEL)));
  const right = RIGHT + SLOPE.across * longest;
  const least = labels.length > 0 ? COLUMN.labelled : COLUMN.least;
  const column = Math.max(least, Math.min(COLUMN.most, (width - LEFT - right) / timeSteps));
  const row = Math.max(ROW.least, Math.min(ROW.most, Math.floor(ROW.plot / Math.max(1, rows))));
  const lines = phaseLines(phases, (step) => step * column, LETTER.phase);
  const names = lines.map((line) => (line < 0 ? undefined : TITLE + PHASE_LINE * line + 10));
  const bar = TITLE + PHASE_LINE * (Math.max(-1, ...lines) + 1);
  const labelled = bar + (phases.length > 0 ? PHASE_BAR + GAP : 0);
  const y = Math.round(labelled + (longest > 0 ? SLOPE.down * longest + GAP : 0));
  const plot = { x: LEFT, y, width: column * timeSteps, height: row * Math.max(1, rows) };
  const whole = Math.max(
    LEFT + plot.width + right,
    Math.min(width, Math.max(MIN_WIDTH, LEFT + LETTER.title * title.length)),
  );
  return { width: Math.ceil(whole), plot, column, row, phases: { y: bar, names } };
}
