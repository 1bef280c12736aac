import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it } from "vitest";
import { withGradient } from "../src/with-gradient.js";

/** `x^2 y`, from a square that only the gradient needs again. */
const product = withGradient((x: tf.Tensor, y: tf.Tensor) => {
  const square = tf.square(x);
  return {
    value: tf.mul(square, y),
    saved: [x, y, square],
    gradient: (dy, [x, y, square]) => [tf.mul(dy, tf.mul(2, tf.mul(x, y))), tf.mul(dy, square)],
  };
});

describe("withGradient", () => {
  const isTest = tf.env().getBool("IS_TEST");
  afterEach(() => tf.env().set("IS_TEST", isTest));

  it.each([true, false])("has the given gradient, with TensorFlow.js's leak check %s", (checked) => {
    tf.env().set("IS_TEST", checked);
    const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 5])];
    const before = tf.memory().numTensors;
    const gradients = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.tidy(() => product(tf.mul(x, 1), tf.mul(y, 1))))([
      x,
      y,
    ]);
    expect(gradients[0]).toBeAllClose([6, 20]);
    expect(gradients[1]).toBeAllClose([1, 4]);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(tf.env().getBool("IS_TEST")).toBe(checked);
  });

  it("refuses only a gradient of its gradient", () => {
    const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 5])];
    const slope = tf.grad((x: tf.Tensor) => product(x, y));
    expect(() => tf.grad((x: tf.Tensor) => tf.sum(slope(x)))(x)).toThrow(
      "gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have",
    );
    const scaled = tf.grad((by: tf.Tensor) => tf.sum(tf.mul(by, slope(x))))(tf.scalar(1));
    expect(scaled).toBeAllClose(26);
  });

  it("creates one tensor and restores the flags, even if it throws", () => {
    tf.env().set("IS_TEST", true);
    const [x, y] = [tf.ones([2]), tf.ones([3])];
    const before = tf.memory().numTensors;
    expect(product(x, x)).toBeAllClose([1, 1]);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(() => product(x, y)).toThrow();
    expect(tf.env().getBool("IS_TEST")).toBe(true);
  });
});
