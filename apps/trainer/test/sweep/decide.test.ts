/** The rules that end runs of a sweep early, against other computations of the same. */
import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { type Candidate, decide } from "../../src/sweep/decide.js";

const points = (...values: readonly number[]) =>
  values.map((value, index) => ({ step: 10 * (index + 1), value, seconds: 60 * (index + 1) }));

const candidate = (name: string, values: readonly number[], state: Candidate["state"] = "active"): Candidate => ({
  ...{ name, points: points(...values), iterations: 100, state },
});

/** Candidates with random reports of any number. */
function randomCandidates(seed: number): readonly Candidate[] {
  const random = createRandom(seed);
  return Array.from({ length: random.integer(1, 12) }, (_, index) => {
    const values = Array.from({ length: random.integer(0, 10) }, () => random.integer(0, 9));
    const state = (["active", "active", "active", "ended", "failed"] as const)[random.integer(0, 4)] as "active";
    return candidate(`run ${index}`, values, state);
  });
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

describe("median stopping", () => {
  const stop = { kind: "median", after: 20, runs: 2 } as const;

  it("stops a run whose newest report is worse than the median of the others at the same iteration", () => {
    const runs = [candidate("a", [1, 5]), candidate("b", [1, 3, 9]), candidate("c", [9, 4], "ended")];
    expect([...decide({ goal: "maximize", stop }, runs).stopped]).toEqual([]);
    const worse = [...runs, candidate("d", [9, 3.5])];
    expect([...decide({ goal: "maximize", stop }, worse).stopped]).toEqual([
      ["d", { rule: "median", step: 20, value: 3.5, bound: 4 }],
    ]);
    expect([...decide({ goal: "minimize", stop }, worse).stopped.keys()]).toEqual(["a"]);
  });

  it("does what its definition says, for any reports", () => {
    for (const seed of SEEDS) {
      const runs = randomCandidates(seed);
      for (const goal of ["maximize", "minimize"] as const) {
        const expected = runs.filter((run) => isWorseThanMedian(run, runs, goal)).map(({ name }) => name);
        expect([...decide({ goal, stop }, runs).stopped.keys()]).toEqual(expected);
      }
    }
  });

  function isWorseThanMedian(run: Candidate, runs: readonly Candidate[], goal: "maximize" | "minimize"): boolean {
    const last = run.points.at(-1);
    if (run.state !== "active" || !last || last.step < stop.after) return false;
    const others = runs.filter((other) => other !== run && other.state !== "failed");
    const values = others.flatMap((other) => other.points.filter(({ step }) => step === last.step));
    if (values.length < stop.runs) return false;
    const sorted = values.map(({ value }) => value).sort((a, b) => a - b);
    const half = sorted.length / 2;
    const median = Number.isInteger(half)
      ? ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
      : (sorted[Math.floor(half)] as number);
    return goal === "maximize" ? last.value < median : last.value > median;
  }
});

describe("successive halving", () => {
  const stop = { kind: "halving", first: 20, factor: 2 } as const;
  const sweep = { goal: "maximize", stop } as const;

  it("holds runs at a rung until all are there, then keeps the best of them", () => {
    const early = [candidate("a", [1, 5]), candidate("b", [1, 3]), candidate("c", [9])];
    expect([...decide(sweep, early).held]).toEqual(["a", "b"]);
    const all = [candidate("a", [1, 5]), candidate("b", [1, 3]), candidate("c", [9, 4])];
    const { held, stopped } = decide(sweep, all);
    expect([...held]).toEqual([]);
    expect([...stopped]).toEqual([["b", { rule: "halving", step: 20, value: 3, bound: 4 }]]);
  });

  it("decides by the report at the rung, whatever came after it", () => {
    const runs = [candidate("a", [1, 5, 0, 0]), candidate("b", [1, 3, 9, 9])];
    expect([...decide(sweep, runs).stopped.keys()]).toEqual(["b"]);
  });

  it("counts failed runs as the worst", () => {
    const runs = [candidate("a", [9, 9], "failed"), candidate("b", [1, 1]), candidate("c", [1, 2])];
    expect([...decide(sweep, runs).stopped.keys()]).toEqual([]);
  });

  it("keeps half of the runs at each rung, and never stops one that was better at every report", () => {
    for (const seed of SEEDS) {
      const random = createRandom(seed);
      const count = random.integer(2, 16);
      const quality = Array.from({ length: count }, (_, index) => [random.integer(0, 1000), index] as const);
      const runs = quality.map(([value, index]) => {
        return candidate(
          `run ${index}`,
          Array.from({ length: 10 }, (_, step) => 10 * value + step),
        );
      });
      const { stopped } = decide(sweep, runs);
      // Rungs at 20, 40 and 80 of 100 iterations.
      let left = count;
      for (let rung = 0; rung < 3; rung++) left = Math.ceil(left / 2);
      expect(count - stopped.size).toBe(left);
      const order = [...quality].sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, index]) => `run ${index}`);
      expect(new Set(order.slice(left))).toEqual(new Set(stopped.keys()));
    }
  });

  it("decides the same whatever was known before: what it stops early it stops in the end", () => {
    for (const seed of SEEDS) {
      const runs = randomCandidates(seed).map((run) => ({ ...run, state: "active" as const }));
      const complete = runs.map((run) => ({
        ...run,
        points: points(...run.points.map(({ value }) => value), ...REST),
      }));
      const final = decide(
        sweep,
        complete.map((run) => ({ ...run, points: run.points.slice(0, 10) })),
      );
      for (const [name, verdict] of decide(sweep, runs).stopped) expect(final.stopped.get(name)).toEqual(verdict);
    }
  });
});

/** Reports that follow those that are known. */
const REST = Array.from({ length: 10 }, (_, index) => (index * 7) % 10);

describe("a budget in minutes", () => {
  it("ends a run at its first report after them, also if one looks later", () => {
    const runs = [candidate("a", [1, 2, 3, 9, 9]), candidate("b", [1, 2]), candidate("c", [1, 2, 3], "ended")];
    const { stopped } = decide({ goal: "maximize", budget: { minutes: 2.5 } }, runs);
    expect([...stopped]).toEqual([["a", { rule: "minutes", step: 30, value: 3, bound: 2.5 }]]);
  });
});
