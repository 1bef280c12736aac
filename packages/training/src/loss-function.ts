import { checkObject, formatValue } from "@dnc/core/engine";
import type { TaskLoss } from "@dnc/tasks";
import type * as tf from "@tensorflow/tfjs-core";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";

/**
 * A differentiable loss function.
 *
 * @param logits - `[timeSteps, batchSize, size]`: the network's outputs.
 * @param targets - `[timeSteps, batchSize, size]`.
 * @param mask - `[timeSteps, batchSize]`, 1 where the target counts and 0 elsewhere.
 * @returns A scalar.
 */
export type LossFunction = (logits: tf.Tensor3D, targets: tf.Tensor3D, mask: tf.Tensor2D) => tf.Scalar;

/**
 * Returns the differentiable form of a task's loss.
 *
 * @param task - A task, or its loss and options.
 * @returns A function that computes the loss on tensors.
 * @throws TypeError if the loss is unknown.
 */
export function lossFunction(task: TaskLoss): LossFunction {
  checkObject("task", task);
  const { loss, timeAverage, logProbInBits } = task;
  if (loss !== "sigmoid") throw new TypeError(`loss: expected "sigmoid", got ${formatValue(loss)}`);
  return (logits, targets, mask) => sigmoidCrossEntropy(logits, targets, mask, { timeAverage, logProbInBits });
}
