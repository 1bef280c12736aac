import * as tf from "@tensorflow/tfjs-core";
import { assertObject, assertShape, toFloat32 } from "./checks.js";
import type { Batch } from "./task.js";

/**
 * Which elements of a batch are answered without a single wrong bit. Its mean is the share of sequences solved.
 *
 * A bit is right if `round(sigmoid(logit))` equals the target; only steps with a mask other than 0 are looked at. A NaN
 * there is wrong. An element without a counted step has nothing wrong and is solved.
 *
 * @param logits - `[time, batch, targetSize]`: answers before the sigmoid.
 * @param batch - The batch they answer; only its target and mask are read.
 * @returns `[batch]`, 1 where the element is solved, else 0.
 * @throws RangeError if a shape is wrong; TypeError if something is no tensor or no batch.
 */
export function solvedSequences(logits: tf.Tensor3D, batch: Pick<Batch, "target" | "mask">): tf.Tensor1D {
  assertObject("batch", batch);
  const { target, mask } = batch;
  assertShape("target", target, ["time", "batch", "targetSize"]);
  assertShape("logits", logits, target.shape);
  assertShape("mask", mask, target.shape.slice(0, 2));
  return tf.tidy(() => {
    const wrongBits = tf.notEqual(tf.round(tf.sigmoid(toFloat32(logits))), target);
    const wrongSteps = tf.logicalAnd(tf.any(wrongBits, 2), tf.notEqual(mask, 0)); // [time, batch]
    return tf.cast<tf.Tensor1D>(tf.logicalNot(tf.any(wrongSteps, 0)), "float32"); // [batch]
  });
}
