import { Dnc } from "@dnc/core";
import { describe, expect, it } from "vitest";
import { checkBatch, checkCount } from "../src/checks.js";
import { type FusedBatch, FusedTraining, isCovered } from "../src/index.js";
import { TINY } from "./support.js";

const BATCH = {
  time: 5,
  batch: 4,
  observations: new Float32Array(60),
  target: new Float32Array(40),
  mask: new Float32Array(20),
};

const wrongNumbers = [
  [
    { target: Float32Array.from({ length: 40 }, (_, at) => (at === 7 ? 5 : 0)) },
    RangeError,
    "target[7]: expected a number in [0, 1], got 5",
  ],
  [
    { target: Float32Array.from({ length: 40 }, (_, at) => (at === 0 ? -3 : 0)) },
    RangeError,
    "target[0]: expected a number in [0, 1], got -3",
  ],
  [{ target: new Float32Array(40).fill(Number.NaN) }, RangeError, "target[0]: expected a number in [0, 1], got NaN"],
  [
    { observations: new Float32Array(60).fill(Number.POSITIVE_INFINITY, 59) },
    RangeError,
    "observations[59]: expected a finite number, got Infinity",
  ],
  [{ mask: new Float32Array(20).fill(0.5, 3) }, RangeError, "mask[3]: expected 0 or 1, got 0.5"],
  [{ target: [[0, 1]] }, TypeError, "target: expected a Float32Array, got an array"],
  [
    { observations: new Float64Array(60) },
    TypeError,
    "observations: expected a Float32Array, got an object of Float64Array",
  ],
  [{ mask: undefined }, TypeError, "mask: expected a Float32Array, got undefined"],
  [{ time: "5" }, TypeError, 'time: expected a number, got "5"'],
] as const;

const roundedOptions = [
  [{ learningRate: 1e-46 }, "learningRate: expected a finite number above 0 in float32, got 1e-46, which is 0 there"],
  [
    { learningRate: 1e39 },
    "learningRate: expected a finite number above 0 in float32, got 1e+39, which is Infinity there",
  ],
  [{ epsilon: 1e-50 }, "epsilon: expected a finite number above 0 in float32, got 1e-50, which is 0 there"],
  [{ maxGradNorm: 1e-46 }, "maxGradNorm: expected a finite number above 0 in float32, got 1e-46, which is 0 there"],
  [{ decay: 1 - 1e-9 }, "decay: expected a number in [0, 1) in float32, got 0.999999999, which is 1 there"],
  [{ decay: 1e-46 }, "decay: expected a number in [0, 1) in float32, got 1e-46, which is 0 there"],
] as const;

describe("checks before anything has changed", () => {
  it.each(wrongNumbers)("refuse a batch whose part is wrong: %#", (part, kind, message) => {
    const given = { ...BATCH, ...part } as unknown as FusedBatch;
    expect(() => checkBatch(given, 3, 2)).toThrow(new (kind as ErrorConstructor)(message));
    expect(() => checkBatch(BATCH, 3, 2)).not.toThrow();
    expect(() => checkBatch(null as never, 3, 2)).toThrow(new TypeError("batch: expected an object, got null"));
  });

  it.each([-1, 0, 1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])("refuse %d as a count", (count) => {
    expect(() => checkCount("time", count)).toThrow(RangeError);
  });

  it.each(roundedOptions)("refuse a number that float32 turns into another kind: %j", (options, message) => {
    expect(() => new FusedTraining(new Dnc(TINY), options)).toThrow(new RangeError(message));
  });

  it.each([
    ["one with a step of its own", (core: Dnc) => Object.assign(core, { step: core.step.bind(core) })],
    ["a wrapper of one", (core: Dnc) => new Proxy(core, {})],
    ["a core of another class", ({ config, variables }: Dnc) => ({ config, variables, step() {} })],
  ])("refuse %s", (what, change) => {
    const core = change(new Dnc(TINY)) as Dnc;
    expect(isCovered(core)).toBe(false);
    expect(() => new FusedTraining(core)).toThrow(new TypeError(`core: expected a stock Dnc, got ${what}`));
  });
});
