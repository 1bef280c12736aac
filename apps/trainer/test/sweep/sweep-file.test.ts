/** The file of a sweep: what it says, and what is refused. */
import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { axisValues } from "../../src/sweep/axis-values.js";
import { planSweep } from "../../src/sweep/plan-runs.js";
import { readSweep } from "../../src/sweep/sweep-file.js";

const read = (changes: object = {}) => readSweep("s.json", { preset: "copy", seeds: [1, 7], ...changes });

describe("values of a setting that varies", () => {
  it("are those of a list, and of a range with both ends", () => {
    expect(axisValues("x", [32, 64], true)).toEqual([32, 64]);
    expect(axisValues("x", { from: 0, to: 0.3, steps: 4 }, false)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(axisValues("x", { from: 8, to: 64, steps: 3 }, true)).toEqual([8, 36, 64]);
  });

  it("are drawn so that their logarithms are uniformly distributed, the same each time", () => {
    const value = { logUniform: [1e-4, 1], draws: 400, seed: 3 };
    const draws = axisValues("x", value, false) as readonly number[];
    expect(axisValues("x", value, false)).toEqual(draws);
    expect(axisValues("x", { ...value, seed: 4 }, false)).not.toEqual(draws);
    expect(draws.every((draw) => draw >= 1e-4 && draw <= 1 && draw === Number(draw.toPrecision(4)))).toBe(true);
    expect(new Set(draws).size).toBe(400);
    // A quarter in each decade: a deviation of 0.022 for 400 draws.
    for (const low of [-4, -3, -2, -1]) {
      const share = draws.filter((draw) => Math.log10(draw) >= low && Math.log10(draw) < low + 1).length / 400;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.09);
    }
  });

  it("are the same on every machine", () => {
    const draws = [0.0001173, 0.0002778, 0.002095, 0.005938];
    expect(axisValues("x", { logUniform: [1e-4, 1e-2], draws: 4 }, false)).toEqual(draws);
    const random = createRandom(0);
    const powers = draws.map(() => 1e-4 * 100 ** (random.integer(0, 2 ** 32 - 1) / 2 ** 32));
    expect(powers.map((power) => Number(power.toPrecision(4)))).toEqual(draws);
  });

  it("are rounded for an integer, as many different ones as are asked for", () => {
    const sizes = axisValues("x", { logUniform: [1, 8], draws: 8 }, true);
    expect([...sizes].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(() => axisValues("x", { logUniform: [1, 8], draws: 9 }, true)).toThrow(
      "x: draws: expected at most 8 different values, got 9",
    );
  });
});

describe("the plan of a sweep", () => {
  it("knows how the values of a setting are apart, for figures", () => {
    const { vary } = read({
      vary: {
        learning_rate: { logUniform: [1e-4, 1e-2], draws: 2 },
        clip_value: { from: 1, to: 2, steps: 2 },
        masking: [true],
      },
    });
    expect(vary.map(({ scale }) => scale)).toEqual(["logarithmic", "linear", undefined]);
  });

  it("has every combination with every seed, seed by seed", () => {
    const sweep = read({ vary: { "memory.masking": [true, false], "deallocation+sharpness": [true, false] } });
    const runs = planSweep("s.json", sweep);
    expect(runs).toHaveLength(8);
    expect(runs.map(({ seed }) => seed)).toEqual([1, 1, 1, 1, 7, 7, 7, 7]);
    expect(new Set(runs.map(({ name }) => name)).size).toBe(8);
    expect(runs[1]).toEqual({
      name: "masking=true,deallocation+sharpness=false,seed=1",
      group: "masking=true,deallocation+sharpness=false",
      seed: 1,
      settings: { masking: true, deallocation: false, sharpness: false },
      words: ["--preset=copy", "--masking=true", "--deallocation=false", "--sharpness=false", "--seed=1"],
    });
  });

  it("has one group where nothing varies, and the iterations of its budget", () => {
    const [run, ...others] = planSweep("s.json", read({ budget: { iterations: 50 }, seeds: { count: 2 } }));
    expect(run).toMatchObject({ name: "seed=1", group: "all" });
    expect(run?.words).toEqual(["--preset=copy", "--num_training_iterations=50", "--seed=1"]);
    expect(others.map(({ seed }) => seed)).toEqual([2]);
  });

  it("names runs for a folder on every system, each with another name", () => {
    const values = ["./a b.mjs", "./a:b.mjs", "./A b.mjs", "x".repeat(300), `${"x".repeat(300)}y`];
    const names = planSweep("s.json", read({ vary: { task: values }, seeds: [1] })).map(({ name }) => name);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[\w.,=+~-]{1,140}$/);
  });

  it("refuses more than 10,000 runs", () => {
    const range = { from: 1, to: 1000, steps: 1000 };
    const sweep = read({ vary: { hidden_size: range, memory_size: range } });
    expect(() => planSweep("s.json", sweep)).toThrow("s.json: expected at most 10000 runs, got 2000000");
  });
});

describe("the file of a sweep", () => {
  it("has defaults for what it does not say", () => {
    expect(read()).toEqual({
      ...{ preset: "copy", settings: undefined, vary: [], seeds: [1, 7], metric: "exact_match", goal: "maximize" },
      ...{ atOnce: undefined, attempts: 3, budget: undefined, stop: undefined, resources: { cpus: 1, gpus: 0 } },
    });
    expect(read({ metric: "loss" }).goal).toBe("minimize");
    expect(read({ stop: { median: {} } }).stop).toEqual({ kind: "median", after: 1, runs: 3 });
    expect(read({ stop: { halving: { first: 10 } } }).stop).toEqual({ kind: "halving", first: 10, factor: 3 });
  });

  it.each([
    [[], "s.json: expected an object with preset, "],
    [{ seeds: [1] }, "s.json: expected preset or settings, got neither"],
    [{ preset: 3, seeds: [1] }, "s.json: preset: expected the name of a preset, got 3"],
    [{ preset: "copy" }, "s.json: seeds: expected a list or { count }, got nothing"],
    [{ preset: "copy", seeds: [] }, "s.json: seeds: expected at least one seed, got []"],
    [{ preset: "copy", seeds: [1, 1] }, "s.json: seeds: expected different seeds, got 1"],
    [{ preset: "copy", seeds: [2 ** 31] }, "s.json: seeds: expected an integer from 0 to 2147483647, got 2147483648"],
    [{ preset: "copy", seeds: { count: 0 } }, "s.json: seeds: count: expected an integer from 1 to 10000, got 0"],
    [{ preset: "copy", seeds: [1], colour: 1 }, "s.json: expected only the keys preset, "],
  ])("refuses %j", (contents, message) => {
    expect(() => readSweep("s.json", contents)).toThrow(message);
  });

  it.each([
    [{ vary: [] }, "s.json: vary: expected an object, got []"],
    [{ vary: { x: 3 } }, "s.json: vary: x: expected a list, { from, to, steps } or { logUniform: [low, high], draws }"],
    [{ vary: { x: [] } }, "s.json: vary: x: expected at least one value, got []"],
    [{ vary: { x: [1, null] } }, "s.json: vary: x: expected texts, numbers, true or false, got null"],
    [{ vary: { x: [1, 1] } }, "s.json: vary: x: expected different values, got 1"],
    [{ vary: { x: { from: 1, to: 2 } } }, "s.json: vary: x: steps: expected an integer from 2 to 1000, got nothing"],
    [{ vary: { x: { from: 1, to: 1, steps: 2 } } }, "s.json: vary: x: expected different values, got 1"],
    [
      { vary: { x: { logUniform: [0, 1], draws: 2 } } },
      "s.json: vary: x: logUniform: expected a number above 0, got 0",
    ],
    [{ vary: { x: { logUniform: [2, 1], draws: 2 } } }, "s.json: vary: x: logUniform: expected a low bound below"],
    [{ vary: { x: { logUniform: [1], draws: 2 } } }, "s.json: vary: x: logUniform: expected [low, high], got [1]"],
    [{ vary: { "": [1] } }, "s.json: vary: expected names of settings, got nothing"],
    [{ vary: { seed: [1] } }, 's.json: vary: expected settings of the network, the training or the task, got "seed"'],
    [{ vary: { "a+b": [1], "x.b": [2] } }, "s.json: vary: expected each setting once, got b again"],
    [
      { settings: { resume: "x" } },
      's.json: settings: expected settings of the network, the training or the task, got "res',
    ],
    [{ metric: "speed" }, "s.json: metric: expected one of exact_match, held_out_exact_match, loss, got"],
    [{ goal: "best" }, "s.json: goal: expected one of maximize, minimize, got"],
    [{ at_once: 0 }, "s.json: at_once: expected an integer from 1 to 10000, got 0"],
    [{ attempts: 0.5 }, "s.json: attempts: expected an integer from 1 to 100, got 0.5"],
    [{ budget: {} }, "s.json: budget: expected either iterations or minutes of a run, got {}"],
    [{ budget: { minutes: 0 } }, "s.json: budget: minutes: expected a number above 0, got 0"],
    [
      { budget: { iterations: 5 }, vary: { num_training_iterations: [1] } },
      "s.json: budget: expected minutes where num_training_iterations varies, got iterations",
    ],
    [{ stop: {} }, "s.json: stop: expected either median or halving, got {}"],
    [{ stop: { median: { before: 3 } } }, "s.json: stop: median: expected only the keys after, runs, got"],
    [
      { stop: { halving: { first: 3, factor: 1 } } },
      "s.json: stop: halving: factor: expected an integer from 2 to 100",
    ],
    [{ resources: { cpus: 0 } }, "s.json: resources: cpus: expected a number above 0, got 0"],
    [
      { resources: { cpus: 33 } },
      "s.json: resources: cpus: expected a number up to 32 with at most four decimals, got 33",
    ],
    [
      { resources: { cpus: 0.33333 } },
      "s.json: resources: cpus: expected a number up to 32 with at most four decimals",
    ],
    [{ resources: { cpus: 1e-9 } }, "s.json: resources: cpus: expected a number up to 32 with at most four decimals"],
    [
      { resources: { gpus: 1.5 } },
      "s.json: resources: gpus: expected a whole number, or a fraction of 1, up to 1024 with at most four decimals, got 1.5",
    ],
    [{ resources: { memory_gb: 1e300 } }, "s.json: resources: memory_gb: expected a number up to 1048576, got"],
    [{ vary: { x: { from: -1e308, to: 1e308, steps: 3 } } }, "s.json: vary: x: expected a range of finite width, got"],
    [
      { vary: { x: { logUniform: [5e-324, 1e308], draws: 3 } } },
      "s.json: vary: x: logUniform: expected bounds with a finite ratio, got",
    ],
    [{ resources: { tpus: 1 } }, "s.json: resources: expected only the keys cpus, gpus, memory_gb, got"],
  ])("refuses %j in it", (changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });

  it("is checked in a time that does not grow with the square of a list", () => {
    const many = Array.from({ length: 200_000 }, (_, index) => index);
    const begin = performance.now();
    expect(() => planSweep("s.json", read({ vary: { x: many } }))).toThrow("expected at most 10000 runs, got");
    expect(() => planSweep("s.json", read({ seeds: many }))).toThrow("expected at most 10000 runs, got");
    expect(() => read({ vary: { x: [...many, 7] } })).toThrow("s.json: vary: x: expected different values, got 7");
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
