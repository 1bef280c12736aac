import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlatTensors } from "../src/flat-tensors.js";

const shapes = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), { minLength: 1, maxLength: 7 });

describe("FlatTensors", () => {
  it("splits what it has joined into the same tensors in the same order", () => {
    fc.assert(
      fc.property(shapes, (list) => {
        const tensors = list.map((shape, index) => tf.randomNormal(shape as [number], 0, 1, "float32", index + 1));
        const flat = new FlatTensors(list);
        const joined = flat.join(tensors);
        expect(joined.shape).toEqual([tensors.reduce((sum, tensor) => sum + tensor.size, 0)]);
        const parted = flat.split(joined);
        expect(parted.map(({ shape }) => shape)).toEqual(list);
        parted.forEach((tensor, index) => {
          expect(Array.from(tensor.dataSync())).toEqual(Array.from(tensors[index].dataSync()));
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("leaves only what it returns", () => {
    const tensors = [tf.ones([3, 2]), tf.zeros([4]), tf.ones([3, 1]), tf.scalar(2)];
    const flat = new FlatTensors(tensors.map(({ shape }) => shape));
    const before = tf.memory().numTensors;
    const joined = flat.join(tensors);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(tf.dispose(flat.split(joined))).toBeUndefined();
    joined.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
