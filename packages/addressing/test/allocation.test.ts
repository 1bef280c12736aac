import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocationWeights, writeAllocationWeights } from "../src/allocation.js";
import { expectAgreement, expectTidy, uniform } from "./agreement.js";

const RUNS = { seed: 1, numRuns: 40 };
const EPSILON = 1e-6;

const CASES: [name: string, usage: number[][]][] = [
  ["usages all different", [[0.3, 0.9, 0.1, 0.6]]],
  ["several batch elements", uniform([3, 6], 1)],
  ["many slots", uniform([1, 64], 9)],
  ["all free", [[0, 0, 0, 0]]],
  ["all full", [[1, 1, 1]]],
  ["all equal", [[0.4, 0.4, 0.4, 0.4]]],
  ["some equal", [[0.7, 0.2, 0.7, 0.2, 0.2]]],
  ["free and full", [[1, 0, 1, 0]]],
  ["one slot, free", [[0]]],
  ["one slot, full", [[1]]],
  ["one slot, half full", [[0.5]]],
];

describe("allocationWeights", () => {
  it.each(CASES)("has the values and gradient of its definition, ranking held constant: %s", (_name, usage) => {
    const order = ranked(usage);
    expectAgreement(allocationWeights, allocation, [usage], {
      differentiate: (changed: number[][]) => allocation(changed, order),
    });
  });

  it("gives everything to the first of equally free slots", () => {
    const weights = allocationWeights(tf.zeros([1, 3])).dataSync();
    expect(weights).toBeAllClose([1, 1e-6, 1e-12], { absolute: 2e-7 });
  });

  // Other roundings of the same formula, such as 1 - (e + (1 - e) u), order the last three the other way.
  it.each([
    [2e-8, 0, "first"],
    [1e-7, 0, "second"],
    [0.09198090434074402, 0.09198089689016342, "first"],
    [0.0922217071056366, 0.092221699655056, "first"],
    [0.05001290887594223, 0.05001290142536163, "second"],
  ])("treats usages %d and %d as a tie, like the reference's rounding: the %s slot wins", (first, second, winner) => {
    const [a, b] = allocationWeights(tf.tensor2d([[first, second]])).dataSync();
    expect(a > b ? "first" : "second").toBe(winner);
  });

  it("gives nothing when every slot is full", () => {
    expect(allocationWeights(tf.ones([2, 5]))).toBeAllClose(tf.zeros([2, 5]));
  });

  it.each([-1e-7, -5e-7, -1e-6, -2e-6, -1e-3, 1 + 2e-7, 1.001])(
    "stays finite where rounding has pushed a usage out of [0, 1], to %d",
    (usage) => {
      const [value, gradient] = valueAndGradient([[usage, 0.5, usage, usage]]);
      const [inside, insideGradient] = valueAndGradient([[usage, 0.5, usage, usage].map((u) => clip(u))]);
      expect(value).toBeAllClose(inside, { absolute: 2e-3 });
      expect(gradient).toBeAllClose(insideGradient, { absolute: 4e-3 });
    },
  );

  it("is non-negative and sums to at most 1 in each row", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(1000),
        (batch, slots, seed) => {
          // Clamped at both ends, so that exactly free and exactly full slots occur.
          const usage = tf.clipByValue(tf.tensor2d(uniform<number[][]>([batch, slots], seed + 1, -0.3, 1.3)), 0, 1);
          const weights = allocationWeights(usage as tf.Tensor2D);
          expect(tf.min(weights).dataSync()[0]).toBeGreaterThanOrEqual(0);
          expect(tf.max(tf.sum(weights, 1)).dataSync()[0]).toBeLessThanOrEqual(1 + 1e-6);
        },
      ),
      RUNS,
    );
  });

  it("permutes with the slots when no two are tied", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1000), (slots, seed) => {
        const usage = tf.tensor2d(uniform<number[][]>([2, slots], seed + 1));
        const permutation = tf.tensor1d(shuffled(slots, seed), "int32");
        const permuted = allocationWeights(tf.gather(usage, permutation, 1));
        expect(permuted).toBeAllClose(tf.gather(allocationWeights(usage), permutation, 1));
      }),
      RUNS,
    );
  });

  it("creates one tensor, also under a gradient", () => {
    expectTidy(allocationWeights, [[2, 3]]);
  });

  it("rejects invalid arguments by name", () => {
    expect(() => allocationWeights(tf.zeros([3]) as never)).toThrow(
      new RangeError("usage: expected [batch, slots], got [3]"),
    );
    expect(() => allocationWeights([[0]] as never)).toThrow(
      new TypeError("usage: expected a tensor [batch, slots], got an array"),
    );
  });
});

describe("writeAllocationWeights", () => {
  const WRITE_CASES: [name: string, usage: number[][], writeGates: number[][]][] = [
    ["one head", uniform([2, 5], 1), uniform([2, 1], 2)],
    ["two heads", uniform([2, 5], 3), uniform([2, 2], 4)],
    ["four heads, more than slots", uniform([2, 3], 5), uniform([2, 4], 6)],
    ["gates of 0 and 1", uniform([1, 4], 7), [[1, 0, 1]]],
    ["all full", [[1, 1, 1]], [[0.5, 0.5]]],
    ["ties", [[0.3, 0.6, 0.3]], [[0.7, 0.2]]],
    ["one slot", [[0.2]], [[0.9, 0.4]]],
  ];

  it.each(WRITE_CASES)("has the values and gradients of its definition: %s", (_name, usage, gates) => {
    const order = ranked(usage);
    expectAgreement(writeAllocationWeights, writeAllocation, [usage, gates], {
      differentiate: (u: number[][], g: number[][]) => writeAllocation(u, g, order),
    });
  });

  it("sends each head to another free slot when the gates are open", () => {
    const weights = writeAllocationWeights(tf.tensor2d([[0.2, 0, 0.1]]), tf.ones([1, 3]));
    expect(tf.argMax(weights, 2).dataSync()).toEqual(new Int32Array([1, 2, 0]));
  });

  it("sends each head to the same slot when the gates are closed", () => {
    const usage = tf.tensor2d(uniform<number[][]>([2, 4], 1));
    const weights = writeAllocationWeights(usage, tf.zeros([2, 3]));
    expect(weights).toBeAllClose(tf.stack(new Array(3).fill(allocationWeights(usage)), 1), {
      absolute: 0,
      relative: 0,
    });
  });

  it("has a gradient of exactly zero to the last head's gate, which has no effect", () => {
    for (const heads of [1, 2, 3]) {
      const usage = tf.tensor2d(uniform<number[][]>([2, 4], 1));
      const gates = tf.tensor2d(uniform<number[][]>([2, heads], 2));
      const toGates = tf.grad((g) => tf.sum(tf.square(writeAllocationWeights(usage, g as tf.Tensor2D))))(gates);
      const last = Array.from(tf.slice(toGates, [0, heads - 1], [2, 1]).dataSync());
      expect(last.map(Math.abs)).toEqual([0, 0]);
    }
  });

  it("is non-negative and sums to at most 1 for each head", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, size, fc.nat(1000), (batch, heads, slots, seed) => {
        const usage = tf.tensor2d(uniform<number[][]>([batch, slots], seed + 1));
        const gates = tf.tensor2d(uniform<number[][]>([batch, heads], seed + 2));
        const weights = writeAllocationWeights(usage, gates);
        expect(weights.shape).toEqual([batch, heads, slots]);
        expect(tf.min(weights).dataSync()[0]).toBeGreaterThanOrEqual(0);
        expect(tf.max(tf.sum(weights, 2)).dataSync()[0]).toBeLessThanOrEqual(1 + 1e-6);
      }),
      RUNS,
    );
  });

  it.each([1, 3])("creates one tensor, also under a gradient, with %d heads", (heads) => {
    expectTidy(writeAllocationWeights, [
      [2, 4],
      [2, heads],
    ]);
  });

  it("rejects invalid arguments by name", () => {
    expect(() => writeAllocationWeights(tf.zeros([3]) as never, tf.zeros([2, 1]))).toThrow(
      new RangeError("usage: expected [batch, slots], got [3]"),
    );
    expect(() => writeAllocationWeights(tf.zeros([2, 3]), tf.zeros([3, 1]))).toThrow(
      new RangeError("writeGates: expected [2, writeHeads], got [3, 1]"),
    );
    expect(() => writeAllocationWeights(tf.zeros([2, 3]), tf.zeros([2, 0]))).toThrow(
      new RangeError("writeGates: expected [2, writeHeads], got [2, 0]"),
    );
  });
});

/** The definition: slots in ranked order, each taking its free share of what the ones before it left. */
function allocation(usage: number[][], order = ranked(usage)): number[][] {
  return usage.map((row, b) => {
    const weights = row.map(() => 0);
    let left = 1;
    for (const slot of order[b]) {
      const full = EPSILON + (1 - EPSILON) * row[slot];
      weights[slot] = (1 - full) * left;
      left *= full;
    }
    return weights;
  });
}

function writeAllocation(usage: number[][], gates: number[][], firstOrder = ranked(usage)): number[][][] {
  return usage.map((row, b) => {
    let simulated = row;
    return gates[b].map((gate, head) => {
      const [weights] = allocation([simulated], head === 0 ? [firstOrder[b]] : undefined);
      simulated = simulated.map((u, slot) => u + (1 - u) * gate * weights[slot]);
      return weights;
    });
  });
}

/** Ranks the slots: the freest first, and equally free ones by index; free shares are compared in float32. */
function ranked(usage: number[][]): number[][] {
  const most = Math.fround(1 - EPSILON);
  return usage.map((row) => {
    const free = row.map((u) => Math.fround(most - Math.fround(Math.fround(u) * most)));
    return row.map((_, slot) => slot).sort((i, j) => free[j] - free[i] || i - j);
  });
}

function valueAndGradient(usage: number[][]): [tf.Tensor, tf.Tensor] {
  const tensor = tf.tensor2d(usage);
  return [allocationWeights(tensor), tf.grad(squares)(tensor)];
}

function squares(usage: tf.Tensor): tf.Tensor {
  return tf.sum(tf.square(allocationWeights(usage as tf.Tensor2D)));
}

function clip(usage: number): number {
  return Math.min(Math.max(usage, 0), 1);
}

function shuffled(length: number, seed: number): number[] {
  const keys = uniform<number[]>([length], seed + 7);
  return keys.map((_, index) => index).sort((i, j) => keys[i] - keys[j]);
}
