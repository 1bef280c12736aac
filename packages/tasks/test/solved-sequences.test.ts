import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { createRandom } from "../src/random.js";
import { repeatCopy } from "../src/repeat-copy.js";
import { solvedSequences } from "../src/solved-sequences.js";

describe("solvedSequences", () => {
  it("is 1 for an element whose every counted bit is right, whatever it says where nothing counts", () => {
    const batch = repeatCopy({ maxLength: 3 }).sample(createRandom(1));
    const right = tf.sub(tf.mul(batch.target, 20), 10) as tf.Tensor3D;
    const unasked = tf.mul(tf.sub(1, tf.expandDims(batch.mask, 2)), 1e4);
    expect(solvedSequences(tf.add(right, unasked), batch)).toBeAllClose(tf.ones([16]));
    expect(solvedSequences(tf.neg(right), batch)).toBeAllClose(tf.zeros([16]));
  });

  it("is 0 for an element with one wrong bit, and only for that", () => {
    const batch = repeatCopy({ batchSize: 4, minLength: 2, minRepeats: 2 }).sample(createRandom(2));
    const right = tf.sub(tf.mul(batch.target, 20), 10) as tf.Tensor3D;
    const flip = tf.buffer(right.shape, "float32");
    flip.set(1, 6, 2, 3);
    const logits = tf.mul(right, tf.sub(1, tf.mul(flip.toTensor(), 2))) as tf.Tensor3D;
    expect(Array.from(solvedSequences(logits, batch).dataSync())).toEqual([1, 1, 0, 1]);
  });

  it("counts NaN as wrong, a logit of 0 as a 0, and an element without a counted step as solved", () => {
    const target = tf.tensor3d([0, 0, 1, 1], [1, 4, 1]);
    const mask = tf.tensor2d([[1, 1, 1, 0]]);
    const logits = tf.tensor3d([Number.NaN, 0, 0, -5], [1, 4, 1]);
    expect(Array.from(solvedSequences(logits, { target, mask }).dataSync())).toEqual([0, 1, 0, 1]);
  });

  it("makes one float32 tensor of shape [batch]", () => {
    const batch = repeatCopy().sample(createRandom(1));
    const before = tf.memory().numTensors;
    const solved = solvedSequences(batch.target, batch);
    expect([solved.shape, solved.dtype]).toEqual([[16], "float32"]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it("says what is wrong", () => {
    const { target, mask } = repeatCopy().sample(createRandom(1));
    expect(() => solvedSequences(tf.zeros([9, 16, 4]), { target, mask })).toThrow(
      new RangeError("logits: expected [9, 16, 5], got [9, 16, 4]"),
    );
    expect(() => solvedSequences(target, { target, mask: tf.zeros([16, 9]) })).toThrow(
      new RangeError("mask: expected [9, 16], got [16, 9]"),
    );
    expect(() => solvedSequences(target, undefined as never)).toThrow(
      new TypeError("batch: expected an object, got undefined"),
    );
    expect(() => solvedSequences(null as never, { target, mask })).toThrow(
      new TypeError("logits: expected a tensor [9, 16, 5], got null"),
    );
  });
});

it("takes integers as float32", () => {
  const logits = tf.tensor3d([[[3, -2]]], undefined, "int32");
  const [target, mask] = [tf.tensor3d([[[1, 0]]]), tf.ones<tf.Rank.R2>([1, 1])];
  expect(solvedSequences(logits, { target, mask }).arraySync()).toEqual([1]);
});
