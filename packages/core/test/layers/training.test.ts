import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { DncCell } from "../../src/layers/index.js";
import { bitsOf, CONTROLLERS } from "../support.js";
import { CELL, sequenceModel, sequences } from "./support.js";

const FIT = { epochs: 1, batchSize: 2, shuffle: false, verbose: 0 } as const;

describe("model.fit", () => {
  it("learns to recall two bits through the memory, with a controller without recurrence", async () => {
    const cell = new DncCell({ ...CELL, outputSize: 2, hiddenSize: 16, controller: "feed-forward" });
    const model = tf.sequential({
      layers: [tf.layers.rnn({ cell, inputShape: [null, 3] }), tf.layers.activation({ activation: "sigmoid" })],
    });
    model.compile({ loss: "binaryCrossentropy", optimizer: tf.train.adam(0.05) });
    const bits = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
    const shown = tf.concat([tf.sub(tf.mul(bits, 2), 1), tf.zeros([4, 1])], 1);
    const asked = tf.tensor2d([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1], [4, 3]);
    const inputs = tf.stack([shown, tf.zeros([4, 3]), asked], 1);
    const { history } = await model.fit(inputs, bits, { epochs: 25, verbose: 0 });
    expect(history.loss[0]).toBeGreaterThan(0.6);
    expect(history.loss[24]).toBeLessThan(0.05);
    model.dispose();
  });

  it.each(CONTROLLERS)("moves every weight of the controller %s", async (controller) => {
    const model = sequenceModel({ ...CELL, controller, writeHeads: 2 });
    model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
    const before = bitsOf(model.getWeights());
    await model.fit(sequences(4, 5), sequences(4, 5, 2).slice([0, 0, 0], [-1, -1, 3]), { ...FIT, epochs: 2 });
    for (const [index, values] of bitsOf(model.getWeights()).entries())
      expect(values, model.weights[index].name).not.toEqual(before[index]);
    model.dispose();
  });

  it("does not change frozen cells and layers", async () => {
    for (const frozen of ["cell", "layer"]) {
      const cell = new DncCell({ ...CELL, ...(frozen === "cell" ? { trainable: false } : {}) });
      const layer = tf.layers.rnn({ cell, inputShape: [4, 4], ...(frozen === "layer" ? { trainable: false } : {}) });
      const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 2 })] });
      model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
      expect([model.trainableWeights.length, model.nonTrainableWeights.length]).toEqual([2, 24]);
      const before = bitsOf(layer.getWeights());
      const dense = bitsOf(model.layers[1].getWeights());
      await model.fit(sequences(4, 4), tf.ones([4, 2]), FIT);
      expect(bitsOf(layer.getWeights())).toEqual(before);
      expect(bitsOf(model.layers[1].getWeights())).not.toEqual(dense);
      model.dispose();
    }
  });

  it("trains parallel and stacked cells between other layers", async () => {
    const input = tf.input({ shape: [4, 4] });
    const embedded = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 5 }) }).apply(input);
    const below = tf.layers.rnn({ cell: new DncCell(CELL), returnSequences: true });
    const above = tf.layers.rnn({ cell: [new DncCell({ ...CELL, seed: 2 }), new DncCell({ ...CELL, seed: 3 })] });
    const beside = tf.layers.rnn({ cell: new DncCell({ ...CELL, seed: 4 }) });
    const features = tf.layers
      .concatenate()
      .apply([above.apply(below.apply(embedded)) as tf.SymbolicTensor, beside.apply(embedded) as tf.SymbolicTensor]);
    const outputs = tf.layers.dense({ units: 2 }).apply(features) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs });
    expect(model.weights.length).toBe(2 + 4 * 24 + 2);
    expect(new Set(model.weights.map((weight) => weight.originalName)).size).toBe(model.weights.length);
    model.compile({ loss: "meanSquaredError", optimizer: "adam" });
    const before = bitsOf(model.getWeights());
    const { history } = await model.fit(sequences(4, 4), tf.ones([4, 2]), { ...FIT, epochs: 3 });
    expect(history.loss[2]).toBeLessThan(history.loss[0] as number);
    for (const [index, values] of bitsOf(model.getWeights()).entries())
      expect(values, model.weights[index].name).not.toEqual(before[index]);
    model.dispose();
  });

  it("trains a stateful layer", async () => {
    const model = sequenceModel(CELL, { stateful: true, batchInputShape: [2, 3, 4] });
    model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
    const { history } = await model.fit(sequences(4, 3), tf.ones([4, 3, 3]), { ...FIT, epochs: 3 });
    expect(history.loss[2]).toBeLessThan(history.loss[0] as number);
    model.resetStates();
    model.dispose();
  });
});

describe("the memory of a model", () => {
  it("is the same after every call of fit, evaluate and predict, and freed by dispose", async () => {
    const [inputs, targets] = [sequences(4, 4), tf.ones([4, 4, 3])];
    const start = tf.memory().numTensors;
    const model = sequenceModel();
    model.compile({ loss: "meanSquaredError", optimizer: "adam" });
    const use = async () => {
      await model.fit(inputs, targets, FIT);
      tf.dispose([model.predict(inputs), model.evaluate(inputs, targets)]);
      return tf.memory().numTensors;
    };
    const after = await use();
    expect(await use()).toBe(after);
    expect(await use()).toBe(after);
    model.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });
});
