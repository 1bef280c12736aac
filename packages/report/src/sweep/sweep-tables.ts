import { type Cell, dataTable, UNKNOWN } from "../compare/data-table.js";
import { swatch } from "../compare/results-table.js";
import { formatNumber } from "../format.js";
import { type Html, html } from "../html.js";
import type { SettingValue, Sweep, SweptRun } from "./sweep.js";
import { formatMetric, formatMetricSpread, formatSettingValue, metricOf, type SettingGroup } from "./sweep-numbers.js";

/** Most settings that have a column each: the names of more would be wider than the page. */
const MAX_COLUMNS = 4;

/**
 * Renders the settings by their metric: a row for each, in the given order. Those with curves have the colour of theirs. Where two to four
 * settings vary, each has a column. Those that a rule stopped are counted if there are any.
 */
export function settingsTable({ settings, metric }: Sweep, groups: readonly SettingGroup[], coloured: number): Html {
  const isKnown = groups.some(({ learned }) => learned !== undefined);
  const isTimed = groups.some(({ toLearn }) => toLearn.seconds !== undefined);
  const isStopped = groups.some(({ runs }) => runs.some(({ status }) => status === "stopped"));
  const apart = settings.length > 1 && settings.length <= MAX_COLUMNS ? settings : undefined;
  const columns = [
    ...(apart ? ["Place", ...apart.map(({ name }) => name)] : ["Runs with"]),
    ...["Seeds", "Finished", ...(isStopped ? ["Stopped"] : []), "Failed"],
    ...[`Mean ${metric.name} \u00b1 deviation`, "Standard error", "Median"],
    ...(isKnown ? ["Learned", "Iterations to learn"] : []),
    ...(isTimed ? ["Seconds to learn"] : []),
  ];
  const rows = groups.map((group, index): readonly Cell[] => {
    const { runs, result } = group;
    const count = (status: SweptRun["status"]) => runs.filter((run) => run.status === status).length;
    const number = (value: number | undefined, format: (value: number) => string): Cell =>
      value === undefined ? UNKNOWN : { content: format(value), value: Number(value.toPrecision(6)) };
    const key = index < coloured && swatch(index);
    return [
      ...(apart
        ? [
            { content: html`${key}${index + 1}`, value: index + 1 },
            ...apart.map(({ name }) => settingCell(group.settings[name])),
          ]
        : [{ content: html`${key}${group.label}`, value: group.label }]),
      { content: runs.length },
      { content: count("finished") },
      ...(isStopped ? [{ content: count("stopped") }] : []),
      { content: count("failed") },
      result ? { content: meanText(group, metric) } : UNKNOWN,
      number(result?.standardError, (value) => formatMetricSpread(metric, value)),
      number(result?.median, (value) => formatMetric(metric, value)),
      ...(isKnown ? [{ content: `${group.learned ?? 0} of ${runs.length}` }] : []),
      ...(isKnown ? [number(group.toLearn.step, (value) => formatNumber(Math.round(value)))] : []),
      ...(isTimed ? [number(group.toLearn.seconds, (value) => value.toFixed(1))] : []),
    ];
  });
  return dataTable("settings", columns, rows, { isShort: apart !== undefined });
}

/** Renders each run by itself, in the order of the sweep. */
export function sweptRunsTable({ settings, metric, runs }: Sweep): Html {
  const columns = ["Run", ...settings.map(({ name }) => name), "Seed", "Iterations", metric.name, "Status"];
  const rows = runs.map((run): readonly Cell[] => {
    const last = run.metrics.reports.at(-1);
    const value = metricOf(run, metric);
    const reason = run.reason ?? run.metrics.error;
    return [
      { content: run.name },
      ...settings.map(({ name }) => settingCell(run.settings[name])),
      { content: run.seed },
      last ? { content: formatNumber(last.step), value: last.step } : UNKNOWN,
      value === undefined ? UNKNOWN : { content: formatMetric(metric, value), value },
      { content: reason === undefined ? run.status : `${run.status}: ${reason}` },
    ];
  });
  return dataTable("runs", columns, rows);
}

function settingCell(value: SettingValue | undefined): Cell {
  return value === undefined ? UNKNOWN : { content: formatSettingValue(value), value: String(value) };
}

function meanText({ result }: SettingGroup, metric: Sweep["metric"]): Html | undefined {
  if (!result) return undefined;
  const { mean, deviation } = result;
  const around =
    deviation !== undefined && html` <span class="spread">\u00b1 ${formatMetricSpread(metric, deviation)}</span>`;
  return html`${formatMetric(metric, mean)}${around}`;
}
