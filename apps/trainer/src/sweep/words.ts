/** Texts of a sweep for people. */

import { duration, percentage } from "../terminal/format.js";
import type { SweepEvent } from "./events.js";
import type { RunState } from "./run-state.js";
import type { Sweep, SweepMetric } from "./sweep-file.js";
import type { RunOfSweep } from "./sweep-runner.js";

const METRIC_WORDS: Readonly<Record<SweepMetric, string>> = {
  exact_match: "exact match",
  held_out_exact_match: "held-out exact match",
  loss: "loss",
};

/** Formats a value of a metric with its name: `exact match 98.2%`. */
export function valueText(metric: SweepMetric, value: number | null | undefined): string {
  if (value === undefined || value === null) return `no ${METRIC_WORDS[metric]}`;
  return `${METRIC_WORDS[metric]} ${bareValue(metric, value)}`;
}

function bareValue(metric: SweepMetric, value: number): string {
  return metric === "loss" ? String(Number(value.toPrecision(4))) : percentage(value);
}

/** Formats an event as a line without the name of its run. */
export function eventText(event: SweepEvent, metric: SweepMetric): string {
  switch (event.event) {
    case "started":
      return "started";
    case "resumed":
      return "resumed";
    case "paused":
      return `waits for the others after iteration ${event.step}`;
    case "finished":
      return `finished after iteration ${event.step}, ${valueText(metric, event.value)}`;
    case "stopped":
      return `stopped by ${event.rule} at iteration ${event.step}, ${valueText(metric, event.value)}; bound ${bareValue(metric, event.bound)}`;
    case "interrupted":
      return `interrupted (${event.reason})`;
    case "tried":
      return `failed ${event.failures === 1 ? "once" : `${event.failures} times`}, is resumed (${event.reason})`;
    case "failed":
      return `failed (${event.reason})`;
  }
}

/** A run with its state and newest value. */
type WatchedRun = RunOfSweep & {
  readonly state: RunState;
  readonly last: { readonly step: number; readonly value: number } | undefined;
};

/**
 * Finds the best run by its newest value, among those that have finished, or if none has, among all that did not fail: as the page of the
 * sweep does. Of equal ones it is the first; undefined if no run has a value.
 */
export function bestRun<Run extends Pick<WatchedRun, "state" | "last">>(
  runs: readonly Run[],
  goal: Sweep["goal"],
): Run | undefined {
  const value = ({ last }: Run) => (goal === "maximize" ? 1 : -1) * (last?.value ?? Number.NaN);
  const valued = runs.filter(({ state, last }) => last !== undefined && state.status !== "failed");
  const finished = valued.filter(({ state }) => state.status === "finished");
  return (finished.length > 0 ? finished : valued).reduce<Run | undefined>(
    (best, run) => (best === undefined || value(run) > value(best) ? run : best),
    undefined,
  );
}

/** Summarizes a sweep in a line: how many runs are in each state, and the best so far. */
export function summaryText(runs: readonly WatchedRun[], { metric, goal }: Pick<Sweep, "metric" | "goal">): string {
  const count = (...states: readonly RunState["status"][]) =>
    runs.filter(({ state }) => states.includes(state.status)).length;
  const counts = [
    [count("finished"), "finished"],
    [count("stopped"), "stopped"],
    [count("running"), "running"],
    [count("waiting", "paused"), "waiting"],
    [count("failed"), "failed"],
  ] as const;
  const states = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  const best = bestRun(runs, goal);
  const bestText = best ? `; best: ${valueText(metric, best.last?.value)} (${best.name})` : "";
  return `${states.join(", ")} of ${runs.length}${bestText}`;
}

/** What an estimate is made from. */
interface EstimateOptions {
  /** Iterations of the preset. */
  readonly preset: number | undefined;
  /** Iterations of each run. */
  readonly runs: readonly number[];
  readonly atOnce: number;
  readonly budget: Sweep["budget"];
}

/**
 * Estimates the time of a sweep without stop rules.
 *
 * @param minutes - those of the preset; null if it was not measured, undefined if there is no preset.
 */
export function estimateText(
  minutes: number | null | undefined,
  { preset, runs, atOnce, budget }: EstimateOptions,
): string {
  const words = `with ${atOnce} at a time`;
  if (budget && "minutes" in budget)
    return `at most ${duration((runs.length * budget.minutes * 60) / atOnce)} ${words}: ${budget.minutes} minutes for each run`;
  if (minutes === undefined || minutes === null || preset === undefined)
    return "not known: there is no preset whose time was measured";
  const iterations = runs.reduce((sum, count) => sum + count, 0);
  const seconds = (iterations * minutes * 60) / preset / atOnce;
  return `about ${duration(seconds)} ${words}: the preset takes ${minutes} minutes for ${preset} iterations on two cores; other sizes and machines take other times`;
}
