import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { stopGradient } from "../src/stop-gradient.js";
import { expectTidy } from "./agreement.js";

describe("stopGradient", () => {
  it("returns what is computed", () => {
    const indices = stopGradient(tf.tensor1d([0.2, 0.9]), (x) => tf.topk(x, 2).indices);
    expect(Array.from(indices.dataSync())).toEqual([1, 0]);
    expect(indices.dtype).toBe("int32");
  });

  it("is a constant to the gradient, whatever it is computed from", () => {
    const gradient = tf.grad((x) => tf.mul(x, stopGradient(x, tf.square)))(tf.tensor1d([2, 3]));
    expect(Array.from(gradient.dataSync())).toEqual([4, 9]);
    const throughIntegers = tf.grad((x) => {
      const rounded = tf.tidy(() => stopGradient(tf.cast(x, "int32"), (integers) => tf.cast(integers, "float32")));
      return tf.mul(x, rounded);
    })(tf.tensor1d([2.5, 3.5]));
    expect(Array.from(throughIntegers.dataSync())).toEqual([2, 3]);
  });

  it("creates one tensor, also under a gradient", () => {
    expectTidy((x: tf.Tensor) => stopGradient(x, tf.square), [[2]]);
  });
});
