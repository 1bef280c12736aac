import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { DncCell } from "../../src/layers/index.js";
import { CELL, sequences } from "./support.js";

/** Limits of TensorFlow.js for every cell, as listed in the README. */
describe.each<[string, () => DncCell | ReturnType<typeof tf.layers.lstmCell>]>([
  ["DncCell", () => new DncCell(CELL)],
  ["TensorFlow.js's own LSTM", () => tf.layers.lstmCell({ units: 3 })],
])("a layer of %s", (_, cell) => {
  it("cannot be used with bidirectional", () => {
    const layer = tf.layers.rnn({ cell: cell(), returnSequences: true }) as tf.RNN;
    const both = () => tf.layers.bidirectional({ layer, mergeMode: "concat", inputShape: [5, 4] });
    expect(both).toThrow(/^layer: Improper config format/);
  });

  it("trains behind a trainable layer from two steps on", async () => {
    for (const [time, message] of [
      [1, /^Argument tensors passed to stack/],
      [2, undefined],
    ] as const) {
      const below = tf.layers.dense({ units: 4, inputShape: [time, 4] });
      const model = tf.sequential({ layers: [below, tf.layers.rnn({ cell: cell() })] });
      model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
      const fitted = model.fit(sequences(2, time), tf.ones([2, 3]), { epochs: 1, verbose: 0 });
      if (message) await expect(fitted).rejects.toThrow(message);
      else expect((await fitted).history.loss[0]).toBeGreaterThan(0);
    }
  });
});
