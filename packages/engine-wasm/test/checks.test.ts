import type { BatchArrays } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { configureEngine, startThreads, WasmTrainer } from "../src/index.js";
import { Dnc, makeBatch, parametersOf, rmsProp, TINY } from "./support.js";

const BATCH = makeBatch(5, 4, 1);

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

const roundedOptions = [
  [
    { optimizer: rmsProp({ learningRate: 1e-46 }) },
    "optimizer.learningRate: expected a finite number above 0 in float32, got 1e-46, which is 0 there",
  ],
  [
    { optimizer: rmsProp({ learningRate: 1e39 }) },
    "optimizer.learningRate: expected a finite number above 0 in float32, got 1e+39, which is Infinity there",
  ],
  [
    { optimizer: rmsProp({ epsilon: 1e-50 }) },
    "optimizer.epsilon: expected a finite number above 0 in float32, got 1e-50, which is 0 there",
  ],
  [{ maxGradNorm: 1e-46 }, "maxGradNorm: expected a finite number above 0 in float32, got 1e-46, which is 0 there"],
  [
    { optimizer: rmsProp({ decay: 1 - 1e-9 }) },
    "optimizer.decay: expected a number in [0, 1) in float32, got 0.999999999, which is 1 there",
  ],
  [
    { optimizer: rmsProp({ decay: 1e-46 }) },
    "optimizer.decay: expected a number in [0, 1) in float32, got 1e-46, which is 0 there",
  ],
] as const;

describe("WasmTrainer", () => {
  it.each(wrongNumbers)("refuses a batch with an invalid part, and does not change: %#", (part, kind, message) => {
    const core = new Dnc(TINY);
    const training = new WasmTrainer(core);
    const before = parametersOf(core, training);
    const step = () => training.step({ ...BATCH, ...part } as unknown as BatchArrays);
    expect(step).toThrow(new (kind as ErrorConstructor)(message));
    expect(parametersOf(core, training)).toEqual(before);
    expect(training.threadsUsed).toBe(0);
    training.dispose();
  });

  it("refuses tensors and objects that are not batches", () => {
    const training = new WasmTrainer(new Dnc(TINY));
    expect(() => training.step({ ...BATCH, mask: tf.ones([5, 4]) as never })).toThrow(TypeError);
    expect(() => training.step(null as never)).toThrow(new TypeError("batch: expected an object, got null"));
    training.dispose();
  });

  it.each([-1, 0, 1.5, Number.NaN, 2 ** 31, 2 ** 31 - 1, Number.POSITIVE_INFINITY])(
    "refuses to reserve %d",
    (count) => {
      const training = new WasmTrainer(new Dnc(TINY));
      expect(() => training.reserve(count, 1)).toThrow(RangeError);
      expect(() => training.reserve(1, count)).toThrow(RangeError);
      expect(() => training.reserve("1" as never, 1)).toThrow(TypeError);
      training.dispose();
    },
  );

  it.each(roundedOptions)("refuses a number that becomes invalid in float32: %j", (options, message) => {
    expect(() => new WasmTrainer(new Dnc(TINY), options)).toThrow(new RangeError(message));
  });
});

it.each([-1, 0, 1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY, "2", null])(
  "startThreads refuses %s",
  async (count) => {
    const Kind = typeof count === "number" ? RangeError : TypeError;
    const error = await startThreads(count as number).catch((reason) => reason);
    expect(error).toBeInstanceOf(Kind);
    expect(error.message).toMatch(/^count: expected /);
  },
);

it.each([
  [() => new WasmTrainer(null as never), "core: expected an object, got null"],
  [() => new WasmTrainer({} as never), "core.config: expected an object, got undefined"],
  [() => new WasmTrainer(new Dnc(TINY), null as never), "options: expected an object, got null"],
  [() => new WasmTrainer(new Dnc(TINY), 3 as never), "options: expected an object, got 3"],
  [() => configureEngine(null as never), "options: expected an object, got null"],
  [() => configureEngine({ thread: 2 } as never), 'options: unknown key "thread"'],
])("an invalid core or invalid options are refused by name: %#", (make, message) => {
  expect(make).toThrow(new TypeError(message));
});
