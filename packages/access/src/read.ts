import { backwardReadWeights, contentWeights, forwardReadWeights } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { InterfaceParameters } from "./interface.js";

/** The read weighting of each head, and the weightings that it is mixed from. */
export type ReadWeighting = {
  /** `[batch, readHeads, slots]`. */
  readonly readWeights: tf.Tensor3D;
  /** `[batch, readHeads, slots]`. */
  readonly contentWeights: tf.Tensor3D;
  /** `[batch, readHeads, writeHeads, slots]`. */
  readonly forwardWeights: tf.Tensor4D;
  /** `[batch, readHeads, writeHeads, slots]`. */
  readonly backwardWeights: tf.Tensor4D;
};

/**
 * Computes the read weighting of each head: a mixture, by read mode, of content weights and the backward and forward
 * weights of every write head.
 *
 *     r = sum over k of (mode_b,k b_k + mode_f,k f_k) + mode_c c
 *
 * Source: Graves et al. 2016, Methods, "Read weighting".
 *
 * @param memory - `[batch, slots, wordSize]`, after the write.
 * @param link - `[batch, writeHeads, slots, slots]`, after the write.
 * @param readWeights - `[batch, readHeads, slots]`, of the step before.
 */
export function readWeighting(
  parameters: InterfaceParameters,
  memory: tf.Tensor3D,
  link: tf.Tensor4D,
  readWeights: tf.Tensor3D,
): ReadWeighting {
  return tf.tidy(() => {
    const content = contentWeights(memory, parameters.readKeys, parameters.readStrengths);
    const forward = forwardReadWeights(link, readWeights);
    const backward = backwardReadWeights(link, readWeights);
    const heads = link.shape[1];
    const modes = tf.split(tf.expandDims(parameters.readMode, 2), [heads, heads, 1], 3); // [batch, readHeads, 1, ...]
    const [byBackward, byForward] = [tf.matMul(modes[0], backward), tf.matMul(modes[1], forward)];
    const byContent = tf.matMul(modes[2], tf.expandDims(content, 2)); // [batch, readHeads, 1, slots]
    const mixed = tf.add(tf.add(byContent, byForward), byBackward);
    return {
      readWeights: tf.squeeze(mixed, [2]) as tf.Tensor3D,
      contentWeights: content,
      forwardWeights: forward,
      backwardWeights: backward,
    };
  });
}
