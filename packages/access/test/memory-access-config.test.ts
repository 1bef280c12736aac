import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { completeVariants, MemoryAccess, VARIANT_KEYS } from "../src/index.js";
import { fieldsOf } from "./numbers.js";

const INITIAL = 'initialMemory: expected "random" or a number that is finite in float32';
const SMALL = { inputSize: 3, memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2 };

describe("MemoryAccess", () => {
  it("has the reference's defaults", () => {
    expect(new MemoryAccess({ inputSize: 8 }).config).toEqual({
      inputSize: 8,
      memorySize: 16,
      wordSize: 16,
      readHeads: 4,
      writeHeads: 1,
      masking: false,
      deallocation: false,
      sharpness: false,
      links: true,
      initialMemory: 0,
      seed: 0,
    });
  });

  it("starts from zeros, of which the caller owns each tensor", () => {
    const access = new MemoryAccess(SMALL);
    const before = tf.memory().numTensors;
    const state = access.initialState(5);
    expect(Object.entries(fieldsOf<tf.Tensor>(state)).map(([name, { shape }]) => [name, shape])).toEqual([
      ["memory", [5, 4, 3]],
      ["readWeights", [5, 2, 4]],
      ["writeWeights", [5, 2, 4]],
      ["link", [5, 2, 4, 4]],
      ["precedenceWeights", [5, 2, 4]],
      ["usage", [5, 4]],
    ]);
    for (const tensor of Object.values(fieldsOf<tf.Tensor>(state)))
      expect(tensor.dataSync().every((value) => value === 0)).toBe(true);
    tf.dispose(state);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("starts with a number in every component of the memory if it is given one", () => {
    const { memory, usage } = new MemoryAccess({ ...SMALL, initialMemory: -0.25 }).initialState(2);
    expect([...memory.dataSync()]).toEqual(new Array(2 * 4 * 3).fill(-0.25));
    expect([...usage.dataSync()]).toEqual(new Array(2 * 4).fill(0));
  });

  it("starts with random numbers that the seed decides, the same for every sequence, in tensors of the caller", () => {
    const random = (seed: number, sizes = {}) =>
      new MemoryAccess({ ...SMALL, ...sizes, initialMemory: "random", seed }).initialState(3);
    const access = new MemoryAccess({ ...SMALL, memorySize: 200, wordSize: 20, initialMemory: "random" });
    const before = tf.memory().numTensors;
    const states = [access.initialState(3), access.initialState(3)];
    const [values, again] = states.map(({ memory }) => [...memory.dataSync()]);
    tf.dispose(states);
    expect(tf.memory().numTensors).toBe(before);
    expect(again).toEqual(values);
    expect(values.slice(4000, 8000)).toEqual(values.slice(0, 4000));
    const [mean, square] = [1, 2].map(
      (power) => values.reduce((sum, value) => sum + value ** power, 0) / values.length,
    );
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(Math.sqrt(square) - 0.44)).toBeLessThan(0.02); // 0.5, cut off at two standard deviations
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
    expect([...random(1).memory.dataSync()]).not.toEqual([...random(2).memory.dataSync()]);
    const [few, many] = [{}, { memorySize: 6 }].map((sizes) => [...random(1, sizes).memory.dataSync()]);
    expect(many.slice(0, 12)).toEqual(few.slice(0, 12)); // more slots leave the others as they are
  });

  it("disposes its variables, once", () => {
    const before = tf.memory().numTensors;
    const access = new MemoryAccess(SMALL);
    expect(tf.memory().numTensors).toBe(before + 20);
    access.dispose();
    access.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(access.variables.every(({ variable }) => variable.isDisposed)).toBe(true);
  });

  it("has the variants of its configuration, completed", () => {
    const configOf = (variants: object) => new MemoryAccess({ inputSize: 8, ...variants }).config;
    expect(configOf({ masking: true }).masking).toEqual({ minimum: 0 });
    expect(configOf({ masking: {} }).masking).toEqual({ minimum: 0 });
    expect(configOf({ masking: { minimum: 0.25 } }).masking).toEqual({ minimum: 0.25 });
    expect(Object.is((configOf({ masking: { minimum: -0 } }).masking as { minimum: number }).minimum, 0)).toBe(true);
    expect(configOf({ deallocation: true, sharpness: undefined, links: false })).toMatchObject({
      ...{ masking: false, deallocation: true, sharpness: false, links: false },
    });
    const complete = configOf({ masking: true, sharpness: true });
    expect(new MemoryAccess(complete).config).toEqual(complete);
  });

  it("names the variants in messages under the path of the caller", () => {
    expect(() => completeVariants({ links: 1 as never }, "memory.")).toThrow(
      new TypeError("memory.links: expected true or false, got 1"),
    );
    expect(completeVariants({})).toEqual({
      ...{ masking: false, deallocation: false, sharpness: false, links: true, initialMemory: 0 },
    });
    expect(VARIANT_KEYS).toEqual(Object.keys(completeVariants({})));
  });

  it.each([
    [{ masking: 1 }, TypeError, "masking: expected true, false or { minimum }, got 1"],
    [{ masking: null }, TypeError, "masking: expected true, false or { minimum }, got null"],
    [{ masking: [0] }, TypeError, "masking: expected true, false or { minimum }, got an array"],
    [{ masking: { min: 0 } }, TypeError, 'unknown masking key "min"; expected one of minimum'],
    [{ masking: { minimum: "0" } }, TypeError, 'masking.minimum: expected a number in [0, 1), got "0"'],
    [{ masking: { minimum: null } }, TypeError, "masking.minimum: expected a number in [0, 1), got null"],
    [{ masking: { minimum: 1 } }, RangeError, "masking.minimum: expected a number in [0, 1), got 1"],
    [{ masking: { minimum: -0.1 } }, RangeError, "masking.minimum: expected a number in [0, 1), got -0.1"],
    [{ masking: { minimum: Number.NaN } }, RangeError, "masking.minimum: expected a number in [0, 1), got NaN"],
    [
      { masking: { minimum: 1 - 1e-12 } },
      RangeError,
      "masking.minimum: expected a number in [0, 1), got 0.999999999999, which is 1 in float32",
    ],
    [
      { masking: { minimum: 1e-50 } },
      RangeError,
      "masking.minimum: expected a number in [0, 1), got 1e-50, which is 0 in float32",
    ],
    [{ deallocation: "yes" }, TypeError, 'deallocation: expected true or false, got "yes"'],
    [{ deallocation: null }, TypeError, "deallocation: expected true or false, got null"],
    [{ sharpness: 2 }, TypeError, "sharpness: expected true or false, got 2"],
    [{ links: 0 }, TypeError, "links: expected true or false, got 0"],
    [{ sharpness: true, links: false }, TypeError, "sharpness: expected false without links, got true"],
    [{ initialMemory: "zeros" }, TypeError, `${INITIAL}, got "zeros"`],
    [{ initialMemory: null }, TypeError, `${INITIAL}, got null`],
    [{ initialMemory: Number.NaN }, RangeError, `${INITIAL}, got NaN`],
    [{ initialMemory: 1e39 }, RangeError, `${INITIAL}, got 1e+39`],
    [{ initialMemory: -1e-50 }, RangeError, `${INITIAL}, got -1e-50, which is 0 there`],
  ])("says what is wrong with the variants %j, before any variable exists", (variants, Kind, message) => {
    const before = tf.memory().numTensors;
    expect(() => new MemoryAccess({ ...SMALL, ...variants } as never)).toThrow(new Kind(message));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [undefined, TypeError, "config: expected an object, got undefined"],
    [3, TypeError, "config: expected an object, got 3"],
    [[], TypeError, "config: expected an object, got an array"],
    [{}, TypeError, "inputSize: expected a positive integer, got undefined"],
    [{ inputSize: "3" }, TypeError, 'inputSize: expected a positive integer, got "3"'],
    [{ inputSize: 0 }, RangeError, "inputSize: expected a positive integer, got 0"],
    [{ inputSize: 3, memorySize: 1.5 }, RangeError, "memorySize: expected a positive integer, got 1.5"],
    [{ inputSize: 3, wordSize: -1 }, RangeError, "wordSize: expected a positive integer, got -1"],
    [{ inputSize: 3, readHeads: Number.NaN }, RangeError, "readHeads: expected a positive integer, got NaN"],
    [{ inputSize: 3, writeHeads: null }, TypeError, "writeHeads: expected a positive integer, got null"],
    [{ inputSize: 3, seed: -1 }, RangeError, "seed: expected an integer from 0 to 2147483648, got -1"],
    [{ inputSize: 3, seed: 2 ** 40 }, RangeError, "seed: expected an integer from 0 to 2147483648, got 1099511627776"],
    [
      { inputSize: 3, numReads: 2 },
      TypeError,
      'unknown config key "numReads"; expected one of inputSize, memorySize, wordSize, readHeads, writeHeads, masking, deallocation, sharpness, links, initialMemory, seed',
    ],
  ])("says what is wrong with config %j, before any variable exists", (config, Kind, message) => {
    const before = tf.memory().numTensors;
    expect(() => new MemoryAccess(config as never)).toThrow(new Kind(message));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [null, "option: expected an object, got null"],
    [{ trace: "yes" }, 'trace: expected true or false, got "yes"'],
    [{ prepared: null }, "prepared: expected what prepareWeights returns, got null"],
    [{ prepared: {} }, "prepared.weights: expected a tensor [3, 44], got undefined"],
    [{ tracing: true }, 'unknown option key "tracing"; expected one of prepared, trace'],
  ])("says what is wrong with options %j of a step", (options, message) => {
    const access = new MemoryAccess(SMALL);
    const [inputs, state] = [tf.zeros<tf.Rank.R2>([2, 3]), access.initialState(2)];
    const before = tf.memory().numTensors;
    expect(() => access.step(inputs, state, options as never)).toThrow(new TypeError(message));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("takes undefined for absent, whatever the key", () => {
    const access = new MemoryAccess({ ...SMALL, seed: undefined, numReads: undefined } as never);
    const options = { prepared: undefined, trace: undefined, tracing: undefined } as never;
    expect(access.step(tf.zeros([2, SMALL.inputSize]), access.initialState(2), options)).not.toHaveProperty("trace");
  });

  it("says that createVariable is no function", () => {
    expect(() => new MemoryAccess(SMALL, {} as never)).toThrow(
      new TypeError("createVariable: expected a function, got an object"),
    );
  });

  it("says what is wrong with a batch", () => {
    const access = new MemoryAccess(SMALL);
    expect(() => access.initialState(0)).toThrow(new RangeError("batchSize: expected a positive integer, got 0"));
    expect(() => access.initialState("2" as never)).toThrow(
      new TypeError('batchSize: expected a positive integer, got "2"'),
    );
  });
});
