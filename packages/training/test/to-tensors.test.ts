import { createRandom, repeatCopy } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { toTensors } from "../src/to-tensors.js";

it("creates the three tensors of a batch, and no others", () => {
  const batch = repeatCopy({ batchSize: 3, numBits: 2, maxLength: 4 }).sampleBatch(createRandom(1));
  const before = tf.memory().numTensors;
  const tensors = toTensors(batch);
  expect(tf.memory().numTensors).toBe(before + 3);
  const { timeSteps } = batch;
  expect(tensors.inputs.shape).toEqual([timeSteps, 3, 4]);
  expect(tensors.targets.shape).toEqual([timeSteps, 3, 3]);
  expect(tensors.mask.shape).toEqual([timeSteps, 3]);
  for (const name of ["inputs", "targets", "mask"] as const) expect(tensors[name].dataSync()).toEqual(batch[name]);
  tf.dispose(tensors);
});

it.each([
  [{ mask: new Float32Array(3) }, RangeError, "mask: expected [9, 16], 144 numbers, got 3"],
  [
    { inputs: new Float32Array(0) },
    RangeError,
    "inputs: expected [9, 16, inputSize], a multiple of 144 numbers, got 0",
  ],
  [{ targets: [1] }, TypeError, "targets: expected a Float32Array, got an array"],
  [{ timeSteps: 1.5 }, RangeError, "timeSteps: expected a positive integer, got 1.5"],
  [{ batchSize: undefined }, TypeError, "batchSize: expected a positive integer, got undefined"],
])("rejects a batch with %o, before creating any tensor", (wrong, Kind, message) => {
  const batch = repeatCopy().sampleBatch(createRandom(1));
  const before = tf.memory().numTensors;
  expect(() => toTensors({ ...batch, ...wrong } as never)).toThrow(new Kind(message));
  expect(tf.memory().numTensors).toBe(before);
});
