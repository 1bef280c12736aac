import { meanLoss } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { squaredError } from "../src/squared-error.js";
import { centralDifferences } from "./support.js";

const OUTPUTS = [0.5, -1, 2, 0, 1, 3, 0, -2];
const TARGETS = [1, 0, 2.5, -3, 1, 1, 8, -1];
const MASK = [1, 0, 1, 1];

const tensors = (outputs = OUTPUTS) =>
  [tf.tensor3d(outputs, [2, 2, 2]), tf.tensor3d(TARGETS, [2, 2, 2]), tf.tensor2d(MASK, [2, 2])] as const;

const onArrays = (outputs: readonly number[], timeAverage: boolean) => {
  const [targets, mask] = [Float32Array.from(TARGETS), Float32Array.from(MASK)];
  const batch = { timeSteps: 2, batchSize: 2, targets, mask };
  return meanLoss(Float32Array.from(outputs), batch, { loss: "squared", timeAverage });
};

describe("squaredError", () => {
  it("is half the sum of squares where the mask is 1, averaged over the batch", () => {
    expect(squaredError(...tensors())).toBeAllClose((0.25 + 1 + 0 + 4 + 64 + 1) / 2 / 2);
    expect(squaredError(...tensors(), { timeAverage: true })).toBeAllClose(((1.25 + 4) / 2 / 2 + 65 / 2) / 2);
  });

  it("is the loss of @dnc/tasks for any outputs", () => {
    const outputs = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(outputs, fc.boolean(), (values, timeAverage) => {
        const loss = squaredError(...tensors(values), { timeAverage });
        expect(loss).toBeAllClose(onArrays(values, timeAverage), { absolute: 1e-4, relative: 1e-5 });
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  it("has gradients to outputs, targets and mask that agree with central differences", () => {
    const loss = (...given: tf.Tensor[]) => squaredError(...(given as unknown as ReturnType<typeof tensors>));
    const gradients = tf.grads(loss)([...tensors()]);
    tensors().forEach((_, index) => {
      const difference = centralDifferences((...given) => loss(...given), [...tensors()], index);
      expect(gradients[index]).toBeAllClose(difference, { absolute: 5e-3, relative: 2e-3 });
    });
  });

  it("rejects invalid arguments by name, and leaves no tensors", () => {
    const given = tensors();
    const before = tf.memory().numTensors;
    expect(() => squaredError(...given, { logProbInBits: true } as never)).toThrow(
      new TypeError('unknown option key "logProbInBits"; expected one of timeAverage'),
    );
    expect(() => squaredError(given[0], tf.zeros([2, 2, 3]), given[2])).toThrow(
      new RangeError("logits: expected [2, 2, 3], got [2, 2, 2]"),
    );
    expect(tf.memory().numTensors).toBe(before + 1);
    squaredError(...given);
    expect(tf.memory().numTensors).toBe(before + 2);
  });
});
