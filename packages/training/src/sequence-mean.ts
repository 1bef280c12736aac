import { checkBoolean } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { checkShape } from "./checks.js";

/** Keeps the time average of a sequence in which no time step counts finite: the float32 machine epsilon. */
const MIN_COUNT = 2 ** -23;

/**
 * Averages the losses of time steps over a batch.
 *
 * @param stepLoss - Computes the loss of each time step, `[timeSteps, batchSize]`, of logits and targets in float32.
 * @param tensors - Logits, targets and mask; their shapes are checked.
 * @param options - Whether to average over a sequence's counted time steps instead of summing, and whether to use bits
 *   instead of nats.
 */
export function sequenceMean(
  stepLoss: (logits: tf.Tensor3D, targets: tf.Tensor3D) => tf.Tensor,
  [logits, targets, mask]: readonly [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D],
  {
    timeAverage = false,
    logProbInBits = false,
  }: { timeAverage?: boolean | undefined; logProbInBits?: boolean | undefined },
): tf.Scalar {
  checkBoolean("timeAverage", timeAverage);
  checkBoolean("logProbInBits", logProbInBits);
  checkShape("targets", targets, ["timeSteps", "batchSize", "size"]);
  checkShape("logits", logits, targets.shape);
  checkShape("mask", mask, targets.shape.slice(0, 2));
  return tf.tidy(() => {
    const steps = stepLoss(toFloat32(logits), toFloat32(targets)); // [timeSteps, batchSize]
    let sequenceLoss = tf.sum(tf.mul(steps, mask), 0); // [batchSize]
    if (timeAverage) sequenceLoss = tf.div(sequenceLoss, tf.add(tf.sum(mask, 0), MIN_COUNT));
    const loss = tf.mean<tf.Scalar>(sequenceLoss);
    return logProbInBits ? tf.div<tf.Scalar>(loss, Math.LN2) : loss;
  });
}

/** The same numbers as float32: of integers TensorFlow.js computes integers, of their exponential and sigmoid too. */
function toFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === "float32" ? tensor : tf.cast(tensor, "float32");
}
