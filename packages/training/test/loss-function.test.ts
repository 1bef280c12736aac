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

it("lists the known losses", () => {
  const task = { ...repeatCopy(), loss: "hinge" };
  const message = 'loss: expected "sigmoid", "softmax" or "squared", got "hinge"';
  expect(() => lossFunction(task as never)).toThrow(new TypeError(message));
  expect(() => lossFunction({ ...repeatCopy(), groupSizes: [5] })).toThrow(
    new TypeError('groupSizes: expected none for loss "sigmoid", got an array'),
  );
  expect(() => lossFunction({ ...repeatCopy(), loss: "squared", logProbInBits: true })).toThrow(
    new TypeError('logProbInBits: expected false for loss "squared", got true'),
  );
  expect(() => lossFunction(undefined as never)).toThrow(new TypeError("task: expected an object, got undefined"));
});
