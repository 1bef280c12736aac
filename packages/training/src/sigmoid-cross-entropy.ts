import * as tf from "@tensorflow/tfjs-core";
import { checkKeys } from "./checks.js";
import { sequenceMean } from "./sequence-mean.js";

/** Options of {@link sigmoidCrossEntropy}: average over time, and unit. */
export type SigmoidOptions = {
  /** Whether to average over a sequence's counted time steps instead of summing; default: false. */
  readonly timeAverage?: boolean | undefined;
  /** Whether to use bits instead of nats; default: false. */
  readonly logProbInBits?: boolean | undefined;
};

/**
 * Computes the cross-entropy between targets of bits and the sigmoid of the logits, over the time steps that count.
 *
 *     c[t,b] = sum over bits of  max(x,0) - x z + log(1 + exp(-|x|))
 *     loss   = mean over b of  sum over t of  mask[t,b] c[t,b]
 *
 * with logit x and target z. `timeAverage` divides each sequence's sum by (its mask's sum + 2^-23) before the mean;
 * `logProbInBits` divides the loss by log 2. The mean is over the whole batch, including sequences in which no time
 * step counts.
 *
 * Source: the repeat-copy task of DeepMind's dnc package (same options, same defaults). The same loss on plain arrays,
 * without a gradient, is `meanLoss` of `@dnc/tasks`. Gradients flow to logits, targets and mask, and are accurate at 0
 * and for every finite logit. With `timeAverage`, the gradient to the mask of a sequence in which no time step counts
 * is as large as 2^23 times the time step's loss.
 *
 * @param logits - `[timeSteps, batchSize, size]`, any finite number.
 * @param targets - `[timeSteps, batchSize, size]`, in [0, 1].
 * @param mask - `[timeSteps, batchSize]`, 1 where the target counts and 0 elsewhere.
 * @param options - `timeAverage` and `logProbInBits`; default: false.
 * @returns A scalar, non-negative.
 * @throws RangeError if a shape is wrong; TypeError if an argument is not a tensor, or an option is unknown or not a
 *   boolean.
 */
export function sigmoidCrossEntropy(
  logits: tf.Tensor3D,
  targets: tf.Tensor3D,
  mask: tf.Tensor2D,
  options: SigmoidOptions = {},
): tf.Scalar {
  checkKeys("option", options, ["timeAverage", "logProbInBits"]);
  return sequenceMean((x, z) => tf.sum(bitLoss(x, z), 2), [logits, targets, mask], options);
}

/**
 * `max(x,0) - x z + log(1 + exp(-|x|))`, element by element.
 *
 * The gradient is given, not derived: `abs` and `relu` have none at 0, and `sigmoid(x) - z` would cancel where the
 * output is almost right.
 */
function bitLoss(logits: tf.Tensor3D, targets: tf.Tensor3D): tf.Tensor3D {
  const differentiable = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, z, save] = args as [tf.Tensor3D, tf.Tensor3D, tf.GradSaveFunc];
    save([x, z]);
    const value = tf.add<tf.Tensor3D>(tf.sub(tf.relu(x), tf.mul(x, z)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    return { value, gradFunc: bitLossGradients };
  });
  return differentiable(logits, targets) as tf.Tensor3D;
}

function bitLossGradients(dy: tf.Tensor, [x, z]: tf.Tensor[]): tf.Tensor[] {
  const whereZero = tf.mul(tf.sigmoid(x), tf.sub(1, z));
  const whereOne = tf.mul(tf.sigmoid(tf.neg(x)), z);
  return [tf.mul(dy, tf.sub(whereZero, whereOne)), tf.mul(dy, tf.neg(x))];
}
