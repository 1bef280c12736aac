import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharpenWeights } from "../src/sharpen.js";
import { expectAgreement, expectTidy, uniform, weightings } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 40 };
const EPSILON = 1e-6;

type Case = [name: string, weights: number[][][][], sharpness: number[][][]];

const CASES: Case[] = [
  ["random", weightings([2, 2, 2, 4], 1), uniform([2, 2, 2], 2, 1, 4)],
  ["one of everything", [[[[0.3]]]], [[[2]]]],
  ["a power of one", weightings([1, 2, 1, 3], 3), [[[1], [1]]]],
  ["ties of the largest", [[[[0.2, 0.4, 0.4]]]], [[[3]]]],
  ["equal weights", [[[[0.25, 0.25, 0.25, 0.25]]]], [[[7]]]],
  [
    "large powers",
    [
      [
        [
          [0.5, 0.3, 0.2],
          [0.1, 0.2, 0.05],
        ],
      ],
    ],
    [[[30, 80]]],
  ],
];

describe("sharpenWeights", () => {
  it.each(CASES)("has the values and gradients of its definition: %s", (_name, ...inputs) => {
    expectAgreement(sharpenWeights, sharpened, inputs, { gradients: { absolute: 2e-5, relative: 2e-4 } });
  });

  it("keeps the weights, normalized, at a power of one", () => {
    const weights = tf.tensor4d([[[[0.1, 0.2, 0.1]]]]);
    expect(sharpenWeights(weights, tf.ones([1, 1, 1]))).toBeAllClose([0.25, 0.5, 0.25], { absolute: 1e-5 });
  });

  it("is uniform for weights of zeros, whatever the power", () => {
    const sharpness = tf.tensor3d([[[1, 3, 1e6]]]);
    expect(sharpenWeights(tf.zeros([1, 1, 3, 4]), sharpness)).toBeAllClose(tf.fill([1, 1, 3, 4], 0.25));
  });

  it("has large but right gradients where weights are close to zero", () => {
    const weights = tf.tensor4d([[[[0, 1e-6]]]]);
    const first = (w: tf.Tensor) =>
      tf.slice(sharpenWeights(w as tf.Tensor4D, tf.ones([1, 1, 1])), [0, 0, 0, 0], [1, 1, 1, 1]);
    // S = (d1 + e) / (d1 + d2 + 2 e): dS/dd1 = (d2 + e) / (d1 + d2 + 2 e)^2, dS/dd2 = -(d1 + e) / (...)^2
    const total = 3e-6 ** 2;
    expect(tf.grad(first)(weights)).toBeAllClose([2e-6 / total, -1e-6 / total], { relative: 1e-4 });
  });

  it("has a gradient without the rounding of what is common to all slots", () => {
    // S sums to 1, so a constant in its gradient has no effect.
    const weights = tf.tensor4d([[[[0.016, 0.0246, 0.0185, 0.0142]]]]);
    const sharpness = tf.tensor3d([[[17.7]]]);
    const gradient = (dy: number[]) =>
      tf
        .grad((w: tf.Tensor) => tf.sum(tf.mul(sharpenWeights(w as tf.Tensor4D, sharpness), dy)))(weights)
        .dataSync();
    const [differences, shifted] = [gradient([0, 0.25, 0.5, 0.75]), gradient([1000, 1000.25, 1000.5, 1000.75])];
    for (const [slot, value] of shifted.entries()) expect(value).toBeCloseTo(differences[slot], 5);
  });

  it.each([1e3, 1e6, 1e30])("leaves only the largest weights at a power of %d, with finite gradients", (power) => {
    const weights = tf.tensor4d([
      [
        [
          [0.2, 0.5, 0.1, 0.5],
          [0, 0, 0.7, 0],
        ],
      ],
    ]);
    const sharpness = tf.fill([1, 1, 2], power) as tf.Tensor3D;
    expect(sharpenWeights(weights, sharpness)).toBeAllClose([0, 0.5, 0, 0.5, 0, 0, 1, 0]);
    const squares = (...[w, s]: tf.Tensor[]) => tf.sum(tf.square(sharpenWeights(w as tf.Tensor4D, s as tf.Tensor3D)));
    for (const gradient of tf.grads(squares)([weights, sharpness]))
      expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });

  it("gives distributions in the order of the weights, which permute with the slots", () => {
    const size = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(1000), (batch, readHeads, writeHeads, slots, seed) => {
        const weights = tf.tensor4d(weightings<number[][][][]>([batch, readHeads, writeHeads, slots], seed + 1));
        const sharpness = tf.tensor3d(uniform<number[][][]>([batch, readHeads, writeHeads], seed + 3, 1, 20));
        const sharp = sharpenWeights(weights, sharpness);
        expect(sharp.shape).toEqual(weights.shape);
        expect(tf.min(sharp).dataSync()[0]).toBeGreaterThanOrEqual(0);
        expect(tf.sum(sharp, 3)).toBeAllClose(tf.ones([batch, readHeads, writeHeads]));
        expect(tf.argMax(sharp, 3).arraySync()).toEqual(tf.argMax(weights, 3).arraySync());
        expect(sharpenWeights(tf.reverse(weights, 3), sharpness)).toBeAllClose(tf.reverse(sharp, 3));
      }),
      RUNS,
    );
  });

  it("creates one tensor, also under a gradient", () => {
    expectTidy(sharpenWeights, [
      [2, 2, 1, 4],
      [2, 2, 1],
    ]);
  });

  it("rejects invalid arguments by name, before creating any tensor", () => {
    const sharpen = sharpenWeights as (...args: unknown[]) => unknown;
    const [weights, sharpness] = [tf.zeros([2, 3, 1, 4]), tf.zeros([2, 3, 1])];
    const before = tf.memory().numTensors;
    expect(() => sharpen(sharpness, sharpness)).toThrow(
      new RangeError("weights: expected [batch, readHeads, writeHeads, slots], got [2, 3, 1]"),
    );
    expect(() => sharpen(weights, weights)).toThrow(new RangeError("sharpness: expected [2, 3, 1], got [2, 3, 1, 4]"));
    expect(() => sharpen(weights, 2)).toThrow(new TypeError("sharpness: expected a tensor [2, 3, 1], got 2"));
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** The definition. Raised in logarithms, because a large power of a small fraction is no number of double precision. */
function sharpened(weights: number[][][][], sharpness: number[][][]): number[][][][] {
  return weights.map((heads, b) =>
    heads.map((writers, r) =>
      writers.map((row, k) => {
        const raised = row.map((weight) => weight + EPSILON);
        const largest = Math.max(...raised);
        const powers = raised.map((value) => Math.exp(sharpness[b][r][k] * Math.log(value / largest)));
        const total = powers.reduce((sum, power) => sum + power, 0);
        return powers.map((power) => power / total);
      }),
    ),
  );
}
