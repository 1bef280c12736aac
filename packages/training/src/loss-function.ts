import { checkObject, formatValue } from "@dnc/core/engine";
import type { TaskLoss } from "@dnc/tasks";
import type * as tf from "@tensorflow/tfjs-core";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.js";
import { squaredError } from "./squared-error.js";

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
 * @throws TypeError if the loss is unknown, or has an option of another loss.
 */
export function lossFunction(task: TaskLoss): LossFunction {
  checkObject("task", task);
  const { loss, groupSizes, timeAverage, logProbInBits } = task;
  if (groupSizes !== undefined && loss !== "softmax")
    throw new TypeError(`groupSizes: expected none for loss ${formatValue(loss)}, got ${formatValue(groupSizes)}`);
  switch (loss) {
    case "sigmoid":
      return (...tensors) => sigmoidCrossEntropy(...tensors, { timeAverage, logProbInBits });
    case "softmax":
      return (...tensors) => softmaxCrossEntropy(...tensors, { groupSizes, timeAverage, logProbInBits });
    case "squared":
      if (logProbInBits) throw new TypeError('logProbInBits: expected false for loss "squared", got true');
      return (...tensors) => squaredError(...tensors, { timeAverage });
    default:
      throw new TypeError(`loss: expected "sigmoid", "softmax" or "squared", got ${formatValue(loss)}`);
  }
}
