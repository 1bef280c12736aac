import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMetrics } from "../src/metrics.js";

const report = (step: number, loss = 1) => ({
  step,
  loss,
  exact_match: 0.5,
  gradient_norm: 2,
  iterations: 100,
  iterations_per_second: 10,
  seconds: step,
});
const lines = (...records: readonly unknown[]) => records.map((each) => `${JSON.stringify(each)}\n`).join("");

describe("metrics", () => {
  it("are the reports, whatever other lines there are and wherever the last line ends", () => {
    const text = `${lines(report(1), null, [1], { step: 2 }, { ...report(2), loss: "NaN" }, report(3))}no JSON\n\n{"step":4,"lo`;
    expect(parseMetrics(text)).toEqual({ reports: [report(1), report(3)], error: undefined });
    expect(parseMetrics("")).toEqual({ reports: [], error: undefined });
  });

  it("have each step once: the last report of a step counts", () => {
    const text = lines(report(1, 1), report(2, 2), report(3, 3), report(2, 20), report(3, 30));
    expect(parseMetrics(text).reports.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 1],
      [2, 20],
      [3, 30],
    ]);
  });

  it("are, by step, the last reports that were not discarded by a resume from an earlier step", () => {
    const naive = (steps: readonly number[]) =>
      steps.reduce<number[]>((kept, step) => [...kept.filter((each) => each < step), step], []);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (steps) => {
        const { reports } = parseMetrics(lines(...steps.map((step) => report(step))));
        expect(reports.map(({ step }) => step)).toEqual(naive(steps));
      }),
      { seed: 1 },
    );
  });

  it("are parsed in linear time, however often steps are repeated", () => {
    const line = (step: number) => lines(report(step));
    const half = Array.from({ length: 100_000 }, (_, index) => line(index)).join("");
    const tail = `${line(99_998)}${line(99_999)}`.repeat(50_000);
    // With quadratic time this takes half an hour.
    expect(parseMetrics(half + tail).reports).toHaveLength(100_000);
  });

  it("leave out lines that are not reports, whatever JSON they contain", () => {
    const record = fc.record({ step: fc.jsonValue(), loss: fc.jsonValue() });
    const isReport = (value: unknown) => {
      const { step, loss } = (value ?? {}) as Record<string, unknown>;
      return typeof step === "number" && typeof loss === "number";
    };
    const other = fc.oneof(fc.jsonValue(), record).filter((value) => !isReport(value));
    fc.assert(
      fc.property(fc.array(other), (values) => {
        expect(parseMetrics(lines(...values, report(1))).reports).toEqual([report(1)]);
      }),
      { seed: 1 },
    );
  });

  it("have the numbers that are present in each report", () => {
    const { exact_match: _, ...rest } = report(1);
    const text = lines(rest, { ...report(2), gradient_norm: "2", seconds: null }, { ...report(3), sample: "3.txt" });
    const { gradient_norm, seconds, ...second } = report(2);
    expect(parseMetrics(text).reports).toEqual([rest, second, report(3)]);
  });

  it("are the same if exact match has the name of older runs", () => {
    const { exact_match: solved, ...rest } = report(1);
    expect(parseMetrics(lines({ ...rest, solved })).reports).toEqual([report(1)]);
    expect(parseMetrics(lines({ ...report(1), solved: 0.1 })).reports).toEqual([report(1)]);
  });

  it("begin after a byte-order mark", () => {
    expect(parseMetrics(`\ufeff${lines(report(1))}`).reports).toEqual([report(1)]);
  });

  it("contain the error that stopped the run, unless it was resumed", () => {
    const stopped = { step: 2, error: "the loss is NaN" };
    expect(parseMetrics(lines(report(1), stopped)).error).toBe("the loss is NaN");
    expect(parseMetrics(lines(report(1), stopped, report(2))).error).toBeUndefined();
  });
});
