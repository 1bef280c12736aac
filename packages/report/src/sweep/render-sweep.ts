import { chartFigure } from "../chart/chart-figure.js";
import { swatch } from "../compare/results-table.js";
import { configTable } from "../config-table.js";
import { type Content, commandCode, type Html, html } from "../html.js";
import { page, section } from "../page/page.js";
import { paletteKey } from "../page/palette-key.js";
import { drawParallel } from "../parallel/parallel-coordinates.js";
import { timeline } from "../timeline/timeline.js";
import type { Sweep, SweptRunStatus } from "./sweep.js";
import { hasThinCurves, MAX_CURVES, sweepCharts } from "./sweep-curves.js";
import {
  bestFirst,
  bestRun,
  betterEnd,
  formatMetric,
  metricOf,
  type SettingGroup,
  settingGroups,
} from "./sweep-numbers.js";
import { sweepParallel } from "./sweep-parallel.js";
import { settingsTable, sweptRunsTable } from "./sweep-tables.js";

/**
 * Renders a sweep as one self-contained HTML page: a table of settings by metric, curves with mean and standard deviation by setting,
 * parallel coordinates of settings and metric, the memory at work in the best run, and every run.
 *
 *     const metric = { name: "loss" } as const;
 *     await writeFile("report.html", renderSweep({ settings: [{ name: "memory_size" }], metric, runs }));
 *
 * Runs that differ only in their seeds are one setting. Means, deviations and standard errors are those of the runs that trained to their
 * end; how many failed or were stopped is beside them. Everything that comes from the sweep is escaped, and the page is complete without
 * its script. Takes time in proportion to the number of reports.
 *
 * @param sweep - the sweep; a run without a report counts, but has no curve.
 * @returns the text of the page.
 * @throws RangeError if there is no run, two have one name, or a trace does not fit its shapes.
 */
export function renderSweep(sweep: Sweep): string {
  const { runs, preset, generated, metric } = sweep;
  checkRuns(sweep);
  const groups = bestFirst(settingGroups(sweep), metric);
  const title = sweep.title ?? `${runs.length} runs${preset === undefined ? "" : ` of ${preset}`}`;
  return page({
    tab: `${title}: a sweep of DNC runs`,
    title,
    head: summary(sweep, groups),
    sections: sections(sweep, groups),
    generated,
  });
}

function checkRuns({ runs }: Sweep): void {
  if (runs.length === 0) throw new RangeError("runs: expected at least one, got none");
  const names = new Set<string>();
  runs.forEach(({ name }, index) => {
    if (names.has(name))
      throw new RangeError(`runs[${index}].name: expected a different one for each run, got ${name} again`);
    names.add(name);
  });
}

/** How a number of runs with a status is described. */
const STATUS_WORDS: readonly (readonly [SweptRunStatus, string])[] = [
  ["finished", "trained to the end"],
  ["stopped", "ended by a stop rule"],
  ["failed", "failed"],
  ["unfinished", "unfinished"],
  ["waiting", "not begun"],
];

function summary({ runs, metric, command, settings, ...rest }: Sweep, groups: readonly SettingGroup[]): Html {
  const counts = STATUS_WORDS.flatMap(([status, words]) => {
    const count = runs.filter((run) => run.status === status).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const seeds = new Set(groups.map((group) => group.runs.length));
  const each = seeds.size === 1 ? `${[...seeds][0]}` : `${Math.min(...seeds)} to ${Math.max(...seeds)}`;
  const best = bestRun({ runs, metric });
  const facts: readonly (readonly [string, Content])[] = [
    ["Preset", rest.preset],
    ["Varies", settings.length === 0 ? "only the seed" : settings.map(({ name }) => name).join(", ")],
    ["Metric", `${metric.name}, ${betterEnd(metric) === "low" ? "lower" : "higher"} is better`],
    ["Budget", rest.minutes === undefined ? undefined : `${rest.minutes} minutes of training for each run`],
    ["Runs", counts.join(", ")],
    ["Best run", best === undefined ? undefined : `${runs[best].name}: ${metricText(runs[best], metric)}`],
    ["Repeat it", command === undefined ? undefined : commandCode(command)],
  ];
  const list = facts.map(([label, content]) => content !== undefined && html`<dt>${label}</dt><dd>${content}</dd>`);
  return html`<p class="lede">${groups.length === 1 ? "One setting" : `${groups.length} settings`} with ${each} ${each === "1" ? "seed" : "seeds"} each.</p>
<dl class="facts">${list}</dl>`;
}

function metricText(run: Sweep["runs"][number], metric: Sweep["metric"]): string {
  const value = metricOf(run, metric);
  return `${metric.name} ${value === undefined ? "unknown" : formatMetric(metric, value)}`;
}

function sections(sweep: Sweep, groups: readonly SettingGroup[]): readonly Content[] {
  const { bestTrace, bestConfig, bestCommand, runs } = sweep;
  const charts = sweepCharts(sweep, groups);
  const parallel = sweepParallel(sweep);
  const best = bestRun(sweep);
  const name = best === undefined ? "" : runs[best].name;
  return [
    section(
      "Settings",
      `The best first. Mean, sample standard deviation, standard error (the deviation divided by the square root of the number of runs) and median are those of the runs that trained to the end, at their last report. Runs that were stopped or failed are not in them: where there are some, the mean is that of the runs that were left. Learned: runs of all seeds that reached an exact match of 99% in a report. Iterations and seconds to learn are medians over all seeds; one that did not learn is later than all that did.`,
      settingsTable(sweep, groups, charts.length === 0 ? 0 : MAX_CURVES),
    ),
    charts.length > 0 && section("Curves", curvesIntro(groups), curves(charts, groups)),
    parallel &&
      section(
        parallel.title,
        "Each line is a run, from its settings to its metric; stronger lines are better, and the thick one is the best run. Runs of one value are spread around it. A dashed line has no metric, because its run failed or has no report.",
        html`<figure class="parallel" data-file="settings-and-metric"><div class="scroll" tabindex="0" data-lines>${drawParallel({ ...parallel, inPage: true })}</div>
<p class="files"><span class="save"></span></p></figure>`,
      ),
    bestTrace &&
      section(
        "The best run\u2019s memory at work",
        html`One new sequence${bestTrace.description !== undefined && ` (${bestTrace.description})`} in ${name}, step by step. Colours run from low to high ${paletteKey("sequential")}, in the memory itself from negative to positive ${paletteKey("diverging")}.`,
        timeline(bestTrace),
      ),
    section(
      "Runs",
      undefined,
      html`<details><summary>All ${runs.length} runs</summary>${sweptRunsTable(sweep)}</details>`,
    ),
    bestConfig &&
      section(
        "The best run\u2019s settings",
        bestCommand !== undefined &&
          html`As ${commandCode(bestCommand)} trains it. Values that differ from the defaults are bold.`,
        configTable(bestConfig),
      ),
  ];
}

function curvesIntro(groups: readonly SettingGroup[]): string {
  const some = groups.length > MAX_CURVES ? ` The best ${MAX_CURVES} of ${groups.length} settings are shown.` : "";
  const thin = hasThinCurves(groups) ? " Thin lines are all its runs, also those that were stopped or failed." : "";
  return `Each line is the mean of a setting over the runs that trained to the end, with a band of one standard deviation.${thin}${some}`;
}

function curves(charts: ReturnType<typeof sweepCharts>, groups: readonly SettingGroup[]): Html {
  const keys = groups
    .slice(0, MAX_CURVES)
    .map(
      ({ label, runs }, index) =>
        html`<li>${swatch(index)}<span>${label} <small>${runs.length === 1 ? "1 run" : `${runs.length} runs`}</small></span></li>`,
    );
  return html`<ul class="legend">${keys}</ul>
${charts.map((chart) => chartFigure({ ...chart, size: "large" }))}`;
}
