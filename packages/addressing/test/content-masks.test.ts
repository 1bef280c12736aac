import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentWeights } from "../src/content.js";
import { expectAgreement, expectTidy, uniform } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 30 };
const EPSILON = 1e-6;
const EXACT = { absolute: 0, relative: 0 };

type Case = [name: string, memory: number[][][], keys: number[][][], strengths: number[][], masks: number[][][]];

const CASES: Case[] = [
  ["random", uniform([2, 5, 3], 1, -1), uniform([2, 2, 3], 2, -1), uniform([2, 2], 3, -2, 4), uniform([2, 2, 3], 4)],
  ["one of everything", [[[0.5]]], [[[-2]]], [[1]], [[[0.3]]]],
  ["more heads than slots", uniform([1, 2, 4], 5, -1), uniform([1, 3, 4], 6, -1), [[1, 2, 3]], uniform([1, 3, 4], 7)],
  ["masks of exactly 0 and 1", uniform([1, 3, 2], 8, -1), uniform([1, 1, 2], 9, -1), [[2]], [[[0, 1]]]],
  ["empty memory", [new Array(3).fill([0, 0])], uniform([1, 2, 2], 10, -1), [[1, 5]], uniform([1, 2, 2], 11)],
  ["zero keys", uniform([1, 3, 2], 12, -1), [[[0, 0]]], [[4]], uniform([1, 1, 2], 13)],
  [
    "a word of zeros",
    [
      [
        [0.4, -0.2],
        [0, 0],
      ],
    ],
    [[[0.3, 0.5]]],
    [[3]],
    [[[0.9, 0.2]]],
  ],
];

describe("contentWeights with masks", () => {
  for (const maskMinimum of [0, 0.25])
    it.each(CASES)(
      `has the values and gradients of its definition at a minimum of ${maskMinimum}: %s`,
      (_name, ...inputs) => {
        const compute = (memory: tf.Tensor3D, keys: tf.Tensor3D, strengths: tf.Tensor2D, masks: tf.Tensor3D) =>
          contentWeights(memory, keys, strengths, { masks, maskMinimum });
        const define = (memory: number[][][], keys: number[][][], strengths: number[][], masks: number[][][]) =>
          maskedWeights(memory, keys, strengths, masks, maskMinimum);
        expectAgreement(compute, define, inputs);
      },
    );

  it("is uniform, with finite gradients, where a mask is all zeros", () => {
    const inputs = [uniform([1, 4, 3], 1, -1), uniform([1, 2, 3], 2, -1), [[5, 50]], uniform([1, 2, 3], 0, 0, 0)];
    const tensors = inputs.map((values) => tf.tensor(values as number[]));
    const weigh = (...[memory, keys, strengths, masks]: tf.Tensor[]) =>
      contentWeights(memory as tf.Tensor3D, keys as tf.Tensor3D, strengths as tf.Tensor2D, {
        masks: masks as tf.Tensor3D,
      });
    expect(weigh(...tensors)).toBeAllClose(tf.fill([1, 2, 4], 0.25));
    const squares = (...x: tf.Tensor[]) => tf.sum(tf.square(weigh(...x)));
    for (const gradient of tf.grads(squares)(tensors)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });

  it("equals the weights without masks where every factor is 1", () => {
    const [memory, keys, strengths] = [
      tf.tensor3d(uniform<number[][][]>([2, 5, 3], 1, -1)),
      tf.tensor3d(uniform<number[][][]>([2, 2, 3], 2, -1)),
      tf.tensor2d(uniform<number[][]>([2, 2], 3)),
    ];
    const expected = contentWeights(memory, keys, strengths);
    for (const maskMinimum of [0, 0.5])
      expect(contentWeights(memory, keys, strengths, { masks: tf.ones([2, 2, 3]), maskMinimum })).toBeAllClose(
        expected,
      );
    // A minimum close to 1 leaves nothing for the masks to decide.
    const nearly = contentWeights(memory, keys, strengths, { masks: tf.zeros([2, 2, 3]), maskMinimum: 1 - 1e-7 });
    expect(nearly).toBeAllClose(expected);
  });

  it("ignores the minimum without masks", () => {
    const inputs = [tf.ones([1, 2, 3]), tf.ones([1, 1, 3]), tf.ones([1, 1])] as unknown as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor2D,
    ];
    expect(contentWeights(...inputs, { maskMinimum: 0.5 })).toBeAllClose(contentWeights(...inputs), EXACT);
  });

  it("compares only the components that a head's mask lets through", () => {
    const memory = tf.tensor3d([
      [
        [1, 9],
        [-1, 1],
        [0, -5],
      ],
    ]);
    const keys = tf.tensor3d([
      [
        [1, 1],
        [1, 1],
      ],
    ]);
    const masks = tf.tensor3d([
      [
        [1, 0],
        [0, 1],
      ],
    ]);
    const weights = contentWeights(memory, keys, tf.tensor2d([[60, 60]]), { masks });
    expect(weights).toBeAllClose([1, 0, 0, 0.5, 0.5, 0], { absolute: 1e-4 });
  });

  it("gives each head a distribution over slots, whatever the sizes", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        size,
        fc.double({ min: 0, max: 0.99 }),
        fc.nat(1000),
        (batch, slots, wordSize, heads, maskMinimum, seed) => {
          const memory = tf.tensor3d(uniform<number[][][]>([batch, slots, wordSize], seed + 1, -1));
          const keys = tf.tensor3d(uniform<number[][][]>([batch, heads, wordSize], seed + 2, -1));
          const masks = tf.tensor3d(uniform<number[][][]>([batch, heads, wordSize], seed + 3));
          const strengths = tf.tensor2d(uniform<number[][]>([batch, heads], seed + 4, -20, 20));
          const weights = contentWeights(memory, keys, strengths, { masks, maskMinimum });
          expect(weights.shape).toEqual([batch, heads, slots]);
          expect(tf.min(weights).dataSync()[0]).toBeGreaterThanOrEqual(0);
          expect(tf.sum(weights, 2)).toBeAllClose(tf.ones([batch, heads]));
        },
      ),
      RUNS,
    );
  });

  it("creates one tensor, also under a gradient", () => {
    const compute = (memory: tf.Tensor3D, keys: tf.Tensor3D, strengths: tf.Tensor2D, masks: tf.Tensor3D) =>
      contentWeights(memory, keys, strengths, { masks, maskMinimum: 0.1 });
    expectTidy(compute, [
      [2, 4, 3],
      [2, 2, 3],
      [2, 2],
      [2, 2, 3],
    ]);
  });

  it("does not need masks in float32", () => {
    const [memory, keys, strengths] = [
      tf.tensor3d([
        [
          [1, 2],
          [3, 1],
        ],
      ]),
      tf.tensor3d([[[1, 1]]]),
      tf.tensor2d([[3]]),
    ];
    const masks = tf.tensor3d([[[1, 0]]], [1, 1, 2], "int32");
    expect(contentWeights(memory, keys, strengths, { masks })).toBeAllClose(
      contentWeights(memory, keys, strengths, { masks: tf.cast(masks, "float32") }),
      EXACT,
    );
  });

  it.each([
    [{ maskMinimum: 1 }, RangeError, "maskMinimum: expected a number in [0, 1), got 1"],
    [{ maskMinimum: -0.1 }, RangeError, "maskMinimum: expected a number in [0, 1), got -0.1"],
    [{ maskMinimum: Number.NaN }, RangeError, "maskMinimum: expected a number in [0, 1), got NaN"],
    [{ maskMinimum: "0" }, TypeError, 'maskMinimum: expected a number in [0, 1), got "0"'],
    [{ masks: [[[1]]] }, TypeError, "masks: expected a tensor [2, 2, 3], got an array"],
    [{ masks: null }, TypeError, "masks: expected a tensor [2, 2, 3], got null"],
    [{ mask: 1 }, TypeError, 'unknown option key "mask"; expected one of strengthOp, masks, maskMinimum'],
  ])("says what is wrong with options %j, before creating any tensor", (options, Kind, message) => {
    const inputs = [tf.zeros([2, 4, 3]), tf.zeros([2, 2, 3]), tf.zeros([2, 2])] as unknown as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor2D,
    ];
    const before = tf.memory().numTensors;
    expect(() => contentWeights(...inputs, options as never)).toThrow(new Kind(message));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("rejects masks of another shape", () => {
    const inputs = [tf.zeros([2, 4, 3]), tf.zeros([2, 2, 3]), tf.zeros([2, 2])] as unknown as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor2D,
    ];
    expect(() => contentWeights(...inputs, { masks: tf.zeros([2, 1, 3]) })).toThrow(
      new RangeError("masks: expected [2, 2, 3], got [2, 1, 3]"),
    );
  });
});

/** Computes the weights by multiplying keys and words by the masks first. */
function maskedWeights(
  memory: number[][][],
  keys: number[][][],
  strengths: number[][],
  masks: number[][][],
  minimum: number,
) {
  const dot = (x: number[], y: number[]) => x.reduce((sum, entry, index) => sum + entry * y[index], 0);
  const norm = (x: number[]) => Math.sqrt(dot(x, x) + EPSILON);
  return keys.map((heads, b) =>
    heads.map((key, head) => {
      const factors = masks[b][head].map((mask) => minimum + (1 - minimum) * mask);
      const masked = (x: number[]) => x.map((entry, index) => entry * factors[index]);
      const strength = Math.log1p(Math.exp(strengths[b][head]));
      const sought = masked(key);
      const scaled = memory[b]
        .map(masked)
        .map((word) => (strength * dot(sought, word)) / (norm(sought) * norm(word) + EPSILON));
      const exponentials = scaled.map((x) => Math.exp(x - Math.max(...scaled)));
      const total = exponentials.reduce((sum, x) => sum + x, 0);
      return exponentials.map((x) => x / total);
    }),
  );
}
