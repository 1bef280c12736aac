import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchGather, invertPermutation } from "../src/permutation.js";
import { expectAgreement, expectTidy, uniform } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 40 };
const size = fc.integer({ min: 1, max: 6 });

/** `[batch, length]` values, the same number of `[batch, count]` indices. */
const gathers = fc.tuple(size, size, size, fc.nat(1000)).chain(([batch, length, count, seed]) =>
  fc.record({
    values: fc.constant(uniform<number[][]>([batch, length], seed + 1, -1, 1)),
    indices: rows(fc.array(fc.nat(length - 1), { minLength: count, maxLength: count }), batch),
  }),
);

const permutations = fc.tuple(size, size).chain(([batch, length]) => {
  const sorted = Array.from({ length }, (_, index) => index);
  return rows(fc.shuffledSubarray(sorted, { minLength: length, maxLength: length }), batch);
});

describe("batchGather", () => {
  it("has the values of its definition, exactly, and its gradient, repeated indices included", () => {
    fc.assert(
      fc.property(gathers, ({ values, indices }) => {
        const define = (x: number[][]) => indices.map((row, b) => row.map((index) => x[b][index]));
        const compute = (x: tf.Tensor2D) => batchGather(x, tf.tensor2d(indices, undefined, "int32"));
        expectAgreement(compute, define, [values], { values: { absolute: 0, relative: 0 } });
      }),
      RUNS,
    );
  });

  it("gathers by indices that were computed from the values, which are constants to the gradient", () => {
    const values = tf.tensor2d([[0.3, 2.1, 1.2]]);
    const gradient = tf.grad((x) => {
      const places = invertPermutation(tf.cast(x as tf.Tensor2D, "int32"));
      return tf.sum(tf.mul(batchGather(x as tf.Tensor2D, places), tf.tensor2d([[1, 2, 3]])));
    })(values);
    expect(gradient).toBeAllClose([1, 3, 2]);
  });

  it("creates one tensor, also under a gradient", () => {
    const indices = tf.tensor2d([[2, 0]], [1, 2], "int32");
    expectTidy((values: tf.Tensor2D) => batchGather(values, indices), [[1, 3]]);
    expect(indices.isDisposed).toBe(false);
  });

  it("rejects invalid arguments by name", () => {
    const values = tf.zeros<tf.Rank.R2>([2, 3]);
    expect(() => batchGather(tf.zeros([3]) as never, values)).toThrow(
      new RangeError("values: expected [batch, length], got [3]"),
    );
    expect(() => batchGather(values, tf.zeros([1, 2], "int32"))).toThrow(
      new RangeError("indices: expected [2, count], got [1, 2]"),
    );
    expect(() => batchGather(values, values)).toThrow(new TypeError("indices: expected int32, got float32"));
  });
});

describe("invertPermutation", () => {
  it("has the values of its definition", () => {
    fc.assert(
      fc.property(permutations, (batches) => {
        const inverse = invertPermutation(tf.tensor2d(batches, undefined, "int32"));
        expect(inverse.dtype).toBe("int32");
        expect(inverse.arraySync()).toEqual(batches.map((row) => row.map((_, index) => row.indexOf(index))));
      }),
      RUNS,
    );
  });

  it("undoes a gather", () => {
    fc.assert(
      fc.property(permutations, (batches) => {
        const permutation = tf.tensor2d(batches, undefined, "int32");
        const values = tf.tensor2d(uniform<number[][]>(permutation.shape, 1));
        const back = batchGather(batchGather(values, permutation), invertPermutation(permutation));
        expect(back).toBeAllClose(values, { absolute: 0, relative: 0 });
      }),
      RUNS,
    );
  });

  it("creates one tensor", () => {
    const permutation = tf.tensor2d([[1, 0]], [1, 2], "int32");
    const before = tf.memory().numTensors;
    invertPermutation(permutation).dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(permutation.isDisposed).toBe(false);
  });

  it("rejects invalid arguments by name", () => {
    expect(() => invertPermutation(tf.zeros([3], "int32") as never)).toThrow(
      new RangeError("permutations: expected [batch, length], got [3]"),
    );
    expect(() => invertPermutation(tf.zeros([1, 3]))).toThrow(
      new TypeError("permutations: expected int32, got float32"),
    );
  });
});

function rows<Row>(row: fc.Arbitrary<Row>, batch: number): fc.Arbitrary<Row[]> {
  return fc.array(row, { minLength: batch, maxLength: batch });
}
