import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { Dnc } from "../../src/dnc.js";
import { DncCell } from "../../src/layers/index.js";
import { bitsOf, CONTROLLERS } from "../support.js";
import { CELL, savedAndLoaded, sequenceModel, sequences, unrolled } from "./support.js";

const FIT = { epochs: 2, batchSize: 2, shuffle: false, verbose: 0 } as const;

describe("a saved model", () => {
  it.each(CONTROLLERS)("predicts the same bits after it is loaded, trained or not: %s", async (controller) => {
    const config = {
      ...CELL,
      controller,
      writeHeads: 2,
      clipValue: null,
      ...(controller === "deep-lstm" ? { layers: 2 } : {}),
    };
    const model = sequenceModel(config);
    model.compile({ loss: "meanSquaredError", optimizer: "adam" });
    const inputs = sequences(4, 3);
    for (const epochs of [0, 1]) {
      if (epochs > 0) await model.fit(inputs, tf.ones([4, 3, 3]), { ...FIT, epochs });
      const loaded = await savedAndLoaded(model);
      expect(bitsOf([loaded.predict(inputs) as tf.Tensor])).toEqual(bitsOf([model.predict(inputs) as tf.Tensor]));
      expect(bitsOf(loaded.getWeights())).toEqual(bitsOf(model.getWeights()));
      expect((loaded.layers[0].getConfig().cell as tf.serialization.ConfigDict).config).toMatchObject(config);
      loaded.dispose();
    }
    model.dispose();
  });

  it.each([
    ["masking, de-allocation and sharpness", { masking: { minimum: 0.1 }, deallocation: true, sharpness: true }],
    ["no links", { masking: true, links: false }],
  ])("keeps the variants of the memory: %s", async (_name, memory) => {
    const model = sequenceModel({ ...CELL, memory });
    model.compile({ loss: "meanSquaredError", optimizer: "adam" });
    const inputs = sequences(4, 3);
    expect(bitsOf([model.predict(inputs) as tf.Tensor])).toEqual(
      bitsOf([unrolled(inputs, { ...CELL, memory }).outputs]),
    );
    await model.fit(inputs, tf.ones([4, 3, 3]), { ...FIT, epochs: 1 });
    const loaded = await savedAndLoaded(model);
    expect(bitsOf([loaded.predict(inputs) as tf.Tensor])).toEqual(bitsOf([model.predict(inputs) as tf.Tensor]));
    expect(loaded.weights.length).toBe(model.weights.length);
    const { config } = loaded.layers[0].getConfig().cell as { config: tf.serialization.ConfigDict };
    expect(config.memory).toEqual(new Dnc({ inputSize: 4, ...CELL, memory }).config.memory);
    model.dispose();
    loaded.dispose();
  });

  it("continues learning as if it had never been saved", async () => {
    const model = sequenceModel();
    model.compile({ loss: "meanSquaredError", optimizer: "adam" });
    const [inputs, targets] = [sequences(4, 3), tf.ones([4, 3, 3])];
    await model.fit(inputs, targets, FIT);
    const loaded = await savedAndLoaded(model, { includeOptimizer: true });
    const [first, second] = [await model.fit(inputs, targets, FIT), await loaded.fit(inputs, targets, FIT)];
    expect(second.history.loss).toEqual(first.history.loss);
    expect(bitsOf(loaded.getWeights())).toEqual(bitsOf(model.getWeights()));
    model.dispose();
    loaded.dispose();
  });

  it("can have several cells, including frozen ones", async () => {
    const input = tf.input({ shape: [null, 4] });
    const below = tf.layers.rnn({ cell: new DncCell({ ...CELL, trainable: false }), returnSequences: true });
    const above = tf.layers.rnn({ cell: [new DncCell({ ...CELL, seed: 2 }), new DncCell({ ...CELL, seed: 3 })] });
    const outputs = tf.layers.dense({ units: 2 }).apply(above.apply(below.apply(input)));
    const model = tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
    const loaded = await savedAndLoaded(model);
    const inputs = sequences(2, 3);
    expect(bitsOf([loaded.predict(inputs) as tf.Tensor])).toEqual(bitsOf([model.predict(inputs) as tf.Tensor]));
    expect([loaded.trainableWeights.length, loaded.nonTrainableWeights.length]).toEqual([2 * 24 + 2, 24]);
    model.dispose();
    loaded.dispose();
  });

  it("creates as many tensors as the first one", async () => {
    const model = sequenceModel();
    const start = tf.memory().numTensors;
    const loaded = await savedAndLoaded(model);
    expect(tf.memory().numTensors).toBe(start + 24);
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(start);
    model.dispose();
  });
});
