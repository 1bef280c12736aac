import { seriesClass } from "../chart/series.js";
import { formatDuration, formatMeasurement, formatNumber, formatPercentage, formatRate } from "../format.js";
import { type Html, html } from "../html.js";
import type { MetricsRecord } from "../metrics.js";
import type { ComparedRun } from "./comparison.js";
import { formatSetting, type RunGroup } from "./group-runs.js";
import { statistics } from "./statistics.js";

/** Exact match from which a run counts as having learned its task. */
const LEARNED = 0.99;

/** Renders the last numbers of each group: mean and standard deviation over its runs. */
export function resultsTable(groups: readonly RunGroup[]): Html {
  const rows = groups.map(({ label, runs }, index) => {
    const reports = runs.map(lastReport);
    const learned = runs.map(iterationsToLearn).filter((step) => step !== undefined);
    const share = html`${learned.length} of ${runs.length}`;
    return html`<tr><th scope="row">${swatch(index)}${label}</th><td class="number">${runs.length}</td>
${cell(
  reports.map(({ loss }) => loss),
  formatMeasurement,
)}
${cell(
  reports.map((report) => report.exact_match),
  formatPercentage,
  formatPoints,
)}
<td class="number">${share}</td>
${cell(learned, formatWhole)}
${cell(runs.map(speedOf), formatRate, (value) => formatRate(value).replace(" it/s", ""))}</tr>
`;
  });
  return html`<figure data-file="results"><div class="scroll"><table class="list results">
<thead><tr><th scope="col">Runs with</th><th scope="col" class="number">Runs</th><th scope="col" class="number">Loss at the end</th><th scope="col" class="number">Exact match</th><th scope="col" class="number">Learned</th><th scope="col" class="number">Iterations to learn</th><th scope="col" class="number">Speed</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div><p class="files"><span class="save"></span></p></figure>`;
}

/** Renders the settings that differ between groups. */
export function differencesTable(groups: readonly RunGroup[]): Html {
  const head = groups[0].differences.map(({ name }) => html`<th scope="col"><code>${name}</code></th>`);
  const rows = groups.map(({ differences }, index) => {
    const cells = differences.map(({ value }) => html`<td>${formatSetting(value)}</td>`);
    return html`<tr><th scope="row">${swatch(index)}${index + 1}</th>${cells}</tr>
`;
  });
  return html`<div class="scroll"><table class="list">
<thead><tr><th scope="col">Group</th>${head}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

/** Renders each run by itself. */
export function runsTable(groups: readonly RunGroup[]): Html {
  const rows = groups.flatMap(({ runs }, index) => runs.map((run) => runRow(run, index)));
  return html`<figure data-file="runs"><div class="scroll"><table class="list">
<thead><tr><th scope="col">Run</th><th scope="col" class="number">Seed</th><th scope="col" class="number">Iterations</th><th scope="col" class="number">Loss</th><th scope="col" class="number">Exact match</th><th scope="col" class="number">Training time</th><th scope="col" class="number">Speed</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div><p class="files"><span class="save"></span></p></figure>`;
}

/** Renders the colour of a group. */
export function swatch(index: number): Html {
  return html`<i class="swatch ${seriesClass(index)}"></i>`;
}

/** Lists what a reader has to know before comparing: runs that ended early, equal seeds, different tasks. */
export function remarks(groups: readonly RunGroup[]): readonly string[] {
  const early = groups
    .flatMap(({ runs }) => runs)
    .filter(
      ({ iterations, metrics, ...run }) =>
        metrics.error !== undefined || lastReport({ metrics, ...run }).step < (iterations ?? 0),
    )
    .map(
      ({ name, metrics }) =>
        `${name} ended after ${metrics.reports.at(-1)?.step} iterations${metrics.error === undefined ? "" : `: ${metrics.error}`}.`,
    );
  const twice = groups.flatMap(({ label, runs }) => {
    const repeated = runs.map(({ seed }) => seed).filter((seed, index, seeds) => seeds.indexOf(seed) !== index);
    return [...new Set(repeated)].map(
      (seed) =>
        `Several runs of "${label}" have seed ${seed}; they are one result, not several, so the deviation is too small.`,
    );
  });
  const single = groups.filter(({ runs }) => runs.length === 1).length;
  const hasTasks = groups.some(({ differences }) => differences.some(({ name }) => TASK_SETTINGS.test(name)));
  return [
    ...early,
    ...twice,
    ...(single > 0
      ? [
          `${single === groups.length ? "Each group" : "A group"} has a single run, so nothing is known of its deviation.`,
        ]
      : []),
    ...(hasTasks ? ["The groups learn different tasks or losses: their losses are not on one scale."] : []),
  ];
}

/** Settings that change what a loss measures. */
const TASK_SETTINGS = /^(task|loss|num_bits|(min|max)_(length|repeats))$/;

/** Returns the last report of a run. */
export function lastReport({ metrics }: Pick<ComparedRun, "metrics">): MetricsRecord {
  return metrics.reports[metrics.reports.length - 1];
}

function runRow(run: ComparedRun, index: number): Html {
  const { step, loss, exact_match: exactMatch, seconds } = lastReport(run);
  return html`<tr><th scope="row">${swatch(index)}${run.name}</th><td class="number">${run.seed}</td><td class="number">${formatNumber(step)}</td><td class="number">${formatMeasurement(loss)}</td><td class="number">${orDash(exactMatch, formatPercentage)}</td><td class="number">${orDash(seconds, formatDuration)}</td><td class="number">${orDash(speedOf(run), formatRate)}</td></tr>
`;
}

/** Returns the mean speed of a run in iterations per second; undefined if it is not known. */
function speedOf(run: ComparedRun): number | undefined {
  const { step, seconds } = lastReport(run);
  return seconds === undefined || seconds <= 0 ? undefined : step / seconds;
}

/** Returns the iteration of the first report with an exact match of at least 99%; undefined if there is none. */
function iterationsToLearn({ metrics }: ComparedRun): number | undefined {
  return metrics.reports.find(({ exact_match: exactMatch }) => (exactMatch ?? 0) >= LEARNED)?.step;
}

function cell(
  values: readonly (number | undefined)[],
  format: (value: number) => string,
  formatDeviation: (value: number) => string = format,
): Html {
  const found = statistics(values.filter((value) => value !== undefined));
  if (!found) return html`<td class="number">\u2013</td>`;
  const { mean, deviation } = found;
  const spread =
    deviation === undefined ? undefined : html` <span class="spread">\u00b1 ${formatDeviation(deviation)}</span>`;
  return html`<td class="number">${format(mean)}${spread}</td>`;
}

function formatPoints(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

function formatWhole(value: number): string {
  return formatNumber(Math.round(value));
}

function orDash(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "\u2013" : format(value);
}
