import { describe, expect, it } from "vitest";
import { type BatchArrays, type BatchRules, checkBatch } from "../../src/engine/index.js";

const BATCH = {
  timeSteps: 5,
  batchSize: 4,
  inputs: new Float32Array(60),
  targets: new Float32Array(40),
  mask: new Float32Array(20),
};

const wrongParts = [
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

const SIGMOID: BatchRules = { loss: "sigmoid", carryState: false };

function refuses(part: object, rules: BatchRules | undefined, error: Error): void {
  expect(() => checkBatch({ ...BATCH, ...part } as BatchArrays, 3, 2, rules)).toThrow(error);
}

function accepts(part: object, rules?: BatchRules): void {
  expect(() => checkBatch({ ...BATCH, ...part } as BatchArrays, 3, 2, rules)).not.toThrow();
}

describe("checkBatch", () => {
  it.each(wrongParts)("refuses a batch with an invalid part: %#", (part, kind, message) => {
    refuses(part, undefined, new (kind as ErrorConstructor)(message));
    refuses(part, SIGMOID, new (kind as ErrorConstructor)(message));
    accepts({});
    accepts({}, SIGMOID);
    expect(() => checkBatch(null as never, 3, 2)).toThrow(new TypeError("batch: expected an object, got null"));
  });

  it.each([
    ["sigmoid", 1, 1.5, "a number in [0, 1]"],
    ["softmax", 1.5, -0.5, "a finite number of at least 0"],
    ["softmax", 0, Number.POSITIVE_INFINITY, "a finite number of at least 0"],
    ["squared", -1.5, Number.NEGATIVE_INFINITY, "a finite number"],
    ["squared", 1e30, Number.NaN, "a finite number"],
    ["linear", -1.5, Number.POSITIVE_INFINITY, "a finite number"],
  ] as const)("for loss %s accepts a target of %d and refuses %d", (loss, right, wrong, expected) => {
    const targets = (value: number) => ({ targets: new Float32Array(40).fill(value, 39) });
    accepts(targets(right), { loss, carryState: false });
    refuses(
      targets(wrong),
      { loss, carryState: false },
      new RangeError(`targets[39]: expected ${expected}, got ${wrong}`),
    );
  });

  it("accepts lengths from 0 to the number of time steps", () => {
    accepts({ lengths: Uint32Array.of(0, 5, 3, 1) }, SIGMOID);
    refuses(
      { lengths: Uint32Array.of(0, 6, 3, 1) },
      SIGMOID,
      new RangeError("lengths[1]: expected at most the 5 time steps, got 6"),
    );
    refuses({ lengths: Uint32Array.of(0, 5) }, SIGMOID, new RangeError("lengths: expected 4 numbers, got 2"));
    refuses({ lengths: [0, 5, 3, 1] }, SIGMOID, new TypeError("lengths: expected a Uint32Array, got an array"));
  });

  it("accepts an input mask of 0 and 1", () => {
    accepts({ inputMask: Float32Array.from({ length: 20 }, (_, at) => at % 2) }, SIGMOID);
    refuses(
      { inputMask: new Float32Array(20).fill(2, 4) },
      SIGMOID,
      new RangeError("inputMask[4]: expected 0 or 1, got 2"),
    );
    refuses({ inputMask: new Float32Array(4) }, SIGMOID, new RangeError("inputMask: expected 20 numbers, got 4"));
    const both = { inputMask: new Float32Array(20), lengths: new Uint32Array(4) };
    refuses(both, SIGMOID, new TypeError("inputMask: expected none, because the batch has lengths, got both"));
  });

  it("refuses a step that counts and is not run", () => {
    const message = (row: number) => new RangeError(`mask[${row}]: expected 0, because the step is not run, got 1`);
    const mask = (row: number) => ({ mask: new Float32Array(20).fill(1, row, row + 1) });
    // Sequence 1 of 4 has two steps: row 5 is its last, row 9 is not run.
    const lengths = Uint32Array.of(5, 2, 5, 5);
    accepts({ lengths, ...mask(5) }, SIGMOID);
    refuses({ lengths, ...mask(9) }, SIGMOID, message(9));
    const inputMask = new Float32Array(20).fill(1, 0, 12);
    accepts({ inputMask, ...mask(11) }, SIGMOID);
    refuses({ inputMask, ...mask(12) }, SIGMOID, message(12));
  });

  it("requires the batch size of the carried state, unless the batch starts new sequences", () => {
    const carrying = { ...SIGMOID, carryState: true };
    accepts({}, carrying);
    accepts({}, { ...carrying, carriedBatchSize: 4 });
    accepts({ newSequences: true }, { ...carrying, carriedBatchSize: 3 });
    const message = "batchSize: expected 3 as in the batch before, or newSequences: true, got 4";
    for (const newSequences of [undefined, false])
      refuses({ newSequences }, { ...carrying, carriedBatchSize: 3 }, new RangeError(message));
    refuses({ newSequences: 1 }, carrying, new TypeError("newSequences: expected true or false, got 1"));
  });

  it("refuses new sequences where every batch starts from the zero state", () => {
    accepts({ newSequences: false }, SIGMOID);
    refuses(
      { newSequences: true },
      SIGMOID,
      new TypeError("newSequences: expected false without carryState, got true"),
    );
  });

  it.each([
    ["lengths", new Uint32Array(4).fill(5), "a Uint32Array"],
    ["inputMask", new Float32Array(20).fill(1), "a Float32Array"],
    ["newSequences", true, "true"],
  ])("refuses %s for a trainer that says nothing about it", (name, value, got) => {
    const message = `${name}: expected none, because the trainer does not support it, got ${got}`;
    refuses({ [name]: value }, undefined, new TypeError(message));
    accepts({ [name]: undefined });
    accepts({ newSequences: false });
  });
});
