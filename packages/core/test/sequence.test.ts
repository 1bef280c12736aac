import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import type { NetworkConfig } from "../src/engine/core.js";
import { networkSizes } from "../src/engine/network.js";
import { LstmNetwork } from "../src/lstm-network.js";
import { checkSequence } from "../src/sequence.js";

const SIZES = { inputSize: 3, outputSize: 2, hiddenSize: 4, memorySize: 3, wordSize: 2, readHeads: 1 };
const NETWORKS = {
  lstm: new Dnc(SIZES),
  twoLayers: new Dnc({ ...SIZES, controller: "deep-lstm", layers: 2 }),
  gru: new Dnc({ ...SIZES, controller: "gru" }),
  feedForward: new Dnc({ ...SIZES, controller: "feed-forward" }),
  baseline: new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4 }),
  twoLayerBaseline: new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4, layers: 2 }),
};
type Name = keyof typeof NETWORKS;

const check = (network: Name, state: Name) =>
  checkSequence(
    networkSizes(NETWORKS[network].config as NetworkConfig),
    tf.zeros([2, 1, 3]),
    NETWORKS[state].initialState(1),
  );

it.each(Object.keys(NETWORKS) as Name[])("a sequence of %s starts from its own state", (name) => {
  expect(() => check(name, name)).not.toThrow();
});

it.each<[Name, Name, Error]>([
  ["lstm", "twoLayers", new RangeError("state.controller: expected 1 layer, got 2")],
  ["twoLayers", "lstm", new RangeError("state.controller: expected 2 layers, got 1")],
  ["lstm", "feedForward", new RangeError("state.controller: expected 1 layer, got 0")],
  ["feedForward", "lstm", new RangeError("state.controller: expected 0 layers, got 1")],
  ["twoLayerBaseline", "baseline", new RangeError("state.controller: expected 2 layers, got 1")],
  ["gru", "lstm", new TypeError('unknown state key "cell"; expected one of hidden')],
  ["baseline", "lstm", new TypeError('unknown state key "readWords"; expected one of controller')],
])("a sequence of %s never starts from a state of %s", (network, state, error) => {
  expect(() => check(network, state)).toThrow(error);
});

it("a step of an LSTM without a memory never ignores the state of one", () => {
  const { baseline, lstm } = NETWORKS;
  expect(() => baseline.step(tf.zeros([1, 3]), lstm.initialState(1))).toThrow(
    new TypeError('unknown state key "readWords"; expected one of controller'),
  );
});
