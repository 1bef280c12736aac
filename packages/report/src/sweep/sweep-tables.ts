import { type Cell, dataTable, UNKNOWN } from "../compare/data-table.js";
import { swatch } from "../compare/results-table.js";
import { formatNumber } from "../format.js";
import { type Html, html } from "../html.js";
import type { Sweep, SweptRun } from "./sweep.js";
import { formatMetric, formatMetricSpread, formatSettingValue, metricOf, type SettingGroup } from "./sweep-numbers.js";

/** Renders the settings by their metric: a row for each, in the given order. Those with curves have the colour of theirs. */
export function settingsTable({ metric }: Sweep, groups: readonly SettingGroup[], coloured: number): Html {
  const isKnown = groups.some(({ learned }) => learned !== undefined);
  const columns = [
    ...["Runs with", "Seeds", "Finished", "Stopped", "Failed"],
    ...[`Mean ${metric.name} \u00b1 deviation`, "Standard error", "Median"],
    ...(isKnown ? ["Learned"] : []),
  ];
  const rows = groups.map((group, index): readonly Cell[] => {
    const { runs, result } = group;
    const count = (status: SweptRun["status"]) => runs.filter((run) => run.status === status).length;
    const number = (value: number | undefined, format: (value: number) => string): Cell =>
      value === undefined ? UNKNOWN : { content: format(value), value: Number(value.toPrecision(6)) };
    return [
      { content: html`${index < coloured && swatch(index)}${group.label}`, value: group.label },
      { content: runs.length },
      { content: count("finished") },
      { content: count("stopped") },
      { content: count("failed") },
      result ? { content: meanText(group, metric) } : UNKNOWN,
      number(result?.standardError, (value) => formatMetricSpread(metric, value)),
      number(result?.median, (value) => formatMetric(metric, value)),
      ...(isKnown ? [{ content: `${group.learned ?? 0} of ${runs.length}` }] : []),
    ];
  });
  return dataTable("settings", columns, rows);
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
      ...settings.map(({ name }): Cell => {
        const setting = run.settings[name];
        return setting === undefined ? UNKNOWN : { content: formatSettingValue(setting), value: String(setting) };
      }),
      { content: run.seed },
      last ? { content: formatNumber(last.step), value: last.step } : UNKNOWN,
      value === undefined ? UNKNOWN : { content: formatMetric(metric, value), value },
      { content: reason === undefined ? run.status : `${run.status}: ${reason}` },
    ];
  });
  return dataTable("runs", columns, rows);
}

function meanText({ result }: SettingGroup, metric: Sweep["metric"]): Html | undefined {
  if (!result) return undefined;
  const { mean, deviation } = result;
  const around =
    deviation !== undefined && html` <span class="spread">\u00b1 ${formatMetricSpread(metric, deviation)}</span>`;
  return html`${formatMetric(metric, mean)}${around}`;
}
