import * as tf from "@tensorflow/tfjs-core";
import { assertShape, toFloat32 } from "./checks.js";

/**
 * The bits a network answers, where an answer counts: what `Task.render` is given to show.
 *
 *     round(mask * sigmoid(logits))
 *
 * Source: the training script of DeepMind's dnc package.
 * Rounding has no gradient worth using: it is 0 everywhere.
 *
 * @param logits - `[time, batch, size]`: answers before the sigmoid.
 * @param mask - `[time, batch]`, 1 where the step counts and 0 elsewhere.
 * @returns `[time, batch, size]`, 0 or 1; 0 where the mask is. A logit of exactly 0 answers 0.
 * @throws RangeError if a shape is wrong; TypeError if something is no tensor.
 */
export function modelOutput(logits: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor3D {
  assertShape("logits", logits, ["time", "batch", "size"]);
  assertShape("mask", mask, logits.shape.slice(0, 2));
  return tf.tidy(() => tf.round(tf.mul<tf.Tensor3D>(tf.expandDims(mask, 2), tf.sigmoid(toFloat32(logits)))));
}
