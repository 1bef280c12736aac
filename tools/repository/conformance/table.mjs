/** The table of configurations: every engine computes each like the definition or returns a reason why not. */
import { Dnc, LstmNetwork } from "@dnc/core";
import * as tf from "@tensorflow/tfjs";

const SIZES = {
  "hardly two sizes the same": { inputSize: 3, outputSize: 5, memorySize: 7, wordSize: 5, hiddenSize: 6 },
  "widths of whole panels": { inputSize: 8, outputSize: 8, memorySize: 8, wordSize: 4, hiddenSize: 8 },
  "one of everything": { inputSize: 1, outputSize: 1, memorySize: 1, wordSize: 1, hiddenSize: 1 },
};

/** Passes its inputs through. */
const customController = ({ inputSize }) => ({
  inputSize,
  outputSize: inputSize,
  variables: [],
  initialState: () => ({}),
  step: (inputs, state) => ({ output: tf.clone(inputs), state }),
  dispose() {},
});

/** Reads the sum of its inputs everywhere. */
const customAccess = ({ inputSize, readHeads, wordSize }) => ({
  inputSize,
  variables: [],
  initialState: (batchSize) => ({ sum: tf.zeros([batchSize, 1]) }),
  step(inputs, { sum }) {
    const next = tf.add(sum, tf.sum(inputs, 1, true));
    const output = tf.tile(tf.reshape(next, [-1, 1, 1]), [1, readHeads, wordSize]);
    return { output, state: { sum: next }, trace: { sum: next } };
  },
  dispose() {},
});

const NETWORKS = {
  lstm: { controller: "lstm" },
  "deep-lstm of 1 layer": { controller: "deep-lstm", layers: 1 },
  "deep-lstm of 3 layers": { controller: "deep-lstm", layers: 3 },
  "feed-forward": { controller: "feed-forward" },
  gru: { controller: "gru" },
  "a custom controller": { controller: customController },
  "a custom memory access": { access: customAccess },
  "no memory, lstm": { network: "lstm" },
  "no memory, lstm of 2 layers": { network: "lstm", layers: 2 },
};

const HEADS = {
  "1 write head, 1 read head": { writeHeads: 1, readHeads: 1 },
  "1 write head, 4 read heads": { writeHeads: 1, readHeads: 4 },
  "2 write heads, 3 read heads": { writeHeads: 2, readHeads: 3 },
};

const CLIPS = {
  "clipped to 20": { clipValue: 20 },
  "clipped to 0.1": { clipValue: 0.1 },
  "not clipped": { clipValue: null },
};

const MEMORIES = {
  "no variant": {},
  masking: { memory: { masking: true } },
  "masking from 0.3": { memory: { masking: { minimum: 0.3 } } },
  "de-allocation": { memory: { deallocation: true } },
  sharpness: { memory: { sharpness: true } },
  "no links": { memory: { links: false } },
  "masking, de-allocation, sharpness": { memory: { masking: true, deallocation: true, sharpness: true } },
  "masking, de-allocation, no links": { memory: { masking: true, deallocation: true, links: false } },
  "0.1 in the memory at first": { memory: { initialMemory: 0.1 } },
  "a random memory at first": { memory: { initialMemory: "random", deallocation: true } },
};

const LOSSES = {
  "sigmoid loss": { loss: "sigmoid" },
  "softmax loss": { loss: "softmax" },
  "squared loss": { loss: "squared" },
  "linear loss": { loss: "linear" },
};

const OPTIMIZERS = {
  RMSProp: { optimizer: { type: "rmsprop", learningRate: 1e-3 } },
  "RMSProp with momentum": { optimizer: { type: "rmsprop", learningRate: 1e-3, decay: 0.95, momentum: 0.9 } },
  Adam: { optimizer: { type: "adam", learningRate: 1e-3 } },
};

/** The axes of the table, by name. Each value is a part of a cell's network or training. */
export const AXES = {
  sizes: SIZES,
  network: NETWORKS,
  heads: HEADS,
  clipping: CLIPS,
  memory: MEMORIES,
  loss: LOSSES,
  optimizer: OPTIMIZERS,
};

/**
 * A row: a network and how it is trained.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {readonly number[]} at - place on each axis.
 * @property {object} network - configuration for `createNetwork`.
 * @property {{ loss: string, groupSizes?: number[], optimizer: object }} training - options of a trainer.
 */

/** Creates the network of a row. */
export function createNetwork({ network, ...config }) {
  if (network !== "lstm") return new Dnc(config);
  const { inputSize, outputSize, hiddenSize, layers, clipValue, seed } = config;
  return new LstmNetwork({ inputSize, outputSize, hiddenSize, layers, clipValue, seed });
}

/**
 * Returns the row at these places.
 *
 * @param {readonly number[]} at - one place for each axis.
 * @returns {Row}
 */
export function rowAt(at) {
  const entries = Object.values(AXES).map((axis, index) => Object.entries(axis)[at[index]]);
  const { loss, optimizer, ...network } = Object.assign({}, ...entries.map(([, part]) => part));
  const groups = network.outputSize > 4 ? [3, network.outputSize - 3] : [network.outputSize];
  const training = { loss, ...(loss === "softmax" && { groupSizes: groups }), optimizer };
  const seed = 1 + at.reduce((sum, place) => 10 * sum + place, 0);
  return { name: entries.map(([name]) => name).join(", "), at, network: { ...network, seed }, training };
}

/** A network without a memory has no heads and no variants: only the first of each makes a row. */
function isPossible(at) {
  const [, network, heads, , memory] = at;
  const { network: kind } = Object.values(NETWORKS)[network];
  return kind !== "lstm" || (heads === 0 && memory === 0);
}

/**
 * Lists rows such that every two values of different axes meet in one, chosen greedily and always in the same way.
 *
 * @returns {Row[]}
 */
function pairwise() {
  const sizes = Object.values(AXES).map((axis) => Object.keys(axis).length);
  const starts = sizes.map((_, axis) => sizes.slice(0, axis).reduce((sum, size) => sum + size, 0));
  const values = sizes.reduce((sum, size) => sum + size);
  const pairsOf = (at) => at.flatMap((i, a) => at.slice(0, a).map((j, b) => (starts[a] + i) * values + starts[b] + j));
  const all = product(sizes)
    .filter(isPossible)
    .map((at) => ({ at, pairs: pairsOf(at) }));
  const open = new Uint8Array(values * values);
  for (const { pairs } of all) for (const pair of pairs) open[pair] = 1;
  const rows = [];
  for (;;) {
    let [best, most] = [undefined, 0];
    for (const candidate of all) {
      let count = 0;
      for (const pair of candidate.pairs) count += open[pair];
      if (count > most) [best, most] = [candidate, count];
    }
    if (best === undefined) return rows;
    for (const pair of best.pairs) open[pair] = 0;
    rows.push(rowAt(best.at));
  }
}

/** Rows in which every two values of different axes meet. */
export const ROWS = pairwise();

/**
 * Lists all combinations of sizes, networks, memories, losses and optimizers; heads and clipping take turns.
 *
 * @returns {Row[]}
 */
export function allRows() {
  const [sizes, network, heads, clipping, memory, loss, optimizer] = Object.values(AXES).map(
    (axis) => Object.keys(axis).length,
  );
  return product([sizes, network, memory, loss, optimizer])
    .map(([a, b, e, f, g], index) => [a, b, index % heads, Math.floor(index / heads) % clipping, e, f, g])
    .map((at) => (Object.values(NETWORKS)[at[1]].network === "lstm" ? at.with(2, 0) : at))
    .filter(isPossible)
    .map(rowAt);
}

function product(sizes) {
  return sizes.reduce(
    (places, size) => places.flatMap((at) => Array.from({ length: size }, (_, index) => [...at, index])),
    [[]],
  );
}
