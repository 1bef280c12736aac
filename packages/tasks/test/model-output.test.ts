import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { modelOutput } from "../src/model-output.js";

const logits = () =>
  tf.tensor3d([
    [
      [5, -5, 0],
      [0.1, -0.1, 1e4],
    ],
    [
      [1, 1, 1],
      [-1e4, 3, -3],
    ],
  ]);
const mask = () =>
  tf.tensor2d([
    [1, 1],
    [0, 1],
  ]);

describe("modelOutput", () => {
  it("is the rounded sigmoid where the mask is 1, and 0 elsewhere", () => {
    expect(modelOutput(logits(), mask()).arraySync()).toEqual([
      [
        [1, 0, 0],
        [1, 0, 1],
      ],
      [
        [0, 0, 0],
        [0, 1, 0],
      ],
    ]);
  });

  it("makes one tensor", () => {
    const inputs = [logits(), mask()] as const;
    const before = tf.memory().numTensors;
    modelOutput(...inputs);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it("says what is wrong", () => {
    expect(() => modelOutput(mask() as never, mask())).toThrow(
      new RangeError("logits: expected [time, batch, size], got [2, 2]"),
    );
    expect(() => modelOutput(logits(), tf.ones([2, 3]))).toThrow(new RangeError("mask: expected [2, 2], got [2, 3]"));
    expect(() => modelOutput("x" as never, mask())).toThrow(
      new TypeError('logits: expected a tensor [time, batch, size], got "x"'),
    );
  });
});

it("takes integers as float32", () => {
  const logits = tf.tensor3d([[[3, -2]]], undefined, "int32");
  expect(modelOutput(logits, tf.ones([1, 1])).arraySync()).toEqual([[[1, 0]]]);
});
