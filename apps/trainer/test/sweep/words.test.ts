/** Texts of a sweep. */
import { describe, expect, it } from "vitest";
import type { RunStatus } from "../../src/sweep/run-state.js";
import { bestRun, estimateText, eventText, summaryText } from "../../src/sweep/words.js";

const run = (name: string, status: RunStatus, value?: number) => ({
  ...{ name, group: "all", seed: 1, settings: {}, words: [], folder: name, iterations: 10, hasUntil: false },
  ...{ state: { status, submission: 1, failures: 0 }, last: value === undefined ? undefined : { step: 5, value } },
});

describe("the best run", () => {
  it("is one that has finished, if one has", () => {
    const runs = [run("a", "stopped", 0.9), run("b", "finished", 0.5), run("c", "finished", 0.7), run("d", "waiting")];
    expect(bestRun(runs, "maximize")?.name).toBe("c");
    expect(bestRun(runs, "minimize")?.name).toBe("b");
    expect(bestRun(runs.slice(0, 1), "maximize")?.name).toBe("a");
    expect(bestRun([run("a", "failed", 1), run("b", "running", 0.1)], "maximize")?.name).toBe("b");
    expect(bestRun([run("a", "waiting")], "maximize")).toBeUndefined();
  });

  it("is named in the summary after the number of runs in each state", () => {
    const runs = [run("a", "paused", 0.9), run("b", "finished", 0.5), run("c", "failed"), run("d", "waiting")];
    expect(summaryText(runs, { metric: "exact_match", goal: "maximize" })).toBe(
      "1 finished, 2 waiting, 1 failed of 4; best: exact match 50.0% (b)",
    );
    expect(summaryText([run("d", "waiting")], { metric: "loss", goal: "minimize" })).toBe("1 waiting of 1");
  });
});

describe("events", () => {
  it("are sentences with the value of the metric", () => {
    const finished = { run: "a", event: "finished", step: 10, value: 0.25 } as const;
    expect(eventText(finished, "loss")).toBe("finished after iteration 10, loss 0.25");
    expect(eventText({ ...finished, value: null }, "loss")).toBe("finished after iteration 10, no loss");
    const stopped = { run: "a", event: "stopped", rule: "median", step: 4, value: 0.1, bound: 0.5 } as const;
    expect(eventText(stopped, "exact_match")).toBe("stopped by median at iteration 4, exact match 10.0%; bound 50.0%");
  });
});

describe("the estimate", () => {
  it("scales the minutes of the preset by iterations, runs and how many are trained at a time", () => {
    const options = { preset: 1000, runs: [2000, 4000], atOnce: 2, budget: undefined };
    expect(estimateText(10, options)).toMatch(
      /^about 30 min 0 s with 2 at a time: the preset takes 10 minutes for 1000/,
    );
    expect(estimateText(10, { ...options, budget: { minutes: 5 } })).toBe(
      "at most 5 min 0 s with 2 at a time: 5 minutes for each run",
    );
    expect(estimateText(null, options)).toBe("not known: there is no preset whose time was measured");
  });
});
