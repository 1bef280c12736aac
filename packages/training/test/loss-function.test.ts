import { createRandom, meanLoss, repeatCopy } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { lossFunction } from "../src/loss-function.js";
import { toTensors } from "../src/to-tensors.js";

it.each([
  {},
  { timeAverage: true },
  { logProbInBits: true },
  { timeAverage: true, logProbInBits: true },
  { loss: "softmax" },
  { loss: "softmax", groupSizes: [4, 1], logProbInBits: true, timeAverage: true },
  { loss: "squared" },
  { loss: "squared", timeAverage: true },
] as const)("is the task's loss on tensors: %o", (options) => {
  const task = repeatCopy({ maxLength: 3, ...options });
  const batch = task.sampleBatch(createRandom(1));
  const { targets, mask } = toTensors(batch);
  const logits = tf.randomNormal(targets.shape, 0, 3, "float32", 1) as tf.Tensor3D;
  const expected = meanLoss(logits.dataSync<"float32">(), batch, options);
  expect(lossFunction(task)(logits, targets, mask)).toBeAllClose(expected);
});

it("is logit times target for the loss linear, whose gradient is the targets where they count", () => {
  const [logits, targets] = [
    tf.randomNormal([3, 2, 4], 0, 2, "float32", 1),
    tf.randomNormal([3, 2, 4], 0, 2, "float32", 2),
  ];
  const mask = tf.tensor2d([1, 0, 1, 1, 0, 1], [3, 2]);
  const loss = lossFunction({ loss: "linear", timeAverage: false, logProbInBits: false });
  const counted = tf.mul(targets, tf.expandDims(mask, 2));
  const value = (x: tf.Tensor) => loss(x as tf.Tensor3D, targets as tf.Tensor3D, mask);
  expect(value(logits)).toBeAllClose(tf.div(tf.sum(tf.mul(logits, counted)), 2));
  expect(tf.grad(value)(logits)).toBeAllClose(tf.div(counted, 2));
});

it("lists the known losses", () => {
  const task = { ...repeatCopy(), loss: "hinge" };
  const message = 'loss: expected "sigmoid", "softmax", "squared" or "linear", got "hinge"';
  expect(() => lossFunction(task as never)).toThrow(new TypeError(message));
  expect(() => lossFunction({ ...repeatCopy(), groupSizes: [5] })).toThrow(
    new TypeError('groupSizes: expected none for loss "sigmoid", got an array'),
  );
  expect(() => lossFunction({ ...repeatCopy(), loss: "squared", logProbInBits: true })).toThrow(
    new TypeError('logProbInBits: expected false for loss "squared", got true'),
  );
  expect(() => lossFunction({ loss: "linear", timeAverage: true, logProbInBits: false })).toThrow(
    new TypeError('timeAverage: expected false for loss "linear", got true'),
  );
  expect(() => lossFunction({ loss: "linear", timeAverage: false, logProbInBits: true })).toThrow(
    new TypeError('logProbInBits: expected false for loss "linear", got true'),
  );
  expect(() => lossFunction(undefined as never)).toThrow(new TypeError("task: expected an object, got undefined"));
});
