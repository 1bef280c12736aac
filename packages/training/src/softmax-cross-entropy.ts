import { completeGroupSizes } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { checkKeys } from "./checks.js";
import { sequenceMean } from "./sequence-mean.js";
import type { SigmoidOptions } from "./sigmoid-cross-entropy.js";

/** Options of {@link softmaxCrossEntropy}: groups of outputs, average over time, and unit. */
export type SoftmaxOptions = SigmoidOptions & {
  /** Sizes of the consecutive groups into which the outputs are split, adding up to their number; default: one group. */
  readonly groupSizes?: readonly number[] | undefined;
};

/**
 * Computes the cross-entropy between targets and the softmax of the logits in each group of outputs, over the time steps
 * that count.
 *
 *     c[t,b] = sum over groups of  sum over the group of  -z log softmax(x)
 *     loss   = mean over b of  sum over t of  mask[t,b] c[t,b]
 *
 * with logit x and target z. `timeAverage` divides each sequence's sum by (its mask's sum + 2^-23) before the mean;
 * `logProbInBits` divides the loss by log 2. A group of one output costs nothing, and neither does a group whose targets are
 * all 0. The same loss on plain arrays, without a gradient, is `meanLoss` of `@dnc/tasks`. Gradients flow to logits,
 * targets and mask.
 *
 * @param logits - `[timeSteps, batchSize, size]`, any finite number.
 * @param targets - `[timeSteps, batchSize, size]`, at least 0: in each group a 1 and zeros, or probabilities.
 * @param mask - `[timeSteps, batchSize]`, 1 where the target counts and 0 elsewhere.
 * @param options - `groupSizes`, `timeAverage` and `logProbInBits`; default: one group, false, false.
 * @returns A scalar, non-negative.
 * @throws RangeError if a shape or the sum of the group sizes is wrong; TypeError if an argument is not a tensor, or an
 *   option is unknown or of the wrong type.
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor3D,
  targets: tf.Tensor3D,
  mask: tf.Tensor2D,
  options: SoftmaxOptions = {},
): tf.Scalar {
  checkKeys("option", options, ["groupSizes", "timeAverage", "logProbInBits"]);
  const { groupSizes, ...average } = options;
  const stepLoss = (x: tf.Tensor3D, z: tf.Tensor3D) => {
    const sizes = completeGroupSizes(groupSizes, x.shape[2]);
    const targetsOf = splitGroups(z, sizes);
    const groups = splitGroups(x, sizes).map((group, index) => tf.mul(targetsOf[index], tf.logSoftmax(group)));
    return tf.neg(tf.sum(groups.length === 1 ? groups[0] : tf.concat(groups, 2), 2));
  };
  return sequenceMean(stepLoss, [logits, targets, mask], average);
}

function splitGroups(tensor: tf.Tensor3D, sizes: readonly number[]): readonly tf.Tensor3D[] {
  return sizes.length === 1 ? [tensor] : (tf.split(tensor, [...sizes], 2) as tf.Tensor3D[]);
}
