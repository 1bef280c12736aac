/** The table of configurations: every engine computes each like the definition or returns a reason why not. */
import * as tf from "@tensorflow/tfjs";

const SIZES = {
  "hardly two sizes the same": { inputSize: 3, outputSize: 2, memorySize: 7, wordSize: 5, hiddenSize: 6 },
  "widths of whole panels": { inputSize: 8, outputSize: 8, memorySize: 8, wordSize: 4, hiddenSize: 8 },
  "one of everything": { inputSize: 1, outputSize: 1, memorySize: 1, wordSize: 1, hiddenSize: 1 },
};

/** Passes its inputs through. */
const custom = ({ inputSize }) => ({
  inputSize,
  outputSize: inputSize,
  variables: [],
  initialState: () => ({}),
  step: (inputs, state) => ({ output: tf.clone(inputs), state }),
  dispose() {},
});

const CONTROLLERS = {
  lstm: { controller: "lstm" },
  "deep-lstm of 1 layer": { controller: "deep-lstm", layers: 1 },
  "deep-lstm of 3 layers": { controller: "deep-lstm", layers: 3 },
  "feed-forward": { controller: "feed-forward" },
  gru: { controller: "gru" },
  "a custom controller": { controller: custom },
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

/** Every controller, with every pair of the other values, as configurations of `Dnc`. */
export const ROWS = combinations(SIZES, CONTROLLERS, HEADS, CLIPS)
  .filter(({ at: [sizes, , heads, clips] }) => (sizes + heads + clips) % 3 === 0)
  .map(({ names, config }, index) => ({ name: names.join(", "), config: { ...config, seed: 1 + index } }));

/** Trainer options to test in addition to those of the rows. */
export const TRAININGS = {
  "RMSProp without momentum": { optimizer: { type: "rmsprop", learningRate: 1e-3, momentum: 0 } },
  "RMSProp with momentum": { optimizer: { type: "rmsprop", momentum: 0.9 } },
  Adam: { optimizer: { type: "adam", learningRate: 1e-3 } },
  "the sigmoid loss": { loss: "sigmoid" },
  "the softmax loss": { loss: "softmax" },
  "the squared loss": { loss: "squared" },
};

function combinations(...axes) {
  return axes.reduce(
    (rows, axis) =>
      rows.flatMap(({ at, names, config }) =>
        Object.entries(axis).map(([name, part], index) => ({
          at: [...at, index],
          names: [...names, name],
          config: { ...config, ...part },
        })),
      ),
    [{ at: [], names: [], config: {} }],
  );
}
