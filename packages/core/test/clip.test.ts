import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { clip } from "../src/clip.js";

const x = () => tf.tensor1d([-3, -2, -0.5, 0, 1.5, 2, 4]);

it("has the values and the gradient of TensorFlow.js", () => {
  const weights = tf.range(1, 8);
  expect(clip(x(), 2)).toBeAllClose(tf.clipByValue(x(), -2, 2), { absolute: 0, relative: 0 });
  const slope = (f: (x: tf.Tensor) => tf.Tensor) => tf.grad((x) => tf.sum(tf.mul(f(x), weights)))(x());
  expect(slope((x) => clip(x, 2))).toBeAllClose(
    slope((x) => tf.clipByValue(x, -2, 2)),
    { absolute: 0, relative: 0 },
  );
});

it("has a gradient of its gradient: that of x^3 within the bound", () => {
  const slope = tf.grad((x) => tf.sum(tf.pow(clip(x, 2), 3)));
  expect(tf.grad((x) => tf.sum(slope(x)))(x())).toBeAllClose([0, -12, -3, 0, 9, 12, 0]);
});

it("returns its input unchanged without a bound", () => {
  const input = x();
  for (const none of [0, null]) expect(clip(input, none)).toBe(input);
});
