import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backwardReadWeights, forwardReadWeights, type LinkageState, updateLinkage } from "../src/linkage.js";
import { expectAgreement, expectTidy, uniform, weightings } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 30 };

type Sizes = [batch: number, writeHeads: number, slots: number, readHeads: number];

const SIZES: Sizes[] = [
  [2, 1, 4, 1],
  [2, 3, 3, 2],
  [1, 1, 1, 1],
  [1, 2, 1, 3],
  [1, 1, 2, 4],
];

describe("updateLinkage", () => {
  it.each(SIZES)(
    "has the values and gradients of its definition: %d elements, %d write heads, %d slots",
    (...sizes) => {
      const [batch, heads, slots] = sizes;
      const inputs = [
        uniform<number[][][][]>([batch, heads, slots, slots], 1, 0, 1 / slots),
        weightings<number[][][]>([batch, heads, slots], 2),
        weightings<number[][][]>([batch, heads, slots], 3),
      ];
      for (const field of ["link", "precedenceWeights"] as const) {
        const compute = (link: tf.Tensor4D, precedenceWeights: tf.Tensor3D, writeWeights: tf.Tensor3D) => {
          const next = updateLinkage({ link, precedenceWeights }, writeWeights);
          // So that the precedence weights depend on all three.
          return field === "link" ? next.link : tf.add(next.precedenceWeights, tf.mul(0, tf.sum(next.link)));
        };
        const define = (link: number[][][][], precedence: number[][][], write: number[][][]) =>
          write.map((rows, b) => rows.map((w, k) => advance(link[b][k], precedence[b][k], w)[field]));
        expectAgreement(compute, define, inputs);
      }
    },
  );

  it("keeps the state of a head that does not write, and discards it after a write with weight 1", () => {
    const linkage = state([1, 1, 3], 1);
    const idle = updateLinkage(linkage, tf.zeros([1, 1, 3]));
    expect(idle.link).toBeAllClose(linkage.link, { absolute: 0, relative: 0 });
    expect(idle.precedenceWeights).toBeAllClose(linkage.precedenceWeights, { absolute: 0, relative: 0 });
    const certain = updateLinkage(linkage, tf.tensor3d([[[0, 1, 0]]]));
    expect(certain.precedenceWeights).toBeAllClose([0, 1, 0]);
  });

  it("links each slot to the one written before it", () => {
    const order = [2, 0, 3, 1];
    const linkage = written(order.map((slot) => oneHot(slot, 4)));
    const expected = tf.buffer([4, 4]);
    for (const [step, slot] of order.slice(1).entries()) expected.set(1, slot, order[step]);
    expect(tf.reshape(linkage.link, [4, 4])).toBeAllClose(expected.toTensor());
    expect(forwardReadWeights(linkage.link, oneHot(0, 4))).toBeAllClose([0, 0, 0, 1]);
    expect(backwardReadWeights(linkage.link, oneHot(0, 4))).toBeAllClose([0, 0, 1, 0]);
    expect(backwardReadWeights(linkage.link, oneHot(2, 4))).toBeAllClose([0, 0, 0, 0]);
  });

  it("clears a diagonal that was not zero", () => {
    const linkage = { link: tf.ones<tf.Rank.R4>([1, 1, 2, 2]), precedenceWeights: tf.ones<tf.Rank.R3>([1, 1, 2]) };
    expect(updateLinkage(linkage, tf.fill([1, 1, 2], 0.5)).link).toBeAllClose([0, 0.5, 0.5, 0]);
  });

  it("has rows and columns with sums of at most 1 and a zero diagonal, and permutes with the slots", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(1000), (batch, heads, slots, steps, seed) => {
        const writes = Array.from({ length: steps }, (_, step) =>
          tf.tensor3d(weightings<number[][][]>([batch, heads, slots], 10 * seed + step + 1)),
        );
        const { link, precedenceWeights } = written(writes);
        expect(tf.min(link).dataSync()[0]).toBeGreaterThanOrEqual(-1e-6);
        expect(tf.max(tf.sum(link, 3)).dataSync()[0]).toBeLessThanOrEqual(1 + 1e-6);
        expect(tf.max(tf.sum(link, 2)).dataSync()[0]).toBeLessThanOrEqual(1 + 1e-6);
        expect(tf.max(tf.abs(tf.mul(link, tf.eye(slots)))).dataSync()[0]).toBe(0);
        expect(tf.max(tf.sum(precedenceWeights, 2)).dataSync()[0]).toBeLessThanOrEqual(1 + 1e-6);
        const reversed = written(writes.map((weights) => tf.reverse(weights, 2)));
        expect(reversed.link).toBeAllClose(tf.reverse(link, [2, 3]));
        expect(reversed.precedenceWeights).toBeAllClose(tf.reverse(precedenceWeights, 2));
      }),
      RUNS,
    );
  });

  it.each([1, 2])("creates two tensors, also under a gradient, with %d heads", (heads) => {
    const compute = (link: tf.Tensor4D, precedenceWeights: tf.Tensor3D, writeWeights: tf.Tensor3D) =>
      Object.values(updateLinkage({ link, precedenceWeights }, writeWeights));
    expectTidy(compute, [
      [2, heads, 3, 3],
      [2, heads, 3],
      [2, heads, 3],
    ]);
  });

  it("rejects invalid arguments by name", () => {
    const { link, precedenceWeights } = state([2, 1, 3], 1);
    const writeWeights = precedenceWeights;
    expect(() => updateLinkage({ link, precedenceWeights }, link as never)).toThrow(
      new RangeError("writeWeights: expected [batch, writeHeads, slots], got [2, 1, 3, 3]"),
    );
    expect(() => updateLinkage({ link: writeWeights as never, precedenceWeights }, writeWeights)).toThrow(
      new RangeError("link: expected [2, 1, 3, 3], got [2, 1, 3]"),
    );
    expect(() => updateLinkage({ link, precedenceWeights: tf.zeros([1, 1, 3]) }, writeWeights)).toThrow(
      new RangeError("precedenceWeights: expected [2, 1, 3], got [1, 1, 3]"),
    );
    expect(() => updateLinkage(undefined as never, writeWeights)).toThrow(
      new TypeError("linkage: expected an object of link and precedenceWeights, got undefined"),
    );
    expect(() => updateLinkage({ link } as never, writeWeights)).toThrow(
      new TypeError("precedenceWeights: expected a tensor [2, 1, 3], got undefined"),
    );
  });
});

describe.each([
  { name: "forwardReadWeights", follow: forwardReadWeights, forwards: true },
  { name: "backwardReadWeights", follow: backwardReadWeights, forwards: false },
])("$name", ({ follow, forwards }) => {
  it.each(SIZES)("has the values and gradients of its definition: sizes %d, %d, %d, %d", (...sizes) => {
    const [batch, writeHeads, slots, readHeads] = sizes;
    const define = (link: number[][][][], readWeights: number[][][]) =>
      readWeights.map((rows, b) =>
        rows.map((r) =>
          link[b].map((l) => r.map((_, i) => sum(r.map((weight, j) => weight * (forwards ? l[i][j] : l[j][i]))))),
        ),
      );
    expectAgreement(follow, define, [
      uniform([batch, writeHeads, slots, slots], 1),
      weightings([batch, readHeads, slots], 2),
    ]);
  });

  it("stays non-negative with sums of at most 1", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, size, fc.nat(1000), (heads, slots, readHeads, seed) => {
        const writes = [1, 2, 3].map((step) => tf.tensor3d(weightings<number[][][]>([2, heads, slots], seed + step)));
        const read = tf.tensor3d(weightings<number[][][]>([2, readHeads, slots], seed + 9));
        const followed = follow(written(writes).link, read);
        expect(followed.shape).toEqual([2, readHeads, heads, slots]);
        expect(tf.min(followed).dataSync()[0]).toBeGreaterThanOrEqual(-1e-6);
        expect(tf.max(tf.sum(followed, 3)).dataSync()[0]).toBeLessThanOrEqual(1 + 1e-6);
      }),
      RUNS,
    );
  });

  it.each([1, 2])("creates one tensor, also under a gradient, with %d write heads", (writeHeads) => {
    expectTidy(follow, [
      [2, writeHeads, 3, 3],
      [2, 1, 3],
    ]);
  });

  it("rejects invalid arguments by name", () => {
    const readWeights = tf.zeros<tf.Rank.R3>([2, 1, 3]);
    expect(() => follow(readWeights as never, readWeights)).toThrow(
      new RangeError("link: expected [batch, writeHeads, slots, slots], got [2, 1, 3]"),
    );
    expect(() => follow(tf.zeros([2, 1, 3, 4]), readWeights)).toThrow(
      new RangeError("link: expected [2, 1, 3, 3], got [2, 1, 3, 4]"),
    );
    expect(() => follow(tf.zeros([2, 1, 4, 4]), readWeights)).toThrow(
      new RangeError("readWeights: expected [2, readHeads, 4], got [2, 1, 3]"),
    );
  });
});

/** The definition for one head. */
function advance(link: number[][], precedence: number[], write: number[]) {
  const total = sum(write);
  return {
    link: link.map((row, i) =>
      row.map((before, j) => (i === j ? 0 : (1 - write[i] - write[j]) * before + write[i] * precedence[j])),
    ),
    precedenceWeights: precedence.map((before, i) => (1 - total) * before + write[i]),
  };
}

/** Computes the linkage after some writes, from an empty memory. */
function written(writes: tf.Tensor3D[]): LinkageState {
  const [batch, heads, slots] = writes[0].shape;
  const empty = { link: tf.zeros([batch, heads, slots, slots]), precedenceWeights: tf.zeros([batch, heads, slots]) };
  return writes.reduce<LinkageState>(updateLinkage, empty as LinkageState);
}

/** Creates a random linkage. */
function state(sizes: [batch: number, heads: number, slots: number], seed: number): LinkageState {
  return written([1, 2, 3].map((step) => tf.tensor3d(weightings<number[][][]>(sizes, seed + step))));
}

function oneHot(slot: number, slots: number): tf.Tensor3D {
  return tf.oneHot(tf.tensor2d([[slot]], [1, 1], "int32"), slots, 1, 0, "float32") as tf.Tensor3D;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, x) => total + x, 0);
}
