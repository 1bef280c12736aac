import { expect, it } from "vitest";
import { BetweenReports } from "../../src/page/training/between-reports.js";

it("gives the means of the iterations in between, by summing them again", () => {
  const losses = Array.from({ length: 60 }, (_, index) => 10 / (1 + index) + (index % 3));
  const exact = losses.map((_, index) => (index % 4) / 4);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const between = new BetweenReports();
  const interval = 20;
  let [from, reported] = [0, 0];
  for (const step of [3, 4, 11, 19, 25, 26, 40, 47, 60]) {
    const report = Math.floor((step - 1) / interval) * interval;
    if (report > reported) {
      reported = report;
      from = Math.max(from, report);
    }
    const since = <T>(values: readonly T[]) => values.slice(reported, step);
    const point = between.take({
      step,
      iterations: step - reported,
      loss: mean(since(losses)),
      exactMatch: mean(since(exact)),
    });
    expect(point?.step).toBe(step);
    expect(point?.loss).toBeCloseTo(mean(losses.slice(from, step)), 9);
    expect(point?.exactMatch).toBeCloseTo(mean(exact.slice(from, step)), 9);
    from = step;
  }
});

it("gives nothing where there was no iteration", () => {
  const between = new BetweenReports();
  const means = { step: 5, iterations: 5, loss: 1, exactMatch: 0 };
  expect(between.take(means)).toBeDefined();
  expect(between.take(means)).toBeUndefined();
});
