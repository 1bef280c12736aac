import { expect, it } from "vitest";
import { IntervalMeans } from "../../src/run/progress.js";

it("means are over the interval; time left is at the rate of the whole run", () => {
  let now = 100;
  const means = new IntervalMeans(10, undefined, () => now);
  const iterate = (loss: number, exactMatch: number) => {
    now += 2;
    means.add({ loss, globalNorm: 2 * loss, exactMatch, sequences: 4 });
  };
  iterate(3, 1);
  iterate(5, 2);
  expect(means.progress()).toEqual({
    step: 2,
    of: 10,
    loss: 4,
    exactMatch: 3 / 8,
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
  expect(means.progress()).toMatchObject({ step: 3, loss: 1, exactMatch: 1, iterations: 1, iterationsPerSecond: 0.5 });
  expect(means.progress().secondsLeft).toBeCloseTo((7 * 5) / 2);
});

it("a run that is taken up again goes on with the sums it had, and times only what it sees", () => {
  let now = 100;
  const means = new IntervalMeans(10, undefined, () => now);
  const add = (each: IntervalMeans, loss: number) => {
    now += 2;
    each.add({ loss, globalNorm: 2 * loss, exactMatch: 1, sequences: 4 });
  };
  for (const loss of [0.1, 0.2, 0.3]) add(means, loss);
  const before = JSON.parse(JSON.stringify(means.state));
  expect(before).toMatchObject({ step: 3, seconds: 6 });
  now = 5000;
  const taken = new IntervalMeans(10, before, () => now);
  for (const each of [means, taken]) {
    add(each, 0.4);
    add(each, 0.7);
  }
  const { loss, gradientNorm, exactMatch, iterations, step } = means.progress();
  expect(taken.progress()).toMatchObject({ loss, gradientNorm, exactMatch, iterations, step });
  // Three were there; both clocks saw the two others, in eight seconds.
  expect(taken.progress()).toMatchObject({ iterationsPerSecond: 2 / 8, seconds: 6 + 8 });
});
