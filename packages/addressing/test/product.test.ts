import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { reduceProduct } from "../src/product.js";
import { expectAgreement, expectTidy, uniform } from "./agreement.js";

const CASES: [name: string, x: number[][]][] = [
  ["random", uniform([3, 4], 1, -2, 2)],
  ["one row of one factor", [[0.5]]],
  ["a zero", [[0, 2, 3]]],
  ["two zeros", [[0, 2, 0]]],
  ["all zeros", [[0, 0, 0]]],
  ["ones", [[1, 1]]],
  ["zeros here and there", [[0, 1, 2, 3], [4, 0, 0, 5], uniform([4], 2)]],
];

describe("reduceProduct", () => {
  it.each(CASES)("has the values and gradient of its definition over the last axis: %s", (_name, x) => {
    expectAgreement(
      (t: tf.Tensor) => reduceProduct(t, 1),
      (rows: number[][]) => rows.map(product),
      [x],
    );
  });

  it.each(CASES)("has the values and gradient of its definition over the first axis: %s", (_name, x) => {
    const define = (rows: number[][]) => rows[0].map((_, column) => product(rows.map((row) => row[column])));
    expectAgreement((t: tf.Tensor) => reduceProduct(t, 0), define, [x]);
  });

  it("has the product of the other factors as gradient, exactly, where one is zero", () => {
    const gradient = tf.grad((x) => tf.sum(reduceProduct(x, 0)))(tf.tensor1d([0, 2, 3]));
    expect(Array.from(gradient.dataSync())).toEqual([6, 0, 0]);
  });

  it("removes the axis", () => {
    const shapes = [0, 1, 2].map((axis) => reduceProduct(tf.ones([2, 1, 3]), axis).shape);
    expect(shapes).toEqual([
      [1, 3],
      [2, 3],
      [2, 1],
    ]);
  });

  it.each([1, 3])("creates one tensor, also under a gradient, of %d factors", (factors) => {
    expectTidy((x: tf.Tensor) => reduceProduct(x, 1), [[2, factors, 2]]);
  });

  it("rejects invalid arguments by name", () => {
    const x = tf.ones([2, 3]);
    expect(() => reduceProduct(x, 2)).toThrow(new RangeError("axis: expected an integer in [0, 1], got 2"));
    expect(() => reduceProduct(x, -1)).toThrow(new RangeError("axis: expected an integer in [0, 1], got -1"));
    expect(() => reduceProduct(x, "0" as never)).toThrow(new TypeError('axis: expected an integer in [0, 1], got "0"'));
    expect(() => reduceProduct(x, 0.5)).toThrow(new RangeError("axis: expected an integer in [0, 1], got 0.5"));
    expect(() => reduceProduct(tf.zeros([2, 0]), 1)).toThrow(
      new RangeError("x: expected at least one factor along axis 1, got 0"),
    );
    expect(() => reduceProduct(tf.scalar(1), 0)).toThrow(new RangeError("x: expected rank 1 or more, got rank 0"));
    expect(() => reduceProduct([1, 2] as never, 0)).toThrow(new TypeError("x: expected a tensor, got an array"));
  });
});

function product(factors: number[]): number {
  return factors.reduce((total, factor) => total * factor, 1);
}
