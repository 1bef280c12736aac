import { describe, expect, it } from "vitest";
import { constantRate, cosineDecay, exponentialDecay, linearDecay, stepDecay } from "../src/learning-rate.js";

const rates = (schedule: (iteration: number) => number, ...iterations: number[]) => iterations.map(schedule);

describe("learning-rate schedules", () => {
  it("are constant", () => {
    expect(rates(constantRate(0.1), 1, 2, 1e6)).toEqual([0.1, 0.1, 0.1]);
  });

  it("fall linearly, and stay at the end", () => {
    const schedule = linearDecay(1, { iterations: 10, finalRate: 0.5 });
    expect(rates(schedule, 0, 5, 10, 11, 1000)).toBeAllClose([1, 0.75, 0.5, 0.5, 0.5]);
  });

  it("fall along a cosine, and stay at the end", () => {
    const schedule = cosineDecay(1, { iterations: 8, finalRate: 0.2 });
    const at = (progress: number) => 0.2 + (0.8 * (1 + Math.cos(Math.PI * progress))) / 2;
    expect(rates(schedule, 2, 4, 6, 8, 9)).toBeAllClose([at(0.25), 0.6, at(0.75), 0.2, 0.2]);
  });

  it("end at a hundredth by default", () => {
    expect(rates(linearDecay(0.1, { iterations: 3 }), 3)).toBeAllClose([0.001]);
    expect(rates(cosineDecay(0.1, { iterations: 3 }), 3)).toBeAllClose([0.001]);
  });

  it.each([
    ["constant", constantRate(1, { warmUp: 4 }), 1],
    ["linear", linearDecay(1, { iterations: 14, finalRate: 0.5, warmUp: 4 }), 0.75],
    ["cosine", cosineDecay(1, { iterations: 14, finalRate: 0.5, warmUp: 4 }), 0.75],
    ["step", stepDecay(1, { interval: 3, warmUp: 4 }), 0.5],
    ["exponential", exponentialDecay(1, { interval: 10, factor: 0.25, warmUp: 4 }), 0.5],
  ])("rise linearly before that: %s", (_name, schedule, halfWay) => {
    expect(rates(schedule, 1, 2, 3, 4, 9)).toBeAllClose([0.25, 0.5, 0.75, 1, halfWay]);
  });

  it("multiply the rate at regular intervals, down to a bound", () => {
    expect(rates(stepDecay(0.8, { interval: 10 }), 1, 9, 10, 19, 20)).toBeAllClose([0.8, 0.8, 0.4, 0.4, 0.2]);
    expect(rates(stepDecay(1, { interval: 2, factor: 0.1, minRate: 0.03 }), 1, 3, 4, 99)).toBeAllClose([
      1, 0.1, 0.03, 0.03,
    ]);
    expect(rates(exponentialDecay(1, { interval: 4, factor: 0.01 }), 2, 4)).toBeAllClose([0.1, 0.01]);
    expect(rates(exponentialDecay(1, { interval: 1 }), 1e6)[0]).toBe(2 ** -126);
  });

  it("reject invalid arguments by name", () => {
    expect(() => stepDecay(1, { interval: 0 })).toThrow(new RangeError("interval: expected a positive integer, got 0"));
    expect(() => exponentialDecay(1, { interval: 1, factor: 2 })).toThrow(
      new RangeError("factor: expected at most 1, got 2"),
    );
    expect(() => stepDecay(1, { interval: 1, minRate: 2 })).toThrow(
      new RangeError("minRate: expected at most rate (1), got 2"),
    );
    expect(() => stepDecay(1, { interval: 1, finalRate: 1 } as never)).toThrow(
      new TypeError('unknown option key "finalRate"; expected one of interval, factor, minRate, warmUp'),
    );
    expect(() => constantRate(0)).toThrow(new RangeError("rate: expected a finite number above 0, got 0"));
    expect(() => constantRate(1, { warmUp: -1 })).toThrow(
      new RangeError("warmUp: expected an integer of at least 0, got -1"),
    );
    expect(() => linearDecay(1, { iterations: 0 })).toThrow(
      new RangeError("iterations: expected a positive integer, got 0"),
    );
    expect(() => cosineDecay(1, { iterations: 5, warmUp: 5 })).toThrow(
      new RangeError("warmUp: expected less than iterations (5), got 5"),
    );
    expect(() => cosineDecay(1, { iterations: 5, final: 1 } as never)).toThrow(
      new TypeError('unknown option key "final"; expected one of iterations, finalRate, warmUp'),
    );
    expect(() => linearDecay("1" as never, { iterations: 5 })).toThrow(
      new TypeError('rate: expected a number, got "1"'),
    );
  });
});
