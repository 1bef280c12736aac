import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { predictedBits } from "../src/predicted-bits.js";

const logits = () => Float32Array.of(5, -5, 0, 0.1, -0.1, 1e4, 1, 1, 1, -1e4, 3, -3);
const mask = () => Float32Array.of(1, 1, 0, 1);

describe("predictedBits", () => {
  it("is the rounded sigmoid where the mask is 1, and 0 elsewhere", () => {
    expect(Array.from(predictedBits(logits(), mask()))).toEqual([1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0]);
  });

  it("rounds as TensorFlow.js does, at the edge of one half too", () => {
    const edge = 2 ** -23;
    const edges = [edge, edge * (1 + 2 ** -23), edge * (1 - 2 ** -24), -edge, 0, -0, 1e-30];
    const others = Array.from({ length: 2001 }, (_, index) => (index - 1000) * 2 ** -31);
    const values = Float32Array.of(...edges, ...others, Infinity, -Infinity, Number.NaN);
    const expected = tf.round(tf.sigmoid(tf.tensor1d(values))).dataSync();
    expect(predictedBits(values, Float32Array.of(1))).toEqual(expected);
  });

  it("is 0 where the mask is 0, even for NaN", () => {
    expect(Array.from(predictedBits(Float32Array.of(Number.NaN, Number.NaN), Float32Array.of(0, 1)))).toEqual([
      0,
      Number.NaN,
    ]);
  });

  it("creates a new array", () => {
    const inputs = [logits(), mask()] as const;
    predictedBits(...inputs);
    expect(inputs).toEqual([logits(), mask()]);
  });

  it("rejects invalid arguments by name", () => {
    expect(() => predictedBits(new Float32Array(5), mask())).toThrow(
      new RangeError("logits: expected [4, size], a multiple of 4 numbers, got 5"),
    );
    expect(() => predictedBits(logits(), [1] as never)).toThrow(
      new TypeError("mask: expected a Float32Array, got an array"),
    );
    expect(() => predictedBits("x" as never, mask())).toThrow(
      new TypeError('logits: expected a Float32Array, got "x"'),
    );
    expect(() => predictedBits(new Int32Array(4) as never, mask())).toThrow(
      new TypeError("logits: expected a Float32Array, got a Int32Array"),
    );
  });
});
