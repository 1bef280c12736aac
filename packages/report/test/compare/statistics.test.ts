import { expect, it } from "vitest";
import { meanCurve } from "../../src/compare/mean-curve.js";
import { statistics } from "../../src/compare/statistics.js";

it("the deviation is that of a sample, and unknown for one number", () => {
  expect(statistics([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: Math.sqrt(32 / 7), count: 8 });
  expect(statistics([3])).toEqual({ mean: 3, deviation: undefined, count: 1 });
  expect(statistics([])).toBeUndefined();
});

it("a mean curve has the mean and the deviation at each step, and ends where the first run does", () => {
  const first = [0, 10, 20, 30].map((x) => ({ x, y: x }));
  const second = [0, 10, 20].map((x) => ({ x, y: x + 2 }));
  const { points, deviations, runs } = meanCurve("all", [first, second]);
  expect(points).toEqual([0, 10, 20].map((x) => ({ x, y: x + 1 })));
  for (const deviation of deviations ?? []) expect(deviation).toBeCloseTo(Math.SQRT2, 12);
  expect(runs).toEqual([first, second]);
});

it("curves with other steps are interpolated", () => {
  const first = [
    { x: 0, y: 0 },
    { x: 10, y: 10 },
  ];
  const second = [0, 4, 10].map((x) => ({ x, y: 3 * x }));
  expect(meanCurve("all", [second, first]).points).toEqual([0, 4, 10].map((x) => ({ x, y: 2 * x })));
});

it("a curve by itself has no band", () => {
  const points = [{ x: 1, y: 1 }];
  expect(meanCurve("one", [points])).toEqual({ name: "one", points });
});
