import { describe, expect, it } from "vitest";
import { type BatchArrays, checkBatch, checkCount } from "../../src/engine/index.js";

const BATCH = {
  timeSteps: 5,
  batchSize: 4,
  inputs: new Float32Array(60),
  targets: new Float32Array(40),
  mask: new Float32Array(20),
};

const wrongNumbers = [
  [
    { targets: Float32Array.from({ length: 40 }, (_, at) => (at === 7 ? 5 : 0)) },
    RangeError,
    "targets[7]: expected a number in [0, 1], got 5",
  ],
  [
    { targets: Float32Array.from({ length: 40 }, (_, at) => (at === 0 ? -3 : 0)) },
    RangeError,
    "targets[0]: expected a number in [0, 1], got -3",
  ],
  [{ targets: new Float32Array(40).fill(Number.NaN) }, RangeError, "targets[0]: expected a number in [0, 1], got NaN"],
  [
    { inputs: new Float32Array(60).fill(Number.POSITIVE_INFINITY, 59) },
    RangeError,
    "inputs[59]: expected a finite number, got Infinity",
  ],
  [{ mask: new Float32Array(20).fill(0.5, 3) }, RangeError, "mask[3]: expected 0 or 1, got 0.5"],
  [{ targets: [[0, 1]] }, TypeError, "targets: expected a Float32Array, got an array"],
  [{ inputs: new Float64Array(60) }, TypeError, "inputs: expected a Float32Array, got a Float64Array"],
  [{ mask: undefined }, TypeError, "mask: expected a Float32Array, got undefined"],
  [{ timeSteps: "5" }, TypeError, 'timeSteps: expected a number, got "5"'],
] as const;

describe("checks made before anything changes", () => {
  it.each(wrongNumbers)("refuse a batch with an invalid part: %#", (part, kind, message) => {
    const given = { ...BATCH, ...part } as unknown as BatchArrays;
    expect(() => checkBatch(given, 3, 2)).toThrow(new (kind as ErrorConstructor)(message));
    expect(() => checkBatch(BATCH, 3, 2)).not.toThrow();
    expect(() => checkBatch(null as never, 3, 2)).toThrow(new TypeError("batch: expected an object, got null"));
  });

  it.each([-1, 0, 1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])("refuse %d as a count", (count) => {
    expect(() => checkCount("time", count)).toThrow(RangeError);
  });
});
