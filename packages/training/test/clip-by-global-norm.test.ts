import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { clipByGlobalNorm } from "../src/clip-by-global-norm.js";

describe("clipByGlobalNorm", () => {
  it.each([
    { name: "a long gradient comes down to the norm", maxNorm: 1, expected: [[0.6, 0], [0.8]] },
    { name: "a gradient of exactly the norm stays", maxNorm: 5, expected: [[3, 0], [4]] },
    { name: "a short gradient stays", maxNorm: 50, expected: [[3, 0], [4]] },
  ])("$name", ({ maxNorm, expected }) => {
    const { clipped, globalNorm } = clipByGlobalNorm([tf.tensor1d([3, 0]), tf.tensor1d([4])], maxNorm);
    expect(globalNorm).toBeAllClose(5);
    clipped.forEach((tensor, index) => {
      expect(tensor).toBeAllClose(expected[index]);
    });
  });

  it("does not change zeros", () => {
    const { clipped, globalNorm } = clipByGlobalNorm([tf.zeros([2, 2])], 1);
    expect(globalNorm).toBeAllClose(0);
    expect(clipped[0]).toBeAllClose(tf.zeros([2, 2]));
  });

  it("rejects invalid arguments with the expected values", () => {
    expect(() => clipByGlobalNorm([], 1)).toThrow(new RangeError("gradients: expected at least one tensor, got none"));
    const gradients = [tf.scalar(1)];
    for (const maxNorm of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = new RangeError(`maxNorm: expected a finite number above 0, got ${maxNorm}`);
      expect(() => clipByGlobalNorm(gradients, maxNorm)).toThrow(error);
    }
    expect(() => clipByGlobalNorm(gradients, "5" as never)).toThrow(
      new TypeError('maxNorm: expected a number, got "5"'),
    );
  });

  it("leaves only what it returns", () => {
    const gradients = [tf.ones([3]), tf.ones([2, 2])];
    const before = tf.memory().numTensors;
    tf.dispose(clipByGlobalNorm(gradients, 1));
    expect(tf.memory().numTensors).toBe(before);
  });
});
