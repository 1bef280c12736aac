import { describe, expect, it } from "vitest";
import { readMetrics } from "../../src/report/metrics.js";

const report = (step: number, loss = 1) => ({
  step,
  loss,
  solved: 0.5,
  gradient_norm: 2,
  iterations: 100,
  iterations_per_second: 10,
  seconds: step,
});
const lines = (...records: readonly unknown[]) => records.map((each) => `${JSON.stringify(each)}\n`).join("");

describe("metrics", () => {
  it("are the reports, whatever else is there and wherever the last line ends", () => {
    const text = `${lines(report(1), null, [1], { step: 2 }, { ...report(2), loss: "NaN" }, report(3))}no JSON\n\n{"step":4,"lo`;
    expect(readMetrics(text)).toEqual({ reports: [report(1), report(3)], error: undefined });
    expect(readMetrics("")).toEqual({ reports: [], error: undefined });
  });

  it("know each step once: what was reported again counts", () => {
    const text = lines(report(1, 1), report(2, 2), report(3, 3), report(2, 20), report(3, 30));
    expect(readMetrics(text).reports.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 1],
      [2, 20],
      [3, 30],
    ]);
  });

  it("tell what stopped the run, unless it went on", () => {
    const stopped = { step: 2, error: "the loss is NaN" };
    expect(readMetrics(lines(report(1), stopped)).error).toBe("the loss is NaN");
    expect(readMetrics(lines(report(1), stopped, report(2))).error).toBeUndefined();
  });
});
