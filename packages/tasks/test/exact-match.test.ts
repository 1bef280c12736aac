import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { repeatCopy } from "../src/algorithmic/repeat-copy.js";
import { exactMatch, symbolsPerStep, wrongBits, wrongSymbols } from "../src/exact-match.js";
import { createRandom } from "../src/random.js";

describe("exactMatch", () => {
  it("is 1 for a sequence whose counted bits are all right, whatever the others are", () => {
    const batch = repeatCopy({ maxLength: 3 }).sampleBatch(createRandom(1));
    const { targets, mask } = batch;
    const size = targets.length / mask.length;
    const right = targets.map((bit, at) => 20 * bit - 10 + (mask[Math.floor(at / size)] === 0 ? 1e4 : 0));
    expect(exactMatch(right, batch)).toEqual(new Uint8Array(16).fill(1));
    const wrong = right.map((logit) => -logit);
    expect(exactMatch(wrong, batch)).toEqual(new Uint8Array(16));
  });

  it("is 0 only for sequences with a wrong bit", () => {
    const batch = repeatCopy({ batchSize: 4, minLength: 2, minRepeats: 2 }).sampleBatch(createRandom(2));
    const logits = batch.targets.map((bit) => 20 * bit - 10);
    logits[(6 * 4 + 2) * 5 + 3] *= -1;
    expect(Array.from(exactMatch(logits, batch))).toEqual([1, 1, 0, 1]);
    expect(Array.from(wrongBits(logits, batch))).toEqual([0, 0, 1, 0]);
  });

  it("counts NaN as wrong, a logit of 0 as a 0, and a sequence in which nothing counts as right", () => {
    const targets = Float32Array.of(0, 0, 1, 1);
    const mask = Float32Array.of(1, 1, 1, 0);
    const logits = Float32Array.of(Number.NaN, 0, 0, -5);
    const batch = { timeSteps: 1, batchSize: 4, targets, mask };
    expect(Array.from(exactMatch(logits, batch))).toEqual([0, 1, 0, 1]);
    expect(Array.from(wrongBits(logits, batch))).toEqual([1, 0, 1, 0]);
  });

  it("agrees with TensorFlow.js on every logit and target, at the edge of one half too", () => {
    const edge = 2 ** -23;
    const values = [0, edge, edge * (1 + 2 ** -23), -edge, 3, -3, Number.NaN, Number.POSITIVE_INFINITY];
    for (const logit of values)
      for (const bit of [0, 1, 0.5])
        for (const counted of [0, 1]) {
          const [logits, targets] = [Float32Array.of(logit, 1), Float32Array.of(bit, 1)];
          const batch = { timeSteps: 1, batchSize: 2, targets, mask: Float32Array.of(counted, 1) };
          const wrong = tf.notEqual(tf.round(tf.sigmoid(tf.tensor1d(logits))), tf.tensor1d(targets)).dataSync();
          const expected = Uint8Array.from(wrong, (each, index) => Number(each === 0 || batch.mask[index] === 0));
          expect([logit, bit, exactMatch(logits, batch)]).toEqual([logit, bit, expected]);
        }
  });

  it("is as long as the batch", () => {
    const batch = repeatCopy().sampleBatch(createRandom(1));
    expect(exactMatch(batch.targets, batch)).toHaveLength(16);
  });

  it("rejects invalid arguments by name", () => {
    const batch = repeatCopy().sampleBatch(createRandom(1));
    const { targets, mask } = batch;
    expect(() => exactMatch(new Float32Array(9 * 16 * 4), batch)).toThrow(
      new RangeError("logits: expected [9, 16, 5], 720 numbers, got 576"),
    );
    expect(() => exactMatch(targets, { ...batch, mask: new Float32Array(9) })).toThrow(
      new RangeError("mask: expected [9, 16], 144 numbers, got 9"),
    );
    expect(() => exactMatch(targets, { ...batch, timeSteps: 7 })).toThrow(
      new RangeError("targets: expected [7, 16, targetSize], a multiple of 112 numbers, got 720"),
    );
    expect(() => exactMatch(targets, { ...batch, batchSize: 0 })).toThrow(
      new RangeError("batchSize: expected a positive integer, got 0"),
    );
    expect(() => exactMatch(targets, undefined as never)).toThrow(
      new TypeError("batch: expected an object, got undefined"),
    );
    expect(() => exactMatch(null as never, batch)).toThrow(new TypeError("logits: expected a Float32Array, got null"));
    expect(() => exactMatch(targets, { ...batch, mask: Array.from(mask) as never })).toThrow(
      new TypeError("mask: expected a Float32Array, got an array"),
    );
  });
});

describe("wrongSymbols", () => {
  /** Two sequences of two steps; the last step of the second does not count. */
  const batch = (targets: readonly number[]) => ({
    ...{ timeSteps: 2, batchSize: 2, targets: Float32Array.from(targets), mask: Float32Array.of(1, 1, 1, 0) },
  });

  it("of softmax are the groups whose first largest logit is not at the first largest target", () => {
    const task = { loss: "softmax", groupSizes: [3, 2] } as const;
    const symbols = batch([0, 1, 0, 1, 0, 0.2, 0.5, 0.3, 0, 1, 1, 0, 0, 0.5, 0.5, 0, 0, 1, 1, 0]);
    const right = Float32Array.of(1, 2, 0, 5, 4, -3, -1, -2, 0, 1, 2, 2, 1, 0, 0, 9, 0, 0, 0, 9);
    expect(Array.from(wrongSymbols(right, symbols, task))).toEqual([0, 0]);
    expect(Array.from(exactMatch(right, symbols, task))).toEqual([1, 1]);
    const wrong = right.slice();
    wrong.set([2, 2, 0], 0); // a tie goes to the first, which is not the target
    wrong.set([4, 5], 3);
    wrong.set([1, 0], 8);
    expect(Array.from(wrongSymbols(wrong, symbols, task))).toEqual([2, 1]);
    expect(Array.from(exactMatch(wrong, symbols, task))).toEqual([0, 0]);
    expect(Array.from(wrongSymbols(right, symbols, { loss: "softmax" }))).not.toEqual([0, 0]);
  });

  it("of squared are the outputs that differ by half or more", () => {
    const numbers = batch([1, 2, -3, 0.25]);
    const at = (...outputs: number[]) =>
      Array.from(wrongSymbols(Float32Array.from(outputs), numbers, { loss: "squared" }));
    expect(at(1.49, 1.51, -3.49, 99)).toEqual([0, 0]);
    expect(at(1.5, 1.5, -3.5, 0)).toEqual([2, 1]);
    expect(at(Number.NaN, Number.POSITIVE_INFINITY, -3, 0)).toEqual([1, 1]);
  });

  it("of softmax count NaN as wrong wherever it is in the group", () => {
    const symbol = { timeSteps: 1, batchSize: 1, targets: Float32Array.of(1, 0), mask: Float32Array.of(1) };
    for (const logits of [Float32Array.of(Number.NaN, 0), Float32Array.of(5, Number.NaN)])
      expect(Array.from(wrongSymbols(logits, symbol, { loss: "softmax" }))).toEqual([1]);
  });

  it("of sigmoid are the bits", () => {
    const bits = batch([1, 0, 1, 0]);
    const logits = Float32Array.of(1, 1, 1, 1);
    expect(wrongSymbols(logits, bits)).toEqual(wrongBits(logits, bits));
  });

  it("refuse unknown losses and groups of another size", () => {
    const bits = batch([1, 0, 1, 0]);
    const count = (task: object) => () => wrongSymbols(new Float32Array(4), bits, task);
    expect(count({ loss: "hinge" })).toThrow(
      new TypeError('loss: expected one of sigmoid, softmax, squared, got "hinge"'),
    );
    expect(count({ loss: "softmax", groupSizes: [2] })).toThrow(
      new RangeError("groupSizes: expected sizes that add up to the 1 outputs, got 2"),
    );
  });
});

it("symbolsPerStep counts bits, groups and numbers", () => {
  expect(symbolsPerStep({}, 7)).toBe(7);
  expect(symbolsPerStep({ loss: "softmax" }, 7)).toBe(1);
  expect(symbolsPerStep({ loss: "softmax", groupSizes: [3, 3, 1] }, 7)).toBe(3);
  expect(symbolsPerStep({ loss: "squared" }, 7)).toBe(7);
});
