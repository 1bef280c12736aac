import { expect, it } from "vitest";
import { IntervalMeans } from "../src/progress.js";

it("means are over the interval; time left is at the rate of the whole run", () => {
  let now = 100;
  const means = new IntervalMeans(10, () => now);
  const iterate = (loss: number, solved: number) => {
    now += 2;
    means.add({ loss, globalNorm: 2 * loss, solved, sequences: 4 });
  };
  iterate(3, 1);
  iterate(5, 2);
  expect(means.progress()).toEqual({
    step: 2,
    of: 10,
    loss: 4,
    solved: 3 / 8,
    gradientNorm: 8,
    iterations: 2,
    iterationsPerSecond: 0.5,
    secondsLeft: 16,
    seconds: 4,
  });
  now += 1;
  means.restart();
  expect(means.iterations).toBe(0);
  iterate(1, 4);
  expect(means.progress()).toMatchObject({ step: 3, loss: 1, solved: 1, iterations: 1, iterationsPerSecond: 0.5 });
  expect(means.progress().secondsLeft).toBeCloseTo((7 * 5) / 2);
});
