import { describe, expect, it } from "vitest";
import { constantRate, cosineDecay, linearDecay } from "../src/learning-rate.js";

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
  ])("rise linearly before that: %s", (_name, schedule, halfWay) => {
    expect(rates(schedule, 1, 2, 3, 4, 9)).toBeAllClose([0.25, 0.5, 0.75, 1, halfWay]);
  });

  it("reject invalid arguments by name", () => {
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
