import type { TrainStepResult } from "@dnc/core/engine";
import { createRandom } from "@dnc/tasks";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { TrainCallbacks } from "../src/train-options.js";
import { Training } from "../src/training.js";
import { optimizerOf, smallNetwork, smallTask } from "./support.js";

afterEach(() => vi.restoreAllMocks());

/** Milliseconds that the engine needs for a step, by the number of steps before it. */
type Speed = (step: number) => number;

/**
 * Runs training on an engine whose steps run asynchronously, with a simulated clock: starting a step takes a hundredth of a
 * millisecond, waiting for results takes as long as the steps in flight still need.
 *
 * @returns the number of steps that each flush waited for, and how long it waited.
 */
async function trainSlowly(speed: Speed, iterations: number, callbacks: TrainCallbacks = {}) {
  const network = smallNetwork();
  const optimizer = optimizerOf(network);
  const [waits, started]: [{ steps: number; milliseconds: number }[], TrainStepResult[]] = [[], []];
  let [clock, busyUntil, steps] = [0, 0, 0];
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const runner = {
    ...{ description: "slow engine", setLearningRate: () => {}, writeToVariables: async () => {}, dispose: () => {} },
    async step() {
      clock += 0.01;
      busyUntil = Math.max(clock, busyUntil) + speed(steps++);
      started.push({ loss: 1, globalNorm: 1, applied: true, exactMatch: 0 });
      return [];
    },
    async flush() {
      if (started.length > 0) waits.push({ steps: started.length, milliseconds: Math.max(0, busyUntil - clock) });
      clock = Math.max(clock, busyUntil);
      return started.splice(0);
    },
  };
  const training = new Training({
    ...{ variables: network.variables, optimizer, runner, random: createRandom(1) },
    ...{
      pickTask: () => ({ task: smallTask, lesson: 0 }),
      state: undefined,
      learningRate: undefined,
      iterations,
      callbacks,
    },
    ...{ reportInterval: 1e6, checkpointInterval: undefined },
  });
  await training.run();
  return { step: training.step, waits };
}

describe("an engine that computes asynchronously", () => {
  it.each([
    [1000, 1],
    [200, 2],
    [60, 8],
    [10, 49],
  ])("has at most half a second of steps in flight, and at least one: steps of %d ms, %d of them", async (ms, most) => {
    const { step, waits } = await trainSlowly(() => ms, 200);
    expect(step).toBe(200);
    expect(waits[0].steps).toBe(1);
    for (const { milliseconds } of waits) expect(milliseconds).toBeLessThanOrEqual(Math.max(ms, 500));
    const full = waits.slice(1, -1).map(({ steps }) => steps);
    expect(Math.min(...full)).toBeGreaterThanOrEqual(most);
    expect(Math.max(...full)).toBeLessThanOrEqual(most + 1);
  });

  it("is given many steps at once if it is fast", async () => {
    const { waits } = await trainSlowly(() => 0.1, 5000);
    expect(waits.length).toBeLessThan(5);
  });

  it("has fewer in flight as soon as results show that it has become slower, more when it is fast again", async () => {
    const { waits } = await trainSlowly((step) => (step < 100 ? 5 : step < 240 ? 100 : 5), 700);
    const slow = waits.findIndex(({ milliseconds }) => milliseconds > 600);
    expect(waits[slow + 1].steps).toBeLessThan(15); // some of the steps measured were fast
    expect(waits[slow + 2].steps).toBeLessThanOrEqual(5);
    expect(waits.at(-2)?.steps).toBeGreaterThan(50);
  });

  it("stops within half a second, with the results of every step that was started", async () => {
    const signal = { aborted: false };
    const onProgress = ({ step }: { step: number }) => {
      signal.aborted = step >= 20;
    };
    const { step, waits } = await trainSlowly(() => 60, 1000, { signal, onProgress });
    expect(step).toBeLessThan(30);
    expect(waits.at(-1)?.milliseconds).toBeLessThanOrEqual(500);
  });
});
