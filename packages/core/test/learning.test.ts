import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import { unroll } from "../src/unroll.js";

it("recalls two bits through its memory, with a controller without recurrence", () => {
  const core = new Dnc({
    inputSize: 3,
    outputSize: 2,
    memorySize: 4,
    wordSize: 4,
    readHeads: 1,
    hiddenSize: 16,
    controller: "feed-forward",
    seed: 1,
  });
  const bits = tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
  const shown = tf.concat([tf.sub(tf.mul(bits, 2), 1), tf.zeros([4, 1])], 1);
  const asked = tf.tensor2d([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1], [4, 3]);
  const inputs = tf.stack([shown, tf.zeros([4, 3]), asked]) as tf.Tensor3D;
  const optimizer = tf.train.adam(0.05);
  const losses: number[] = [];
  for (let iteration = 0; iteration < 25; iteration++) {
    const loss = optimizer.minimize(() => {
      const answer = tf.squeeze(tf.slice(unroll(core, inputs).outputs, 2), [0]) as tf.Tensor2D;
      return tf.losses.sigmoidCrossEntropy(bits, answer) as tf.Scalar;
    }, true) as tf.Scalar;
    losses.push(loss.dataSync()[0]);
    loss.dispose();
  }
  expect(losses[0]).toBeGreaterThan(0.6);
  expect(losses.at(-1)).toBeLessThan(0.05);
});
