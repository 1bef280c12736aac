import { meanLoss } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SoftmaxOptions, softmaxCrossEntropy } from "../src/softmax-cross-entropy.js";
import { centralDifferences } from "./support.js";

const RUNS = { seed: 1, numRuns: 25 };

/** Two steps of three sequences with five outputs; the last sequence does not count. */
const LOGITS = [
  ...[0.5, -1, 2, 0, 1, 3, 0, -2, 1, 1, 0.1, 0.2, 0.3, 0.4, 0.5],
  ...[-1, -2, 0, 3, -3, 1, 1, 1, 0, 0, 2, 0, 0, 0, 1],
];
const TARGETS = [
  ...[1, 0, 0, 0, 1, 0.25, 0.5, 0.25, 0.5, 0.5, 0, 0, 0, 0, 0],
  ...[0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
];
const MASK = [1, 1, 0, 1, 0, 0];
const SHAPE: [number, number, number] = [2, 3, 5];

const tensors = (logits = LOGITS, targets = TARGETS, mask = MASK) =>
  [tf.tensor3d(logits, SHAPE), tf.tensor3d(targets, SHAPE), tf.tensor2d(mask, [2, 3])] as const;

const onArrays = (logits: ArrayLike<number>, options: SoftmaxOptions) => {
  const [targets, mask] = [Float32Array.from(TARGETS), Float32Array.from(MASK)];
  const batch = { timeSteps: 2, batchSize: 3, targets, mask };
  return meanLoss(Float32Array.from(logits), batch, { loss: "softmax", ...options });
};

describe("softmaxCrossEntropy", () => {
  it.each([
    {},
    { groupSizes: [3, 2] },
    { groupSizes: [1, 3, 1], timeAverage: true },
    { groupSizes: [3, 2], logProbInBits: true, timeAverage: true },
  ])("is the loss of @dnc/tasks, which is computed on arrays: %j", (options) => {
    expect(softmaxCrossEntropy(...tensors(), options)).toBeAllClose(onArrays(LOGITS, options));
  });

  it("is that for any logits and groups", () => {
    const logits = fc.array(fc.float({ min: -80, max: 80, noNaN: true }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(logits, fc.constantFrom([5], [2, 3], [1, 1, 1, 2]), (values, groupSizes) => {
        const loss = softmaxCrossEntropy(...tensors(values), { groupSizes });
        expect(loss).toBeAllClose(onArrays(values, { groupSizes }), { absolute: 1e-4, relative: 1e-5 });
      }),
      RUNS,
    );
  });

  it("has gradients to logits, targets and mask that agree with central differences", () => {
    const options = { groupSizes: [3, 2] };
    const loss = (...given: tf.Tensor[]) =>
      softmaxCrossEntropy(...(given as unknown as ReturnType<typeof tensors>), options);
    const gradients = tf.grads(loss)([...tensors()]);
    tensors().forEach((_, index) => {
      const difference = centralDifferences((...given) => loss(...given), [...tensors()], index);
      expect(gradients[index]).toBeAllClose(difference, { absolute: 2e-3, relative: 2e-3 });
    });
  });

  it("has finite values and gradients for large logits, and none where nothing counts", () => {
    const large = LOGITS.map((logit) => logit * 2000);
    const [loss, gradient] = (() => {
      const { value, grad } = tf.valueAndGrad((logits: tf.Tensor) =>
        softmaxCrossEntropy(logits as tf.Tensor3D, tensors()[1], tensors()[2], { groupSizes: [3, 2] }),
      )(tensors(large)[0]);
      return [value, grad.dataSync()];
    })();
    expect(loss).toBeAllClose(onArrays(large, { groupSizes: [3, 2] }), { absolute: 0, relative: 1e-6 });
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(Array.from(gradient.slice(10, 15), Math.abs)).toEqual([0, 0, 0, 0, 0]);
    expect(Array.from(gradient.slice(20), Math.abs)).toEqual(new Array(10).fill(0));
  });

  it("costs nothing in a group of one output", () => {
    expect(softmaxCrossEntropy(...tensors(), { groupSizes: [1, 1, 1, 1, 1] })).toBeAllClose(0, { absolute: 0 });
  });

  it("rejects invalid arguments by name, and leaves no tensors", () => {
    const given = tensors();
    const before = tf.memory().numTensors;
    const loss = (...args: unknown[]) =>
      softmaxCrossEntropy(...(args as unknown as Parameters<typeof softmaxCrossEntropy>));
    expect(() => loss(...given, { groupSizes: [3, 3] })).toThrow(
      new RangeError("groupSizes: expected sizes that add up to the 5 outputs, got 6"),
    );
    expect(() => loss(...given, { bits: true })).toThrow('unknown option key "bits"');
    expect(() => loss(given[0], given[1], given[1])).toThrow(new RangeError("mask: expected [2, 3], got [2, 3, 5]"));
    expect(tf.memory().numTensors).toBe(before);
    loss(...given, { groupSizes: [3, 2] });
    expect(tf.memory().numTensors).toBe(before + 1);
  });
});
