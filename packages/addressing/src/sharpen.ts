import * as tf from "@tensorflow/tfjs-core";
import { toFloat32 } from "./float32.js";
import { assertShape } from "./shape.js";
import { stopGradient } from "./stop-gradient.js";
import { withGradient } from "./with-gradient.js";

/** Keeps the logarithm of a weight of 0 finite. */
const SHARPEN_EPSILON = 1e-6;

/**
 * Sharpens weightings that links give: raises each to a power and normalizes it.
 *
 *     S[n] = ((d[n] + e) / max over slots of (d + e))^s / (sum over slots of the numerators),   e = 1e-6
 *
 * A weighting of zeros becomes uniform. The gradient grows with s / (d + e): to 1e6 s where a weighting is close to zero.
 *
 * Source: Csordas and Schmidhuber 2019, section 3.3. The largest value cancels, so it is a constant to the gradient.
 *
 * @param weights - `[batch, readHeads, writeHeads, slots]`, non-negative: forward or backward weights.
 * @param sharpness - `[batch, readHeads, writeHeads]`, s itself, at least 1.
 * @returns `[batch, readHeads, writeHeads, slots]`, each row a distribution over slots.
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor.
 */
export function sharpenWeights(weights: tf.Tensor4D, sharpness: tf.Tensor3D): tf.Tensor4D {
  assertShape("weights", weights, ["batch", "readHeads", "writeHeads", "slots"]);
  assertShape("sharpness", sharpness, weights.shape.slice(0, 3));
  return tf.tidy(() => {
    const raised = tf.add(toFloat32(weights), SHARPEN_EPSILON);
    const largest = stopGradient(raised, (values) => tf.max(values, 3, true)); // [batch, readHeads, writeHeads, 1]
    const logarithms = tf.log(tf.div(raised, largest));
    return softmax(tf.mul(tf.expandDims(toFloat32(sharpness), 3), logarithms) as tf.Tensor4D);
  });
}

/**
 * Computes the softmax, with a gradient that stays accurate where the softmax is sharp:
 *
 *     dx[n] = S[n] c[n],   c[n] = dS[n] - sum of S dS
 *
 * Where S is close to 1, c is a small difference of large numbers, and 1 / (d + e) then magnifies its rounding. The rounding is a mean
 * of c that is not 0, so the mean is subtracted twice.
 */
const softmax = withGradient((logits: tf.Tensor4D) => {
  const value = tf.softmax(logits) as tf.Tensor4D;
  const centered = (dy: tf.Tensor, weights: tf.Tensor) => tf.sub(dy, tf.sum(tf.mul(dy, weights), 3, true));
  return {
    value,
    saved: [value],
    gradient: (dy, [weights]) => [tf.mul(weights, centered(centered(dy, weights), weights))],
  };
});
