import * as tf from "@tensorflow/tfjs-core";
import { sequenceMean } from "./sequence-mean.js";

/**
 * The sum of logit times target, whose gradient is the targets: for a loss that is computed elsewhere, such as that of episodes.
 *
 * @param tensors - Logits, targets and mask, as for a `LossFunction`.
 * @returns A scalar: the sum over outputs and time, averaged over the batch.
 */
export function linearLoss(...tensors: readonly [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D]): tf.Scalar {
  return sequenceMean((logits, targets) => tf.sum(tf.mul(logits, targets), 2), tensors, {});
}
