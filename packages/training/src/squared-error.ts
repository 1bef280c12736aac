import * as tf from "@tensorflow/tfjs-core";
import { checkKeys } from "./checks.js";
import { sequenceMean } from "./sequence-mean.js";

/** Options of {@link squaredError}: average over time. */
export type SquaredOptions = {
  /** Whether to average over a sequence's counted time steps instead of summing; default: false. */
  readonly timeAverage?: boolean | undefined;
};

/**
 * Computes half the squared difference of outputs and targets, over the time steps that count.
 *
 *     c[t,b] = sum over outputs of  (x - z)^2 / 2
 *     loss   = mean over b of  sum over t of  mask[t,b] c[t,b]
 *
 * with output x and target z. `timeAverage` divides each sequence's sum by (its mask's sum + 2^-23) before the mean. The
 * same loss on plain arrays, without a gradient, is `meanLoss` of `@dnc/tasks`. Gradients flow to outputs, targets and mask.
 *
 * @param outputs - `[timeSteps, batchSize, size]`, any finite number.
 * @param targets - `[timeSteps, batchSize, size]`, any finite number.
 * @param mask - `[timeSteps, batchSize]`, 1 where the target counts and 0 elsewhere.
 * @param options - `timeAverage`; default: false.
 * @returns A scalar, non-negative.
 * @throws RangeError if a shape is wrong; TypeError if an argument is not a tensor, or an option is unknown or not a
 *   boolean.
 */
export function squaredError(
  outputs: tf.Tensor3D,
  targets: tf.Tensor3D,
  mask: tf.Tensor2D,
  options: SquaredOptions = {},
): tf.Scalar {
  checkKeys("option", options, ["timeAverage"]);
  const stepLoss = (x: tf.Tensor3D, z: tf.Tensor3D) => tf.mul(tf.sum(tf.square(tf.sub(x, z)), 2), 0.5);
  return sequenceMean(stepLoss, [outputs, targets, mask], options);
}
