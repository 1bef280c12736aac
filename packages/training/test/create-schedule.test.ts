import { describe, expect, it } from "vitest";
import { createSchedule, type ScheduleOptions } from "../src/create-schedule.js";
import { constantRate, cosineDecay, exponentialDecay, linearDecay, stepDecay } from "../src/learning-rate.js";

const ITERATIONS = [1, 2, 5, 9, 30];

describe("createSchedule", () => {
  it.each([
    [{ type: "constant", rate: 0.1 }, constantRate(0.1)],
    [{ type: "constant", rate: 0.1, warmUp: 3 }, constantRate(0.1, { warmUp: 3 })],
    [{ type: "linear", rate: 0.1, iterations: 20 }, linearDecay(0.1, { iterations: 20 })],
    [
      { type: "cosine", rate: 0.1, iterations: 20, finalRate: 0.05, warmUp: 2 },
      cosineDecay(0.1, { iterations: 20, finalRate: 0.05, warmUp: 2 }),
    ],
    [{ type: "step", rate: 0.1, interval: 4, factor: 0.1 }, stepDecay(0.1, { interval: 4, factor: 0.1 })],
    [
      { type: "exponential", rate: 0.1, interval: 4, minRate: 0.05 },
      exponentialDecay(0.1, { interval: 4, minRate: 0.05 }),
    ],
  ] as const)("creates the schedule of %j, from JSON too", (options, expected) => {
    const rates = ITERATIONS.map(expected);
    expect(ITERATIONS.map(createSchedule(options))).toEqual(rates);
    expect(ITERATIONS.map(createSchedule(JSON.parse(JSON.stringify(options)) as ScheduleOptions))).toEqual(rates);
  });

  it.each([
    [null, new TypeError("schedule: expected an object, got null")],
    [
      { type: "sqrt", rate: 1 },
      new TypeError('schedule.type: expected one of "constant", "linear", "cosine", "step", "exponential", got "sqrt"'),
    ],
    [{ type: "constant" }, new TypeError("rate: expected a number, got undefined")],
    [
      { type: "constant", rate: 1, interval: 3 },
      new TypeError('unknown option key "interval"; expected one of warmUp'),
    ],
    [{ type: "cosine", rate: 1 }, new TypeError("iterations: expected a positive integer, got undefined")],
  ])("refuses %j", (options, error) => {
    expect(() => createSchedule(options as never)).toThrow(error);
  });
});
