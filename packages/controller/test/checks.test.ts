import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { ControllerState } from "../src/controller.js";
import { type Config, KINDS } from "./support.js";

const SIZES = { inputSize: 3, hiddenSize: 4 };
const [LSTM, DEEP_LSTM, GRU, FEED_FORWARD] = KINDS;

describe.each(KINDS)("the config: $type", ({ type, Class }) => {
  const keys = type === "deep-lstm" ? "inputSize, hiddenSize, layers, seed" : "inputSize, hiddenSize, seed";
  it.each([
    [{ ...SIZES, inputSize: 0 }, new RangeError("inputSize: expected a positive integer, got 0")],
    [{ ...SIZES, inputSize: 1.5 }, new RangeError("inputSize: expected a positive integer, got 1.5")],
    [{ hiddenSize: 4 }, new TypeError("inputSize: expected a positive integer, got undefined")],
    [{ ...SIZES, hiddenSize: -1 }, new RangeError("hiddenSize: expected a positive integer, got -1")],
    [{ ...SIZES, hiddenSize: Number.NaN }, new RangeError("hiddenSize: expected a positive integer, got NaN")],
    [{ ...SIZES, hiddenSize: "4" }, new TypeError('hiddenSize: expected a positive integer, got "4"')],
    [{ ...SIZES, hiddenSize: null }, new TypeError("hiddenSize: expected a positive integer, got null")],
    [{ ...SIZES, hiddenSize: {} }, new TypeError("hiddenSize: expected a positive integer, got an object")],
    [{ ...SIZES, seed: -1 }, new RangeError("seed: expected an integer from 0 to 2147483648, got -1")],
    [{ ...SIZES, seed: 0.5 }, new RangeError("seed: expected an integer from 0 to 2147483648, got 0.5")],
    [{ ...SIZES, seed: 2 ** 31 + 1 }, new RangeError("seed: expected an integer from 0 to 2147483648, got 2147483649")],
    [{ ...SIZES, seed: [1] }, new TypeError("seed: expected an integer from 0 to 2147483648, got an array")],
    [{ ...SIZES, size: 1 }, new TypeError(`unknown config key "size"; expected one of ${keys}`)],
    [null, new TypeError("config: expected an object, got null")],
    [[3, 4], new TypeError("config: expected an object, got an array")],
  ])("%j is refused before a tensor is made", (config, error) => {
    const before = tf.memory().numTensors;
    const create = () => new Class(config as Config);
    expect(create).toThrow(error);
    expect(create).toThrow(error.constructor as new () => Error);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [0, new RangeError("batchSize: expected a positive integer, got 0")],
    [2.5, new RangeError("batchSize: expected a positive integer, got 2.5")],
    ["2", new TypeError('batchSize: expected a positive integer, got "2"')],
    [undefined, new TypeError("batchSize: expected a positive integer, got undefined")],
  ])("a batch of %j is refused", (batch, error) => {
    const start = () => new Class(SIZES).initialState(batch as number);
    expect(start).toThrow(error);
    expect(start).toThrow(error.constructor as new () => Error);
  });

  it.each([
    [() => tf.ones([2, 4]), new RangeError("inputs: expected [batch, 3], got [2, 4]")],
    [() => tf.ones([0, 3]), new RangeError("inputs: expected [batch, 3], got [0, 3]")],
    [() => tf.ones([3]), new RangeError("inputs: expected [batch, 3], got [3]")],
    [() => tf.ones([1, 2, 3]), new RangeError("inputs: expected [batch, 3], got [1, 2, 3]")],
    [() => tf.ones([2, 3, 1]), new RangeError("inputs: expected [batch, 3], got [2, 3, 1]")],
    [() => [[1, 2, 3]], new TypeError("inputs: expected a tensor [batch, 3], got an array")],
    [() => undefined, new TypeError("inputs: expected a tensor [batch, 3], got undefined")],
  ])("inputs that are not [batch, inputSize] are refused, case %#", (make, error) => {
    const controller = new Class(SIZES);
    const inputs = make() as tf.Tensor2D;
    const step = () => controller.step(inputs, controller.initialState(2));
    expect(step).toThrow(error);
    expect(step).toThrow(error.constructor as new () => Error);
  });

  it.each([undefined, null, 3, "state"])("a state that is %j is refused", (state) => {
    const shown = typeof state === "string" ? `"${state}"` : String(state);
    const step = () => new Class(SIZES).step(tf.ones([2, 3]), state as unknown as ControllerState);
    expect(step).toThrow(new TypeError(`state: expected an object, got ${shown}`));
  });
});

describe("the number of layers", () => {
  it.each([0, 33, 1.5])("%d is out of range", (layers) => {
    const error = new RangeError(`layers: expected an integer from 1 to 32, got ${layers}`);
    expect(() => new DEEP_LSTM.Class({ ...SIZES, layers })).toThrow(error);
  });

  it("is a number", () => {
    const config = { ...SIZES, layers: "2" } as unknown as Config;
    expect(() => new DEEP_LSTM.Class(config)).toThrow(
      new TypeError('layers: expected an integer from 1 to 32, got "2"'),
    );
  });

  it.each([LSTM, GRU, FEED_FORWARD])("is refused for other controllers: $type", ({ Class }) => {
    const error = new TypeError('unknown config key "layers"; expected one of inputSize, hiddenSize, seed');
    expect(() => new Class({ ...SIZES, layers: 2 })).toThrow(error);
  });
});

describe("the state", () => {
  const good = () => tf.zeros<tf.Rank.R2>([2, 4]);
  const layer = () => ({ hidden: good(), cell: good() });

  it.each([
    [LSTM, () => ({ hidden: good() }), new TypeError("state.cell: expected a tensor [2, 4], got undefined")],
    [LSTM, () => ({ hidden: 1, cell: good() }), new TypeError("state.hidden: expected a tensor [2, 4], got 1")],
    [
      LSTM,
      () => ({ hidden: tf.zeros([3, 4]), cell: good() }),
      new RangeError("state.hidden: expected [2, 4], got [3, 4]"),
    ],
    [
      LSTM,
      () => ({ hidden: good(), cell: tf.zeros([2, 5]) }),
      new RangeError("state.cell: expected [2, 4], got [2, 5]"),
    ],
    [
      LSTM,
      () => ({ ...layer(), more: good() }),
      new TypeError('unknown state key "more"; expected one of hidden, cell'),
    ],
    [GRU, () => ({}), new TypeError("state.hidden: expected a tensor [2, 4], got undefined")],
    [GRU, () => ({ hidden: tf.zeros([4]) }), new RangeError("state.hidden: expected [2, 4], got [4]")],
    [GRU, layer, new TypeError('unknown state key "cell"; expected one of hidden')],
    [FEED_FORWARD, layer, new TypeError('unknown state key "hidden"; expected none')],
    [
      DEEP_LSTM,
      () => ({ layer_1: layer() }),
      new TypeError("state.layer_2.hidden: expected a tensor [2, 4], got undefined"),
    ],
    [
      DEEP_LSTM,
      () => ({ layer_1: layer(), layer_2: { hidden: good(), cell: tf.zeros([1, 4]) } }),
      new RangeError("state.layer_2.cell: expected [2, 4], got [1, 4]"),
    ],
    [
      DEEP_LSTM,
      () => ({ layer_1: layer(), layer_2: layer(), layer_3: layer() }),
      new TypeError('unknown state key "layer_3"; expected one of layer_1, layer_2'),
    ],
    [DEEP_LSTM, () => [layer(), layer()], new TypeError("state: expected an object, got an array")],
  ])("of another shape or kind is refused by name, case %#", ({ Class }, make, error) => {
    const controller = new Class(SIZES);
    const inputs = tf.ones<tf.Rank.R2>([2, 3]);
    const state = make() as ControllerState;
    const before = tf.memory().numTensors;
    const step = () => controller.step(inputs, state);
    expect(step).toThrow(error);
    expect(step).toThrow(error.constructor as new () => Error);
    expect(tf.memory().numTensors).toBe(before);
  });
});
