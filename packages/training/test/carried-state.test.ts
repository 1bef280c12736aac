import { Dnc, type NestedState } from "@dnc/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { batchSizeOf, createState, fromEngineState, readState, toEngineState } from "../src/carried-state.js";
import { smallNetwork } from "./support.js";

const { getTensorsInContainer } = tf.tensor_util;

const dnc = (config: Partial<ConstructorParameters<typeof Dnc>[0]> = {}) => {
  const sizes = { inputSize: 2, outputSize: 2, hiddenSize: 3, memorySize: 4, wordSize: 2, readHeads: 1 };
  const network = new Dnc({ ...sizes, ...config });
  onTestFinished(() => network.dispose());
  return network;
};

/** A state of different numbers. */
const randomState = (network: Dnc, batchSize: number) => {
  const template = network.initialState(batchSize) as NestedState;
  let seed = 0;
  const fill = (state: NestedState): NestedState =>
    Object.fromEntries(
      Object.entries(state).map(([key, part]) => [
        key,
        part instanceof tf.Tensor ? tf.randomUniform(part.shape, 0, 1, "float32", ++seed) : fill(part),
      ]),
    );
  return fill(template);
};

const numbersOf = (state: NestedState) => getTensorsInContainer(state).map((tensor) => Array.from(tensor.dataSync()));

describe.each([
  ["an LSTM", {}],
  ["a deep LSTM", { controller: "deep-lstm", layers: 2 }],
  ["a feed-forward controller", { controller: "feed-forward" }],
  ["two write heads", { writeHeads: 2 }],
  ["no links", { memory: { links: false } }],
] as const)("the carried state of a network with %s", (_name, config) => {
  it("is restored to the last bit from JSON", async () => {
    const network = dnc(config);
    const state = randomState(network, 3);
    const carried = JSON.parse(JSON.stringify(await readState(state)));
    expect(batchSizeOf(carried)).toBe(3);
    const restored = createState(network, carried);
    expect(numbersOf(restored)).toEqual(numbersOf(state));
    expect(Object.keys(restored)).toEqual(Object.keys(state));
  });

  it("is the same as an engine's, flat", async () => {
    const network = dnc(config);
    const carried = await readState(randomState(network, 2));
    const engineState = toEngineState(network, carried);
    expect(engineState.memory).toHaveLength(2 * 4 * 2);
    expect(fromEngineState(network, engineState)).toEqual(carried);
  });
});

it("has the names of an engine's state", async () => {
  const carried = await readState(smallNetwork().initialState(1));
  expect(carried.map(({ name }) => name).sort()).toEqual([
    ...["cell", "hidden", "link", "memory", "precedenceWeights", "readWeights", "readWords", "usage", "writeWeights"],
  ]);
});

it("has paths as names where tensors of one key cannot be concatenated", async () => {
  const network = {
    initialState: (batchSize: number) => ({ a: { x: tf.ones([batchSize, 2]) }, b: { x: tf.ones([batchSize]) } }),
  };
  const state = network.initialState(2);
  const carried = await readState(state);
  expect(carried.map(({ name }) => name)).toEqual(["a/x", "b/x"]);
  expect(numbersOf(createState(network, carried))).toEqual(numbersOf(state));
});

it("refuses the state of another network", async () => {
  const carried = await readState(smallNetwork().initialState(2));
  const [memory, ...rest] = [...carried].sort((a, b) => Number(b.name === "memory") - Number(a.name === "memory"));
  for (const convert of [createState, toEngineState]) {
    expect(() => convert(smallNetwork(), rest)).toThrow(
      new RangeError("carriedState: expected a tensor memory, got none"),
    );
    expect(() => convert(dnc(), carried)).toThrow(RangeError);
    expect(() => convert(smallNetwork(), [...rest, { ...memory, values: memory.values.slice(1) }])).toThrow(
      "carriedState: expected memory of shape [2, 4, 4], got [2, 4, 4] with 31 numbers",
    );
    expect(() => convert(smallNetwork(), [...carried, { ...memory, name: "heap" }])).toThrow(
      /^carriedState: expected .*, got heap$/,
    );
    expect(() => convert(smallNetwork(), [])).toThrow(RangeError);
  }
});

it("leaves no tensors but those of the state", async () => {
  const network = smallNetwork();
  const state = network.initialState(2);
  const before = tf.memory().numTensors;
  const carried = await readState(state);
  toEngineState(network, carried);
  expect(tf.memory().numTensors).toBe(before);
  const restored = createState(network, carried);
  tf.dispose(restored);
  expect(tf.memory().numTensors).toBe(before);
});
