import type { Sweep } from "./sweep.js";

/**
 * Formats the runs of a sweep as CSV: one row per run, with its name, the settings that vary, the seed, iteration and metric of its
 * last report, how it ended and why. Numbers have all their digits.
 *
 *     await writeFile("runs.csv", sweepCsv(sweep));
 *
 * @param sweep - the sweep; its trace is not used.
 * @returns lines as RFC 4180 has them, but ended by newlines alone; a cell without a value is empty. A failed run has the metric of the
 *   last report before it failed.
 */
export function sweepCsv({ settings, metric, runs }: Sweep): string {
  const head = ["run", ...settings.map(({ name }) => name), "seed", "step", metric.name, "status", "reason"];
  const rows = runs.map((run) => {
    const last = run.metrics.reports.at(-1);
    return [
      run.name,
      ...settings.map(({ name }) => run.settings[name]),
      run.seed,
      last?.step,
      last?.[metric.name],
      run.status,
      run.reason ?? run.metrics.error,
    ];
  });
  return [head, ...rows].map((cells) => `${cells.map(cellOf).join(",")}\n`).join("");
}

function cellOf(value: string | number | boolean | undefined): string {
  const text = value === undefined ? "" : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
