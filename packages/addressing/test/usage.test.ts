import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryRetention, updateUsage } from "../src/usage.js";
import { expectAgreement, expectTidy, uniform, weightings } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 40 };

type Case = [name: string, usage: number[][], writes: number[][][], frees: number[][], reads: number[][][]];

const CASES: Case[] = [
  ["one head each", uniform([2, 4], 1), weightings([2, 1, 4], 2), uniform([2, 1], 3), weightings([2, 1, 4], 4)],
  ["several heads", uniform([2, 3], 5), weightings([2, 2, 3], 6), uniform([2, 4], 7), weightings([2, 4, 3], 8)],
  ["one slot", [[0.3]], [[[0.6]]], [[0.2, 0.9]], [[[0.5], [1]]]],
  ["all free, nothing written", [[0, 0]], [[[0, 0]]], [[0.5]], [[[0.2, 0.3]]]],
  ["all full", [[1, 1]], [[[0.5, 0.5]]], [[0.5]], [[[0.2, 0.3]]]],
  [
    "one factor of exactly zero",
    [[0.4, 0.7]],
    [[[0.5, 0.5]]],
    [[1, 0.3]],
    [
      [
        [1, 0],
        [0.4, 0.6],
      ],
    ],
  ],
  [
    "two factors of exactly zero",
    [[0.4, 0.7]],
    [[[0.5, 0.5]]],
    [[1, 1]],
    [
      [
        [1, 0],
        [1, 0],
      ],
    ],
  ],
  [
    "two heads that certainly wrote one slot",
    [[0.4, 0.7]],
    [
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [[0.1]],
    [[[0.2, 0.3]]],
  ],
];

describe("updateUsage", () => {
  it.each(CASES)("has the values and gradients of its definition, none to the writes: %s", (_name, ...inputs) => {
    expectAgreement(updateUsage, advance, inputs, {
      differentiate: (u: number[][], _w: number[][][], f: number[][], r: number[][][]) => advance(u, inputs[1], f, r),
    });
  });

  it("has a gradient of exactly zero to the write weights of the step before, even if they were computed", () => {
    const [usage, free] = [tf.zeros<tf.Rank.R2>([1, 3]), tf.tensor2d([[0.5]])];
    const [writes, reads] = [tf.tensor3d([[[0.2, 0.3, 0.4]]]), tf.tensor3d([[[0.3, 0.3, 0.3]]])];
    const toWrites = tf.grad((w) => tf.tidy(() => updateUsage(usage, tf.mul(w, 2), free, reads)))(writes);
    expect(Array.from(toWrites.dataSync())).toEqual([0, 0, 0]);
  });

  it("increases for written slots and decreases for slots that are read and freed", () => {
    const certain = tf.tensor3d([[[0, 1, 0]]]);
    const nowhere = tf.zeros<tf.Rank.R3>([1, 1, 3]);
    const usage = tf.tensor2d([[0.2, 0.4, 0.6]]);
    expect(updateUsage(usage, certain, tf.tensor2d([[0]]), certain)).toBeAllClose([0.2, 1, 0.6]);
    expect(updateUsage(usage, nowhere, tf.tensor2d([[1]]), certain)).toBeAllClose([0.2, 0, 0.6]);
  });

  it("stays in [0, 1], and permutes with the slots", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(1000), (batch, slots, writeHeads, readHeads, seed) => {
        const usage = tf.clipByValue(tf.tensor2d(uniform<number[][]>([batch, slots], seed + 1, -0.3, 1.3)), 0, 1);
        const writes = tf.tensor3d(weightings<number[][][]>([batch, writeHeads, slots], seed + 2));
        const free = tf.tensor2d(uniform<number[][]>([batch, readHeads], seed + 3));
        const reads = tf.tensor3d(weightings<number[][][]>([batch, readHeads, slots], seed + 4));
        const next = updateUsage(usage as tf.Tensor2D, writes, free, reads);
        expect(next.shape).toEqual([batch, slots]);
        expect(tf.min(next).dataSync()[0]).toBeGreaterThanOrEqual(0);
        expect(tf.max(next).dataSync()[0]).toBeLessThanOrEqual(1);
        const reversed = [tf.reverse(usage, 1), tf.reverse(writes, 2), free, tf.reverse(reads, 2)] as const;
        expect(updateUsage(...(reversed as unknown as Parameters<typeof updateUsage>))).toBeAllClose(
          tf.reverse(next, 1),
        );
      }),
      RUNS,
    );
  });

  it.each([1, 2])("creates one tensor, also under a gradient, with %d heads each", (heads) => {
    expectTidy(updateUsage, [
      [2, 3],
      [2, heads, 3],
      [2, heads],
      [2, heads, 3],
    ]);
  });

  it("rejects invalid arguments by name", () => {
    const advance = updateUsage as (...args: unknown[]) => unknown;
    const [usage, weights, gates] = [tf.zeros([2, 3]), tf.zeros([2, 1, 3]), tf.zeros([2, 1])];
    expect(() => advance(weights, weights, gates, weights)).toThrow(
      new RangeError("usage: expected [batch, slots], got [2, 1, 3]"),
    );
    expect(() => advance(usage, usage, gates, weights)).toThrow(
      new RangeError("writeWeights: expected [2, writeHeads, 3], got [2, 3]"),
    );
    expect(() => advance(usage, weights, gates, usage)).toThrow(
      new RangeError("readWeights: expected [2, readHeads, 3], got [2, 3]"),
    );
    expect(() => advance(usage, weights, usage, weights)).toThrow(
      new RangeError("freeGate: expected [2, 1], got [2, 3]"),
    );
  });
});

describe("memoryRetention", () => {
  it.each(CASES)("has the values and gradients of its definition: %s", (_name, _usage, _writes, frees, reads) => {
    expectAgreement(memoryRetention, retained, [frees, reads]);
  });

  it("is the factor of the usage update", () => {
    const free = tf.tensor2d(uniform<number[][]>([2, 3], 1));
    const reads = tf.tensor3d(weightings<number[][][]>([2, 3, 4], 2));
    const full = updateUsage(tf.ones([2, 4]), tf.zeros([2, 1, 4]), free, reads);
    expect(memoryRetention(free, reads)).toBeAllClose(full, { absolute: 0, relative: 0 });
  });

  it("is 1 without reads or free gates, and 0 for a slot that was certainly read and freed", () => {
    const reads = tf.tensor3d([[[1, 0, 0]]]);
    expect(memoryRetention(tf.zeros([1, 1]), reads)).toBeAllClose([1, 1, 1]);
    expect(memoryRetention(tf.ones([1, 1]), tf.zeros([1, 1, 3]))).toBeAllClose([1, 1, 1]);
    expect(memoryRetention(tf.ones([1, 1]), reads)).toBeAllClose([0, 1, 1]);
  });

  it("creates one tensor, also under a gradient", () => {
    expectTidy(memoryRetention, [
      [2, 3],
      [2, 3, 4],
    ]);
  });

  it("rejects invalid arguments by name", () => {
    const retain = memoryRetention as (...args: unknown[]) => unknown;
    expect(() => retain(tf.zeros([2, 3]), tf.zeros([2, 3]))).toThrow(
      new RangeError("readWeights: expected [batch, readHeads, slots], got [2, 3]"),
    );
    expect(() => retain(tf.zeros([2, 1]), tf.zeros([2, 3, 4]))).toThrow(
      new RangeError("freeGate: expected [2, 3], got [2, 1]"),
    );
    expect(() => retain(undefined, tf.zeros([2, 3, 4]))).toThrow(
      new TypeError("freeGate: expected a tensor [2, 3], got undefined"),
    );
  });
});

/** The definition of the retention. */
function retained(frees: number[][], reads: number[][][]): number[][] {
  return reads.map((heads, b) =>
    heads[0].map((_, slot) => heads.reduce((product, weights, r) => product * (1 - frees[b][r] * weights[slot]), 1)),
  );
}

/** The definition of the usage. */
function advance(usage: number[][], writes: number[][][], frees: number[][], reads: number[][][]): number[][] {
  return usage.map((row, b) =>
    row.map((before, slot) => {
      let untouched = 1;
      for (const weights of writes[b]) untouched *= 1 - weights[slot];
      let retained = 1;
      for (const [head, weights] of reads[b].entries()) retained *= 1 - frees[b][head] * weights[slot];
      return (before + (1 - before) * (1 - untouched)) * retained;
    }),
  );
}
