/** The result of a sweep: for programs, and as a table for people. */
import type { Facts } from "../commands/facts.js";
import type { Sweep } from "./sweep-file.js";
import type { SweepRunner } from "./sweep-runner.js";
import { bestRun, summaryText, valueText } from "./words.js";

/** Most groups in the table. */
const MAX_GROUPS = 20;

type Runs = SweepRunner["runs"];

/** Returns the result as an object: every run with its settings, state and value, and the name of the best one. */
export function resultRecord(results: string, runs: Runs, { metric, goal }: Pick<Sweep, "metric" | "goal">): object {
  return {
    ...{ results, metric, goal, best: bestRun(runs, goal)?.name ?? null },
    runs: runs.map(({ name, group, seed, settings, folder, iterations, state, last }) => ({
      ...{ name, group, seed, settings, folder, iterations, status: state.status },
      ...{ step: state.step ?? last?.step ?? null, value: state.value ?? last?.value ?? null },
      ...{ failures: state.failures, reason: state.reason ?? null },
    })),
  };
}

/** Returns a table: for each group mean and deviation of the finished runs, and how many failed; the best group first. */
export function resultFacts(runs: Runs, sweep: Pick<Sweep, "metric" | "goal">): Facts {
  const groups = new Map<string, Runs[number][]>();
  for (const run of runs) groups.set(run.group, [...(groups.get(run.group) ?? []), run].slice());
  const rows = Array.from(groups, ([group, own]) => ({ group, ...statistics(own) }));
  const sign = sweep.goal === "maximize" ? -1 : 1;
  rows.sort((a, b) => (Number.isNaN(a.mean) ? 1 : Number.isNaN(b.mean) ? -1 : sign * (a.mean - b.mean)));
  const lines = rows.slice(0, MAX_GROUPS).map(({ group, mean, deviation, count, stopped, failed }) => {
    const value = Number.isNaN(mean) ? "no result" : valueText(sweep.metric, mean);
    const spread = count > 1 ? ` ± ${valueText(sweep.metric, deviation).replace(/^\D* (?=\S+$)/, "")}` : "";
    const others = [stopped > 0 ? `, ${stopped} stopped` : "", failed > 0 ? `, ${failed} failed` : ""].join("");
    return [group, `${value}${spread} (${count} finished${others})`] as const;
  });
  const more = rows.length > MAX_GROUPS ? [["", `and ${rows.length - MAX_GROUPS} more`] as const] : [];
  return [...lines, ...more, ["", ""], ["runs", summaryText(runs, sweep)]];
}

/** Mean and sample deviation over the finished runs. */
function statistics(runs: Runs) {
  const count = (status: string) => runs.filter(({ state }) => state.status === status).length;
  const values = runs.flatMap(({ state }) => (state.status === "finished" && state.value != null ? [state.value] : []));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, deviation, count: values.length, stopped: count("stopped"), failed: count("failed") };
}
