/** What a sweep does with its runs, whatever happens to jobs and to itself. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { EventLog } from "../../src/sweep/events.js";
import { type RunnerOptions, SweepRunner } from "../../src/sweep/sweep-runner.js";
import { temporaryFolder } from "../support.js";
import { SimulatedJobs, type SimulationOptions } from "./simulated-jobs.js";

const ITERATIONS = 100;

const sweepOf = (changes: Partial<RunnerOptions["sweep"]> = {}): RunnerOptions["sweep"] => ({
  ...{ goal: "maximize", metric: "exact_match", attempts: 3, budget: undefined, stop: undefined },
  ...changes,
});

/** The value of a run grows with its number. */
const byNumber = (folder: string) => Number(/\d+$/.exec(folder)?.[0]) / 100;

function simulate(count: number, options: Partial<SimulationOptions> = {}) {
  const results = temporaryFolder();
  const jobs = new SimulatedJobs({ iterations: ITERATIONS, valueAt: byNumber, ...options });
  const runs = Array.from({ length: count }, (_, index) => ({
    ...{ name: `run-${index + 10}`, group: "all", seed: index, settings: {}, words: [] },
    ...{ folder: join(results, "runs", `run-${index + 10}`), iterations: ITERATIONS, hasUntil: false },
  }));
  let time = 0;
  const create = (sweep = sweepOf(), atOnce = 3) =>
    new SweepRunner({
      ...{ sweep, runs, jobs, atOnce, events: new EventLog(results) },
      ...{ jobId: (run, submission) => `${run.name}#${submission}`, wordsOf: ({ folder }) => [folder] },
      now: () => (time += 1000),
    });
  const states = (runner: SweepRunner) => runner.runs.map(({ state }) => state.status);
  return { results, jobs, runs, create, states };
}

async function untilDone(runner: SweepRunner): Promise<SweepRunner> {
  for (let ticks = 0; !runner.isDone; ticks++) {
    if (ticks > 2000) throw new Error("the sweep does not end");
    await runner.tick();
  }
  return runner;
}

/** Steps of the reports of a complete run. */
const COMPLETE = Array.from({ length: 10 }, (_, index) => 10 * (index + 1));

describe("a sweep", () => {
  it("computes every run once, so many at a time as it may", async () => {
    const { jobs, runs, create, states } = simulate(7);
    const runner = await untilDone(create());
    expect(states(runner)).toEqual(runs.map(() => "finished"));
    expect([...jobs.computed.values()]).toEqual(runs.map(() => COMPLETE));
    expect([jobs.most, jobs.started]).toEqual([3, 7]);
    expect(runner.runs.map(({ state }) => state.value)).toEqual(runs.map(({ folder }) => byNumber(folder)));
  });

  it.each([
    ["goes on with the jobs of a cluster", false],
    ["starts those again that ended with it", true],
  ])("that is killed at any time %s", async (_, losesJobs) => {
    for (const seed of Array.from({ length: 8 }, (_, index) => index)) {
      const { jobs, runs, create, states } = simulate(5, { seed });
      const random = createRandom(seed);
      let runner = create();
      for (let kills = 0; !runner.isDone; kills++) {
        if (kills > 200) throw new Error("the sweep does not end");
        for (let ticks = random.integer(0, 4); ticks > 0 && !runner.isDone; ticks--) await runner.tick();
        if (losesJobs) jobs.lose();
        runner = create();
        await runner.tick();
      }
      expect(states(runner)).toEqual(runs.map(() => "finished"));
      expect([...jobs.computed.values()]).toEqual(runs.map(() => COMPLETE));
    }
  });

  it("resumes jobs that fail, up to a number of times", async () => {
    for (const seed of [1, 2, 3]) {
      const { jobs, runs, create, states } = simulate(6, { seed, failing: 0.05 });
      const runner = await untilDone(create(sweepOf({ attempts: 100 })));
      expect(states(runner)).toEqual(runs.map(() => "finished"));
      expect([...jobs.computed.values()]).toEqual(runs.map(() => COMPLETE));
      expect(jobs.started).toBe(6 + runner.runs.reduce((sum, { state }) => sum + state.failures, 0));
      expect(jobs.started).toBeGreaterThan(6);
    }
    const { jobs, create, states } = simulate(2, { failing: 1 });
    const runner = await untilDone(create(sweepOf({ attempts: 3 })));
    expect(states(runner)).toEqual(["failed", "failed"]);
    expect(jobs.started).toBe(6);
    expect(runner.runs[0]?.state).toMatchObject({ failures: 3, reason: "killed" });
  });

  it("starts jobs again that the cluster has forgotten, and does not count that as a failure", async () => {
    const { jobs, runs, create, states } = simulate(5);
    const runner = create();
    for (let ticks = 1; !runner.isDone; ticks++) {
      if (ticks > 200) throw new Error("the sweep does not end");
      await runner.tick();
      if (ticks % 4 === 0) jobs.lose();
    }
    expect(states(runner)).toEqual(runs.map(() => "finished"));
    expect(runner.runs.map(({ state }) => state.failures)).toEqual(runs.map(() => 0));
    expect([...jobs.computed.values()]).toEqual(runs.map(() => COMPLETE));
    expect(jobs.started).toBeGreaterThan(5);
  });

  it("does not try a run again that diverged", async () => {
    const { jobs, runs, create, states } = simulate(1, { failing: 1 });
    const [{ folder }] = runs as [(typeof runs)[number]];
    const runner = create();
    await runner.tick();
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, "metrics.jsonl"), '{"step":10,"error":"the loss of iteration 10 is NaN"}\n');
    await untilDone(runner);
    expect(states(runner)).toEqual(["failed"]);
    expect([jobs.started, runner.runs[0]?.state.reason]).toEqual([1, "the loss of iteration 10 is NaN"]);
  });

  it("halves its runs rung by rung, the same when it is killed on the way", async () => {
    const stop = { kind: "halving", first: 20, factor: 2 } as const;
    for (const seed of [0, 1, 2, 3, 4]) {
      const { jobs, create } = simulate(8, { seed });
      const random = createRandom(seed);
      let runner = create(sweepOf({ stop }));
      while (!runner.isDone) {
        await runner.tick();
        if (random.integer(0, 3) === 0) runner = create(sweepOf({ stop }));
      }
      const ended = runner.runs.map(({ state }) => [state.status, state.step]);
      // The best run has the highest number; of 8, 4 and 2 runs a half ends at 20, 40 and 80 iterations.
      expect(ended).toEqual([
        ...Array.from({ length: 4 }, () => ["stopped", 20]),
        ...Array.from({ length: 2 }, () => ["stopped", 40]),
        ["stopped", 80],
        ["finished", 100],
      ]);
      for (const [folder, steps] of jobs.computed)
        expect([folder, new Set(steps).size]).toEqual([folder, steps.length]);
    }
  });

  it("stops runs that are worse than the median, and never starts them again", async () => {
    const { jobs, create, states } = simulate(6);
    const stop = { kind: "median", after: 30, runs: 2 } as const;
    await untilDone(create(sweepOf({ stop, goal: "minimize" }), 3));
    const again = create(sweepOf({ stop, goal: "minimize" }), 3);
    expect(states(again)[0]).toBe("finished");
    expect(states(again).slice(-3)).toEqual(["stopped", "stopped", "stopped"]);
    const { started } = jobs;
    await again.tick();
    expect(jobs.started).toBe(started);
  });

  it("finishes runs at their budget of minutes", async () => {
    const { jobs, runs, create, states } = simulate(2);
    const runner = await untilDone(create(sweepOf({ budget: { minutes: 0.5 } })));
    expect(states(runner)).toEqual(["finished", "finished"]);
    expect(runner.runs[0]?.state).toMatchObject({ step: 30, value: 0.1 });
    expect(jobs.computed.get((runs[0] as { folder: string }).folder)).toEqual([10, 20, 30]);
  });

  it("takes no notice of reports after a run's end, which a job writes until it has saved", async () => {
    const { runs, create } = simulate(4);
    const sweep = sweepOf({ stop: { kind: "median", after: 20, runs: 2 }, budget: { minutes: 1 } });
    const ended = await untilDone(create(sweep));
    const steps = ended.runs.map(({ state }) => state.step);
    expect([Math.min(...(steps as number[])) < 60, Math.max(...(steps as number[]))]).toEqual([true, 60]);
    for (const { folder } of runs)
      appendFileSync(join(folder, "metrics.jsonl"), '{"step":67,"loss":0,"exact_match":1,"seconds":67}\n');
    const again = create(sweep);
    for (const { runs: each } of [ended, again]) expect(each.map(({ last }) => last?.step)).toEqual(steps);
  });

  it("continues after all jobs were asked to end, without counting that as a failure", async () => {
    const { jobs, runs, create, states } = simulate(4);
    const first = create();
    for (let ticks = 0; ticks < 5; ticks++) await first.tick();
    while ((await first.stopAll()) > 0);
    const runner = await untilDone(create());
    expect(states(runner)).toEqual(runs.map(() => "finished"));
    expect(runner.runs.map(({ state }) => state.failures)).toEqual([0, 0, 0, 0]);
    for (const [folder, steps] of jobs.computed)
      expect([basename(folder), steps]).toEqual([basename(folder), COMPLETE]);
  });
});

describe("jobs that wait for room", () => {
  it("are asked to end, but not waited for", async () => {
    const { jobs, create } = simulate(3);
    const runner = create();
    await runner.tick();
    const list = jobs.list.bind(jobs);
    const asked: string[] = [];
    jobs.list = async () => new Map(Array.from(await list(), ([id, state]) => [id, { ...state, isPending: true }]));
    jobs.stop = async (id) => void asked.push(id);
    expect(await runner.stopAll()).toBe(0);
    expect(asked).toHaveLength(3);
  });
});

describe("a job that ends well elsewhere", () => {
  it("fails with a reason that names the folder", async () => {
    const { jobs, runs, create } = simulate(1);
    jobs.list = async () => new Map([["run-10#1", { status: "succeeded", message: "Job finished successfully." }]]);
    const runner = create(sweepOf({ attempts: 1 }));
    for (let ticks = 0; ticks < 2; ticks++) await runner.tick();
    expect(runner.runs[0]?.state).toMatchObject({
      status: "failed",
      reason: `its job ended well, but ${runs[0]?.folder} has nothing of it`,
    });
  });
});

describe("the record of a sweep", () => {
  it("skips a line that a kill has cut, and ends it before the next", () => {
    const results = temporaryFolder();
    const log = new EventLog(results, () => new Date(0));
    log.append({ run: "a", event: "started", submission: 1 });
    appendFileSync(join(results, "events.jsonl"), '{"run":"a","ev');
    expect(log.read()).toEqual([{ at: "1970-01-01T00:00:00.000Z", run: "a", event: "started", submission: 1 }]);
    log.append({ run: "a", event: "paused", step: 3 });
    expect(log.read().map(({ event }) => event)).toEqual(["started", "paused"]);
    expect(readFileSync(join(results, "events.jsonl"), "utf8").split("\n")).toHaveLength(4);
  });
});
