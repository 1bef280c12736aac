import { checkObject, formatValue } from "@dnc/core/engine";
import type { TaskLoss } from "@dnc/tasks";
import type * as tf from "@tensorflow/tfjs-core";
import { linearLoss } from "./linear-loss.js";
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

/** The loss of a task, or `linear`: logit times target, so that the targets are the gradient, for a loss computed elsewhere. */
export type TrainedLoss = Omit<TaskLoss, "loss"> & {
  /** Name of the loss. */
  readonly loss: TaskLoss["loss"] | "linear";
};

/**
 * Returns the differentiable form of a task's loss.
 *
 * @param task - A task, or its loss and options; `linear` is the loss with which episodes are trained.
 * @returns A function that computes the loss on tensors.
 * @throws TypeError if the loss is unknown, or has an option of another loss.
 */
export function lossFunction(task: TrainedLoss): LossFunction {
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
    case "linear":
      if (timeAverage || logProbInBits)
        throw new TypeError(
          `${timeAverage ? "timeAverage" : "logProbInBits"}: expected false for loss "linear", got true`,
        );
      return linearLoss;
    default:
      throw new TypeError(`loss: expected "sigmoid", "softmax", "squared" or "linear", got ${formatValue(loss)}`);
  }
}
