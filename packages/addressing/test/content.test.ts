import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentWeights, type StrengthOptions, weightedSoftmax } from "../src/content.js";
import { expectAgreement, expectTidy, uniform } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 30 };
const EPSILON = 1e-6;
const OPS = ["softplus", "identity"] as const;
type StrengthOp = (typeof OPS)[number];

type Case = [name: string, memory: number[][][], keys: number[][][], strengths: number[][]];

const CASES: Case[] = [
  ["random", uniform([2, 5, 3], 1, -1, 1), uniform([2, 2, 3], 2, -1, 1), uniform([2, 2], 3, -2, 4)],
  ["one of everything", [[[0.5]]], [[[-2]]], [[1]]],
  ["one slot", uniform([2, 1, 3], 4, -1, 1), uniform([2, 2, 3], 5, -1, 1), uniform([2, 2], 6)],
  ["more heads than slots", uniform([1, 2, 4], 7, -1, 1), uniform([1, 4, 4], 8, -1, 1), uniform([1, 4], 9, -9, 9)],
  ["empty memory", [new Array(3).fill([0, 0, 0])], uniform([1, 2, 3], 10, -1, 1), [[1, 5]]],
  ["zero keys", uniform([1, 3, 2], 11, -1, 1), [new Array(2).fill([0, 0])], [[1, 5]]],
  ["all zero", [new Array(3).fill([0, 0])], [[[0, 0]]], [[2]]],
  ["one word of zeros", [[...uniform<number[][]>([2, 2], 12, -1, 1), [0, 0]]], [[[0.3, -0.4]]], [[3]]],
  ["equal words", [new Array(3).fill([0.3, 0.7])], [[[1, 2]]], [[4]]],
  ["long words", uniform([1, 3, 2], 13, -1e3, 1e3), uniform([1, 1, 2], 14, -1e3, 1e3), [[2]]],
];

describe("contentWeights", () => {
  for (const strengthOp of OPS)
    it.each(CASES)(`has the values and gradients of its definition with ${strengthOp}: %s`, (_name, ...inputs) => {
      const compute = (memory: tf.Tensor3D, keys: tf.Tensor3D, strengths: tf.Tensor2D) =>
        contentWeights(memory, keys, strengths, { strengthOp });
      const define = (memory: number[][][], keys: number[][][], strengths: number[][]) =>
        softmaxRows(similarities(memory, keys), strengths, strengthOp);
      expectAgreement(compute, define, inputs);
    });

  it("applies softplus to the strengths by default", () => {
    const [memory, keys] = [tf.tensor3d(uniform<number[][][]>([1, 3, 2], 1)), tf.tensor3d([[[1, 0]]])];
    const plain = contentWeights(memory, keys, tf.tensor2d([[1]]));
    const softplus = contentWeights(memory, keys, tf.tensor2d([[1]]), { strengthOp: "softplus" });
    const identity = contentWeights(memory, keys, tf.tensor2d([[Math.log1p(Math.exp(1))]]), { strengthOp: "identity" });
    expect(plain).toBeAllClose(softplus, { absolute: 0, relative: 0 });
    expect(plain).toBeAllClose(identity);
  });

  it.each([1e4, 1e30, 3e38])("chooses the one best match at a strength of %d, with finite gradients", (strength) => {
    const memory = tf.tensor3d([
      [
        [1, 0],
        [0.9, 0.5],
        [-1, 1],
      ],
    ]);
    const inputs = [memory, tf.tensor3d([[[2, 1]]]), tf.tensor2d([[strength]])] as const;
    expect(contentWeights(...inputs)).toBeAllClose([0, 1, 0]);
    const squares = (...x: tf.Tensor[]) => tf.sum(tf.square(contentWeights(...(x as unknown as typeof inputs))));
    for (const gradient of tf.grads(squares)([...inputs])) expect(gradient).toBeAllClose(tf.zerosLike(gradient));
  });

  it("is uniform at a very negative raw strength, and prefers the opposite with identity", () => {
    const memory = tf.tensor3d([
      [
        [1, 0],
        [-1, 0],
      ],
    ]);
    const [keys, strengths] = [tf.tensor3d([[[1, 0]]]), tf.tensor2d([[-200]])];
    expect(contentWeights(memory, keys, strengths)).toBeAllClose([0.5, 0.5]);
    expect(contentWeights(memory, keys, strengths, { strengthOp: "identity" })).toBeAllClose([0, 1]);
  });

  it("gives each head a distribution over slots, which permutes with them", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(1000), (batch, slots, wordSize, heads, seed) => {
        const memory = tf.tensor3d(uniform<number[][][]>([batch, slots, wordSize], seed + 1, -1, 1));
        const keys = tf.tensor3d(uniform<number[][][]>([batch, heads, wordSize], seed + 2, -1, 1));
        const strengths = tf.tensor2d(uniform<number[][]>([batch, heads], seed + 3, -20, 20));
        const weights = contentWeights(memory, keys, strengths);
        expect(weights.shape).toEqual([batch, heads, slots]);
        expect(tf.min(weights).dataSync()[0]).toBeGreaterThanOrEqual(0);
        expect(tf.sum(weights, 2)).toBeAllClose(tf.ones([batch, heads]));
        const reversed = contentWeights(tf.reverse(memory, 1), keys, strengths);
        expect(reversed).toBeAllClose(tf.reverse(weights, 2), { absolute: 1e-5 });
      }),
      RUNS,
    );
  });

  it("creates one tensor, also under a gradient", () => {
    expectTidy(contentWeights, [
      [2, 4, 3],
      [2, 2, 3],
      [2, 2],
    ]);
  });

  it("rejects invalid arguments by name, before creating any tensor", () => {
    const [memory, keys, strengths] = [tf.zeros([2, 4, 3]), tf.zeros([2, 1, 3]), tf.zeros([2, 1])];
    const before = tf.memory().numTensors;
    const weigh = contentWeights as (...args: unknown[]) => unknown;
    expect(() => weigh(strengths, keys, strengths)).toThrow(
      new RangeError("memory: expected [batch, slots, wordSize], got [2, 1]"),
    );
    expect(() => weigh(memory, memory, keys)).toThrow(new RangeError("strengths: expected [2, 4], got [2, 1, 3]"));
    expect(() => weigh(memory, strengths, strengths)).toThrow(
      new RangeError("keys: expected [2, heads, 3], got [2, 1]"),
    );
    expect(() => weigh(memory, keys, undefined)).toThrow(
      new TypeError("strengths: expected a tensor [2, 1], got undefined"),
    );
    expect(() => weigh(memory, keys, strengths, { strengthOp: "exp" })).toThrow(
      new TypeError('strengthOp: expected "softplus" or "identity", got "exp"'),
    );
    expect(() => weigh(memory, keys, strengths, { strength: "identity" })).toThrow(
      new TypeError('unknown option key "strength"; expected one of strengthOp, masks, maskMinimum'),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [null, "option: expected an object, got null"],
    [[], "option: expected an object, got an array"],
    ["identity", 'option: expected an object, got "identity"'],
    [{ strengthOp: 1n }, 'strengthOp: expected "softplus" or "identity", got 1'],
    [{ strengthOp: () => 1 }, 'strengthOp: expected "softplus" or "identity", got a function'],
  ])("rejects invalid options, case %#", (options, message) => {
    const [words, strengths] = [tf.zeros<tf.Rank.R3>([2, 1, 3]), tf.zeros<tf.Rank.R2>([2, 1])];
    expect(() => contentWeights(words, words, strengths, options as never)).toThrow(new TypeError(message));
  });

  it("treats undefined as an absent option", () => {
    const [words, strengths] = [tf.zeros<tf.Rank.R3>([2, 1, 3]), tf.zeros<tf.Rank.R2>([2, 1])];
    const options = { strengthOp: undefined, strength: undefined } as never;
    expect(contentWeights(words, words, strengths, options)).toBeAllClose(contentWeights(words, words, strengths));
  });
});

describe("weightedSoftmax", () => {
  const SOFTMAX_CASES: [name: string, activations: number[][][], strengths: number[][]][] = [
    ["random", uniform([2, 3, 4], 1, -3, 3), uniform([2, 3], 2, -2, 2)],
    ["one slot", uniform([1, 2, 1], 3), uniform([1, 2], 4)],
    ["equal activations", [[[2, 2, 2]]], [[3]]],
    ["zero strength", [[[1, 2, 3]]], [[0]]],
    ["large activations", [[[800, 801, 799]]], [[1.5]]],
  ];

  for (const strengthOp of OPS)
    it.each(SOFTMAX_CASES)(
      `has the values and gradients of its definition with ${strengthOp}: %s`,
      (_name, ...inputs) => {
        const compute = (activations: tf.Tensor3D, strengths: tf.Tensor2D) =>
          weightedSoftmax(activations, strengths, { strengthOp });
        const define = (activations: number[][][], strengths: number[][]) =>
          softmaxRows(activations, strengths, strengthOp);
        // Activations of 800 have a float32 spacing of 6e-5.
        expectAgreement(compute, define, inputs, {
          values: { absolute: 2e-5 },
          gradients: { absolute: 2e-5, relative: 1e-4 },
        });
      },
    );

  it("does not overflow", () => {
    const weights = weightedSoftmax(tf.tensor3d([[[1e30, -1e30, 0]]]), tf.tensor2d([[1e8]]));
    expect(weights).toBeAllClose([1, 0, 0]);
  });

  it("creates one tensor, also under a gradient", () => {
    for (const strengthOp of OPS) {
      const compute = (x: tf.Tensor3D, s: tf.Tensor2D) => weightedSoftmax(x, s, { strengthOp });
      expectTidy(compute, [
        [2, 2, 4],
        [2, 2],
      ]);
    }
  });

  it("rejects invalid arguments by name", () => {
    const softmax = (...args: unknown[]) => (weightedSoftmax as (...args: unknown[]) => unknown)(...args);
    const options: StrengthOptions = { strengthOp: "tanh" as never };
    expect(() => softmax(tf.zeros([2, 3]), tf.zeros([2, 3]))).toThrow(
      new RangeError("activations: expected [batch, heads, slots], got [2, 3]"),
    );
    expect(() => softmax(tf.zeros([2, 3, 4]), tf.zeros([2, 4]))).toThrow(
      new RangeError("strengths: expected [2, 3], got [2, 4]"),
    );
    expect(() => softmax(tf.zeros([2, 3, 4]), tf.zeros([2, 3]), options)).toThrow(
      new TypeError('strengthOp: expected "softplus" or "identity", got "tanh"'),
    );
  });
});

/** Computes the cosine of each key and word, with the reference's guard against vectors of length 0. */
function similarities(memory: number[][][], keys: number[][][]): number[][][] {
  const dot = (x: number[], y: number[]) => x.reduce((sum, entry, index) => sum + entry * y[index], 0);
  const norm = (x: number[]) => Math.sqrt(dot(x, x) + EPSILON);
  return keys.map((heads, b) =>
    heads.map((key) => memory[b].map((word) => dot(key, word) / (norm(key) * norm(word) + EPSILON))),
  );
}

function softmaxRows(activations: number[][][], strengths: number[][], strengthOp: StrengthOp): number[][][] {
  return activations.map((heads, b) =>
    heads.map((row, head) => {
      const raw = strengths[b][head];
      const strength = strengthOp === "identity" ? raw : Math.max(raw, 0) + Math.log1p(Math.exp(-Math.abs(raw)));
      const scaled = row.map((activation) => activation * strength);
      const exponentials = scaled.map((x) => Math.exp(x - Math.max(...scaled)));
      const total = exponentials.reduce((sum, x) => sum + x, 0);
      return exponentials.map((x) => x / total);
    }),
  );
}
