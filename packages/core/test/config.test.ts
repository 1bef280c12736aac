import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { completeConfig, type DncConfig } from "../src/config.js";
import { Dnc } from "../src/dnc.js";

const SIZES = { inputSize: 6, outputSize: 5 };

describe("completeConfig", () => {
  it("fills in the reference's defaults", () => {
    expect(completeConfig(SIZES)).toEqual({
      ...SIZES,
      memorySize: 16,
      wordSize: 16,
      readHeads: 4,
      writeHeads: 1,
      hiddenSize: 64,
      layers: 1,
      clipValue: 20,
      controller: "lstm",
      memory: { masking: false, deallocation: false, sharpness: false, links: true, initialMemory: 0 },
      seed: 0,
    });
  });

  it("takes undefined for absent, keeps null and 0, and accepts what it returns", () => {
    const config = completeConfig({
      ...SIZES,
      memorySize: undefined,
      clipValue: null,
      foo: undefined,
    } as unknown as DncConfig);
    expect([config.memorySize, config.clipValue]).toEqual([16, null]);
    expect(completeConfig({ ...SIZES, clipValue: 0 }).clipValue).toBe(0);
    for (const controller of ["lstm", "deep-lstm", "gru", "feed-forward"] as const) {
      const complete = completeConfig({ ...SIZES, controller });
      expect(complete.layers).toBe(controller === "deep-lstm" ? 3 : 1);
      expect(completeConfig(complete)).toEqual(complete);
    }
  });

  it("fills in the variants of the memory, and accepts what it returns", () => {
    const memory = { masking: true, deallocation: undefined, links: true, bar: undefined };
    const complete = completeConfig({ ...SIZES, memory });
    expect(complete.memory).toEqual({
      masking: { minimum: 0 },
      deallocation: false,
      sharpness: false,
      links: true,
      initialMemory: 0,
    });
    expect(completeConfig(complete)).toEqual(complete);
    expect(complete).not.toHaveProperty("access");
    const access = () => ({}) as never;
    expect(completeConfig({ ...SIZES, access }).access).toBe(access);
  });

  it("does not change the caller's object", () => {
    expect(completeConfig(Object.freeze({ ...SIZES, seed: 2 }))).toMatchObject({ ...SIZES, seed: 2 });
  });
});

const KEYS =
  "inputSize, outputSize, memorySize, wordSize, readHeads, writeHeads, hiddenSize, layers, clipValue, controller, memory, access, seed";
const CONTROLLERS = '"lstm", "deep-lstm", "gru", "feed-forward" or a function';

describe("Dnc refuses an invalid custom controller", () => {
  const controller = { inputSize: 70, outputSize: 3, variables: [], initialState: () => ({}), step() {}, dispose() {} };
  const expected = "expected a function that returns a controller with initialState, step, dispose";
  it.each([
    [undefined, TypeError, `controller: ${expected}, got undefined`],
    [{ outputSize: 3 }, TypeError, `controller: ${expected}, got an object`],
    [{ ...controller, variables: undefined }, TypeError, "controller.variables: expected an array, got undefined"],
    [{ ...controller, outputSize: 0 }, RangeError, "controller.outputSize: expected a positive integer, got 0"],
    [{ ...controller, inputSize: 6 }, RangeError, "controller.inputSize: expected 70, got 6"],
  ])("%j", (made, kind, message) => {
    const before = tf.memory().numTensors;
    expect(() => new Dnc({ ...SIZES, controller: () => made as never })).toThrow(
      new (kind as ErrorConstructor)(message),
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("Dnc refuses an invalid custom memory access", () => {
  const access = { inputSize: 64, variables: [], initialState: () => ({}), step() {}, dispose() {} };
  const expected = "expected a function that returns a memory access with initialState, step, dispose";
  it.each([
    [undefined, TypeError, `access: ${expected}, got undefined`],
    [{ ...access, step: undefined }, TypeError, `access: ${expected}, got an object`],
    [{ ...access, dispose: 1 }, TypeError, `access: ${expected}, got an object`],
    [{ ...access, variables: {} }, TypeError, "access.variables: expected an array, got an object"],
    [{ ...access, inputSize: 6 }, RangeError, "access.inputSize: expected 64, got 6"],
    [{ ...access, inputSize: undefined }, RangeError, "access.inputSize: expected 64, got undefined"],
  ])("%j", (made, kind, message) => {
    const config = { ...SIZES, controller: () => probe, access: () => made as never };
    const before = tf.memory().numTensors;
    expect(() => new Dnc(config)).toThrow(new (kind as ErrorConstructor)(message));
    expect(tf.memory().numTensors).toBe(before);
  });
  const probe = {
    inputSize: 70,
    outputSize: 64,
    variables: [],
    initialState: () => ({}),
    step() {},
    dispose() {},
  } as never;
});

describe("Dnc refuses", () => {
  it("a createVariable that is not a function", () => {
    expect(() => new Dnc(SIZES, {} as never)).toThrow(
      new TypeError("createVariable: expected a function, got an object"),
    );
  });

  const sizes = [
    "inputSize",
    "outputSize",
    "memorySize",
    "wordSize",
    "readHeads",
    "writeHeads",
    "hiddenSize",
    "layers",
  ];
  it.each([
    ...sizes.flatMap((name): [object, unknown, string][] => [
      [{ [name]: 0 }, RangeError, `${name}: expected a positive integer, got 0`],
      [{ [name]: 2.5 }, RangeError, `${name}: expected a positive integer, got 2.5`],
      [{ [name]: Number.NaN }, RangeError, `${name}: expected a positive integer, got NaN`],
      [{ [name]: "8" }, TypeError, `${name}: expected a positive integer, got "8"`],
    ]),
    [{ inputSize: undefined }, TypeError, "inputSize: expected a positive integer, got undefined"],
    [{ outputSize: null }, TypeError, "outputSize: expected a positive integer, got null"],
    [{ memorySize: [16] }, TypeError, "memorySize: expected a positive integer, got an array"],
    [{ layers: 2 }, RangeError, 'layers: expected 1 unless controller is "deep-lstm", got 2'],
    [{ layers: 2, controller: () => {} }, RangeError, 'layers: expected 1 unless controller is "deep-lstm", got 2'],
    [{ layers: 33, controller: "deep-lstm" }, RangeError, "layers: expected an integer from 1 to 32, got 33"],
    [{ clipValue: -1 }, RangeError, "clipValue: expected a number of at least 0, or null, got -1"],
    [{ clipValue: Infinity }, RangeError, "clipValue: expected a number of at least 0, or null, got Infinity"],
    [
      { clipValue: 1e-46 },
      RangeError,
      "clipValue: expected a number of at least 0, or null, got 1e-46, which is 0 in float32",
    ],
    [
      { clipValue: 1e39 },
      RangeError,
      "clipValue: expected a number of at least 0, or null, got 1e+39, which is Infinity in float32",
    ],
    [{ clipValue: NaN }, RangeError, "clipValue: expected a number of at least 0, or null, got NaN"],
    [{ clipValue: false }, TypeError, "clipValue: expected a number of at least 0, or null, got false"],
    [{ controller: "ltsm" }, TypeError, `controller: expected ${CONTROLLERS}, got "ltsm"`],
    [{ controller: null }, TypeError, `controller: expected ${CONTROLLERS}, got null`],
    [{ controller: {} }, TypeError, `controller: expected ${CONTROLLERS}, got an object`],
    [{ memory: true }, TypeError, "memory: expected an object, got true"],
    [{ memory: null }, TypeError, "memory: expected an object, got null"],
    [
      { memory: { mask: true } },
      TypeError,
      'unknown memory key "mask"; expected one of masking, deallocation, sharpness, links, initialMemory',
    ],
    [{ memory: { masking: 1 } }, TypeError, "memory.masking: expected true, false or { minimum }, got 1"],
    [{ memory: { masking: { minimum: 1 } } }, RangeError, "memory.masking.minimum: expected a number in [0, 1), got 1"],
    [{ memory: { masking: { low: 0 } } }, TypeError, 'unknown memory.masking key "low"; expected one of minimum'],
    [{ memory: { deallocation: 1 } }, TypeError, "memory.deallocation: expected true or false, got 1"],
    [
      { memory: { sharpness: true, links: false } },
      TypeError,
      "memory.sharpness: expected false without links, got true",
    ],
    [{ access: {} }, TypeError, "access: expected a function, got an object"],
    [{ access: null }, TypeError, "access: expected a function, got null"],
    [{ seed: -1 }, RangeError, "seed: expected an integer from 0 to 2147483648, got -1"],
    [{ seed: 0.5 }, RangeError, "seed: expected an integer from 0 to 2147483648, got 0.5"],
    [{ seed: 2 ** 31 + 1 }, RangeError, "seed: expected an integer from 0 to 2147483648, got 2147483649"],
    [{ seed: "1" }, TypeError, 'seed: expected an integer from 0 to 2147483648, got "1"'],
    [{ hidden_size: 64 }, TypeError, `unknown config key "hidden_size"; expected one of ${KEYS}`],
  ])("%j", (change, kind, message) => {
    const before = tf.memory().numTensors;
    expect(() => new Dnc({ ...SIZES, ...change } as DncConfig)).toThrow(new (kind as ErrorConstructor)(message));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [undefined, "config: expected an object, got undefined"],
    [null, "config: expected an object, got null"],
    [[6, 5], "config: expected an object, got an array"],
    ["lstm", 'config: expected an object, got "lstm"'],
    [() => SIZES, "config: expected an object, got a function"],
  ])("%j for a config", (config, message) => {
    expect(() => new Dnc(config as never)).toThrow(new TypeError(message));
  });
});
