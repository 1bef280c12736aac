import { chartFigure } from "../chart/chart-figure.js";
import type { Point } from "../chart/curve.js";
import { linearScale } from "../chart/scale.js";
import { configTable } from "../config-table.js";
import { formatMeasurement, formatPercentage } from "../format.js";
import { type Html, html } from "../html.js";
import { DEFAULT_LOSS_UNIT } from "../loss-unit.js";
import { page, section } from "../page/page.js";
import type { ComparedRun, Comparison } from "./comparison.js";
import { groupRuns, type RunGroup, sharedSettings } from "./group-runs.js";
import { meanCurve } from "./mean-curve.js";
import { remarks } from "./remarks.js";
import { differencesTable, resultsTable, runsTable, swatch } from "./results-table.js";

/**
 * Renders a comparison of runs as one self-contained HTML page: curves with mean and standard deviation over seeds, final
 * numbers, the settings that differ and those that all runs share.
 *
 *     const runs = [1, 2].map((seed) => ({ name: `runs/${seed}`, seed, metrics: metricsOf(seed), config: [] }));
 *     await writeFile("comparison.html", renderComparison({ runs }));
 *
 * Runs whose settings are equal form a group. The deviation is the sample standard deviation over the runs of a group; the
 * mean ends where the first of them does. Everything that comes from the comparison is escaped.
 *
 * @param comparison - the runs, at least two, each with at least one report.
 * @returns the text of the page.
 * @throws RangeError if there are fewer than two runs, two have one name, or one has no report.
 */
export function renderComparison({ runs, title, generated }: Comparison): string {
  checkRuns(runs);
  const groups = groupRuns(runs);
  const heading = title ?? `${runs.length} runs compared`;
  return page({
    tab: `${heading}: DNC runs`,
    title: heading,
    head: summary(groups, runs.length),
    sections: sections(groups),
    generated,
  });
}

function checkRuns(runs: readonly ComparedRun[]): void {
  if (runs.length < 2) throw new RangeError(`runs: expected at least two, got ${runs.length}`);
  runs.forEach(({ name, metrics }, index) => {
    if (metrics.reports.length === 0) throw new RangeError(`runs[${index}]: expected at least one report, got none`);
    if (runs.findIndex((run) => run.name === name) !== index)
      throw new RangeError(`runs[${index}].name: expected a different one for each run, got ${name} again`);
  });
}

function summary(groups: readonly RunGroup[], count: number): Html {
  const kinds = groups.length === 1 ? "that differ only in their seeds" : `in ${groups.length} groups`;
  const notes = remarks(groups).map((text) => html`<li>${text}</li>`);
  const task = sharedSettings(groups).find(({ name }) => name === "task")?.value;
  const what = typeof task === "string" && html` of <b class="task">${task}</b>`;
  return html`<p class="lede">${count} runs${what} ${kinds}. Numbers are the mean \u00b1 sample standard deviation over the runs of a group.</p>
${notes.length > 0 && html`<ul class="remarks">${notes}</ul>`}`;
}

function sections(groups: readonly RunGroup[]): Html[] {
  const shared = sharedSettings(groups);
  const hasDifferences = groups[0].differences.length > 0;
  return [
    section(
      "Results",
      "At the end: the mean since the report before. Learned: runs that reached an exact match of 99%, and after how many iterations. Speeds compare only on one machine.",
      resultsTable(groups),
    ),
    section(
      "Curves",
      "Each line is the mean of a group with a band of one standard deviation; thin lines are its runs. A mean ends where the first of its runs ends.",
      curves(groups),
    ),
    ...(hasDifferences ? [section("What differs", undefined, differencesTable(groups))] : []),
    section("Runs", undefined, runsTable(groups)),
    ...(shared.length > 0
      ? [section("What all runs share", "Values that differ from the defaults are bold.", configTable(shared))]
      : []),
  ];
}

function curves(groups: readonly RunGroup[]): Html {
  const percentages = linearScale(0, 1, (value) => `${Math.round(100 * value)}%`);
  const keys = groups.map(({ label, runs }, index) => {
    const seeds = runs.length === 1 ? "1 run" : `${runs.length} runs`;
    return html`<li>${swatch(index)}<span>${label} <small>${seeds}</small></span></li>`;
  });
  return html`<ul class="legend">${keys}</ul>
${curve(groups, "loss", { title: "Loss", unit: lossUnit(groups), format: formatMeasurement, size: "large" })}
${curve(groups, "exact_match", { title: "Exact match", unit: "sequences without an error", format: formatPercentage, size: "large", scale: percentages })}
${curve(groups, "gradient_norm", { title: "Gradient norm", unit: "before clipping", format: formatMeasurement, size: "large" })}`;
}

/** The unit of the losses, if all runs have the same. */
function lossUnit(groups: readonly RunGroup[]): string {
  const units = new Set(groups.flatMap(({ runs }) => runs.map((run) => run.lossUnit ?? DEFAULT_LOSS_UNIT)));
  return units.size === 1 ? [...units][0] : "in the units of the runs";
}

/** Renders the chart of a quantity; undefined if no run has it. */
function curve(
  groups: readonly RunGroup[],
  quantity: "loss" | "exact_match" | "gradient_norm",
  figure: Omit<Parameters<typeof chartFigure>[0], "series">,
): Html | undefined {
  const all = groups.map(({ label, runs }) => ({ label, curves: runs.map((run) => pointsOf(run, quantity)) }));
  if (all.every((each) => each.curves.flat().length === 0)) return undefined;
  if (all.some((each) => each.curves.some((points) => points.length === 0)))
    return html`<p class="note">${figure.title}: not shown, because some runs have none.</p>`;
  const series = all.map((each) => meanCurve(each.label, each.curves));
  return chartFigure({ ...figure, series });
}

function pointsOf({ metrics }: ComparedRun, quantity: "loss" | "exact_match" | "gradient_norm"): readonly Point[] {
  return metrics.reports.flatMap(({ step, [quantity]: value }) => (value === undefined ? [] : [{ x: step, y: value }]));
}
