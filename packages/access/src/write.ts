import { contentWeights, reduceProduct, writeAllocationWeights } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { InterfaceParameters } from "./interface.js";

/** The write weighting of each head, and the two weightings that it is mixed from; all `[batch, writeHeads, slots]`. */
export type WriteWeighting = {
  readonly writeWeights: tf.Tensor3D;
  readonly contentWeights: tf.Tensor3D;
  readonly allocationWeights: tf.Tensor3D;
};

/**
 * Computes the write weighting of each head.
 *
 *     w_k = g_w (g_a a_k + (1 - g_a) c_k)
 *
 * Source: Graves et al. 2016, Methods, "Write weighting".
 *
 * @param memory - `[batch, slots, wordSize]`, before the write.
 * @param usage - `[batch, slots]`, of this step.
 */
export function writeWeighting(
  parameters: InterfaceParameters,
  memory: tf.Tensor3D,
  usage: tf.Tensor2D,
): WriteWeighting {
  return tf.tidy(() => {
    const { allocationGate, writeGate } = parameters;
    const content = contentWeights(memory, parameters.writeKeys, parameters.writeStrengths);
    const allocation = writeAllocationWeights(usage, tf.mul(allocationGate, writeGate));
    const byAllocation = tf.expandDims(allocationGate, 2); // [batch, writeHeads, 1]
    const mixed = tf.add(tf.mul(byAllocation, allocation), tf.mul(tf.sub(1, byAllocation), content));
    return {
      writeWeights: tf.mul(tf.expandDims(writeGate, 2), mixed) as tf.Tensor3D,
      contentWeights: content,
      allocationWeights: allocation,
    };
  });
}

/**
 * Writes to memory: all heads erase, then all heads add.
 *
 *     M' = M * product over k of (1 - w_k e_k^T) + sum over k of w_k v_k^T
 *
 * Source: Graves et al. 2016, Methods, "Writing"; several write heads as in the reference.
 *
 * @param memory - `[batch, slots, wordSize]`.
 * @param writeWeights - `[batch, writeHeads, slots]`.
 * @returns `[batch, slots, wordSize]`.
 */
export function writeMemory(
  memory: tf.Tensor3D,
  writeWeights: tf.Tensor3D,
  { eraseVectors, writeVectors }: InterfaceParameters,
): tf.Tensor3D {
  return tf.tidy(() => {
    const erased = tf.matMul(tf.expandDims(writeWeights, 3), tf.expandDims(eraseVectors, 2)); // [batch, writeHeads, slots, wordSize]
    const retained = tf.mul(memory, reduceProduct(tf.sub(1, erased), 1));
    return tf.add(retained, tf.matMul(writeWeights, writeVectors, true)) as tf.Tensor3D;
  });
}
