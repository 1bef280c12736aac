import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearScale, logScale, scaleFor, tightScale } from "../../src/chart/scale.js";

const valuesOf = ({ ticks }: { ticks: readonly { value: number }[] }) => ticks.map(({ value }) => value);

describe("an axis", () => {
  it.each([
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [11.5, [0, 2.5, 5, 7.5, 10, 12.5]],
    [20000, [0, 5000, 10000, 15000, 20000]],
    [0.3, [0, 0.1, 0.2, 0.3]],
  ])("from 0 to %d has round ticks and ends at one", (high, ticks) => {
    const scale = linearScale(0, high);
    expect(valuesOf(scale)).toEqual(ticks);
    expect(scale.at(ticks[ticks.length - 1])).toBe(1);
  });

  it("has exactly the given range if requested", () => {
    const scale = tightScale(0, 4990);
    expect(valuesOf(scale)).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(scale.at(4990)).toBe(1);
  });

  it.each([
    [0.38, 11.5, [0.5, 1, 2, 5, 10]],
    [0.02, 900, [0.1, 1, 10, 100]],
    [1e-9, 10, [1e-9, 1e-7, 1e-5, 1e-3, 0.1, 10]],
  ])("from %d to %d is logarithmic, its ticks few", (low, high, ticks) => {
    const scale = logScale(low, high);
    expect(valuesOf(scale)).toEqual(ticks);
    expect([scale.at(low), scale.at(high)]).toEqual([0, 1]);
    expect(scale.at(Math.sqrt(low * high))).toBeCloseTo(0.5, 10);
  });

  it("includes values below 0, and begins at a round one", () => {
    expect(valuesOf(scaleFor([-3, 7]))).toEqual([-4, -2, 0, 2, 4, 6, 8]);
    expect(valuesOf(scaleFor([-0.5, -1]))).toEqual([-1, -0.8, -0.6, -0.4, -0.2, 0]);
  });

  it("is logarithmic only where values spread widely and none is 0", () => {
    expect(scaleFor([0.1, 5]).kind).toBe("logarithmic");
    expect(scaleFor([1, 5]).kind).toBe("linear");
    expect(scaleFor([0, 5]).kind).toBe("linear");
    expect(valuesOf(scaleFor([0, 0]))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it("includes all values, and a few ticks within its range", () => {
    const positive = fc.double({ min: 1e-8, max: 1e8, noNaN: true });
    const any = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(positive, any), { minLength: 1, maxLength: 9 }), (values) => {
        const scale = scaleFor(values);
        for (const value of [...values, ...valuesOf(scale)]) {
          expect(scale.at(value)).toBeGreaterThan(-1e-9);
          expect(scale.at(value)).toBeLessThan(1 + 1e-9);
        }
        expect(scale.ticks.length).toBeGreaterThan(0);
        expect(scale.ticks.length).toBeLessThan(9);
      }),
      { seed: 1 },
    );
  });
});
