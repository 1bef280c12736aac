import { seriesClass } from "../chart/series.js";
import { formatDuration, formatMeasurement, formatNumber, formatPercentage, formatRate } from "../format.js";
import { type Html, html } from "../html.js";
import type { ComparedRun } from "./comparison.js";
import { type Cell, dataTable, UNKNOWN } from "./data-table.js";
import { formatSetting, type RunGroup } from "./group-runs.js";
import { iterationsToLearn, lastReport, speedOf } from "./run-numbers.js";
import { statistics } from "./statistics.js";

/** Renders the last numbers of each group: mean and standard deviation over its runs. */
export function resultsTable(groups: readonly RunGroup[]): Html {
  const columns = [
    "Runs with",
    "Runs",
    "Loss at the end",
    "Exact match",
    "Learned",
    "Iterations to learn",
    "Iterations per second",
  ];
  const rows = groups.map(({ label, runs }, index): readonly Cell[] => {
    const reports = runs.map(lastReport);
    const learned = runs.map(iterationsToLearn).filter((step) => step !== undefined);
    const losses = reports.map(({ loss }) => loss);
    const matches = reports.map(({ exact_match: exactMatch }) => exactMatch);
    return [
      named(index, label),
      { content: runs.length },
      spread(losses, formatMeasurement),
      spread(matches, formatPercentage, (fraction) => (100 * fraction).toFixed(1)),
      { content: `${learned.length} of ${runs.length}` },
      spread(learned, (step) => formatNumber(Math.round(step))),
      spread(
        runs.map(speedOf),
        (speed) => formatRate(speed).replace(" it/s", ""),
        (deviation) => deviation.toFixed(1),
      ),
    ];
  });
  return dataTable("results", columns, rows);
}

/** Renders each run by itself. */
export function runsTable(groups: readonly RunGroup[]): Html {
  const columns = ["Run", "Seed", "Iterations", "Loss", "Exact match", "Training time", "Speed"];
  const rows = groups.flatMap(({ runs }, index) => runs.map((run) => runCells(run, index)));
  return dataTable("runs", columns, rows);
}

/** Largest number of settings that are columns; more have a row each. */
const MAX_SETTING_COLUMNS = 5;

/** Renders the settings that differ between groups: a row for each group, or for each setting if there are many. */
export function differencesTable(groups: readonly RunGroup[]): Html {
  const [{ differences: first }] = groups;
  if (first.length > MAX_SETTING_COLUMNS) {
    const rows = first.map(({ name }, row) => [
      { content: name },
      ...groups.map(({ differences }) => ({ content: formatSetting(differences[row].value) })),
    ]);
    return dataTable("settings", ["Setting", ...groups.map((_, index) => `Group ${index + 1}`)], rows);
  }
  const columns = ["Group", ...groups[0].differences.map(({ name }) => name)];
  const rows = groups.map(({ differences }, index) => [
    named(index, String(index + 1)),
    ...differences.map(({ value }) => ({ content: formatSetting(value) })),
  ]);
  return dataTable("settings", columns, rows);
}

/** Renders the colour of a group. */
export function swatch(index: number): Html {
  return html`<i class="swatch ${seriesClass(index)}"></i>`;
}

function named(index: number, name: string): Cell {
  return { content: html`${swatch(index)}${name}`, value: name };
}

function runCells(run: ComparedRun, index: number): readonly Cell[] {
  const { step, loss, exact_match: exactMatch, seconds } = lastReport(run);
  return [
    named(index, run.name),
    { content: run.seed },
    number(step, formatNumber),
    number(loss, formatMeasurement),
    number(exactMatch, formatPercentage),
    number(seconds, formatDuration),
    number(speedOf(run), formatRate),
  ];
}

function number(value: number | undefined, format: (value: number) => string): Cell {
  return value === undefined ? UNKNOWN : { content: format(value), value: Number(value.toPrecision(6)) };
}

/** Formats the mean and the deviation of the values that are known. */
function spread(
  values: readonly (number | undefined)[],
  format: (value: number) => string,
  formatDeviation: (value: number) => string = format,
): Cell {
  const found = statistics(values.filter((value) => value !== undefined));
  if (!found) return UNKNOWN;
  const { mean, deviation } = found;
  const around = deviation !== undefined && html` <span class="spread">\u00b1 ${formatDeviation(deviation)}</span>`;
  return { content: html`${format(mean)}${around}` };
}
