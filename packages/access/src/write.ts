import { contentWeights, reduceProduct, writeAllocationWeights } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { InterfaceParameters } from "./interface.js";

/** The interface parameters that the write weighting needs. */
export type WriteParameters = Pick<
  InterfaceParameters,
  "writeKeys" | "writeStrengths" | "allocationGate" | "writeGate" | "writeMasks"
>;

/** Options of `writeWeighting` and `readWeighting`. */
export interface MaskOptions {
  /** The smallest factor of a masked component, in [0, 1); default: 0. */
  maskMinimum?: number | undefined;
}

/** Options of `writeMemory`. */
export interface WriteOptions {
  /** `[batch, slots]`, each in [0, 1]: the fraction of each slot that is not freed; default: nothing is freed. */
  retention?: tf.Tensor2D | undefined;
}

/** The write weighting of each head, and the two weightings that it is mixed from; all `[batch, writeHeads, slots]`. */
export type WriteWeighting = {
  /** Where each head writes; rows sum to at most 1. */
  readonly writeWeights: tf.Tensor3D;
  /** Distributions: how well each slot matches the write key. */
  readonly contentWeights: tf.Tensor3D;
  /** Which slots are free; rows sum to at most 1. */
  readonly allocationWeights: tf.Tensor3D;
};

/**
 * Computes the write weighting of each head.
 *
 *     w_k = g_w (g_a a_k + (1 - g_a) c_k)
 *
 * Source: Graves et al. 2016, Methods, "Write weighting".
 *
 * @param parameters - interface parameters of this step.
 * @param memory - `[batch, slots, wordSize]`, before the write.
 * @param usage - `[batch, slots]`, of this step.
 * @param options - `maskMinimum`: the smallest factor of a masked component, in [0, 1); default: 0.
 * @returns the write weighting and its parts.
 * @throws RangeError if a shape does not fit the others; TypeError if an argument is not a tensor.
 */
export function writeWeighting(
  parameters: WriteParameters,
  memory: tf.Tensor3D,
  usage: tf.Tensor2D,
  options: MaskOptions = {},
): WriteWeighting {
  return tf.tidy(() => {
    const { allocationGate, writeGate, writeMasks } = parameters;
    const masks = writeMasks && { masks: writeMasks, maskMinimum: options.maskMinimum };
    const content = contentWeights(memory, parameters.writeKeys, parameters.writeStrengths, masks);
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
 * With `retention` psi, M is first multiplied by it slot by slot: a slot that is freed is erased.
 *
 * Source: Graves et al. 2016, Methods, "Writing"; several write heads as in the reference. Retention: Csordas and
 * Schmidhuber 2019, section 3.2.
 *
 * @param memory - `[batch, slots, wordSize]`.
 * @param writeWeights - `[batch, writeHeads, slots]`.
 * @param parameters - `eraseVectors` and `writeVectors`, both `[batch, writeHeads, wordSize]`.
 * @param options - `retention`: `[batch, slots]`; default: nothing is freed.
 * @returns `[batch, slots, wordSize]`.
 */
export function writeMemory(
  memory: tf.Tensor3D,
  writeWeights: tf.Tensor3D,
  { eraseVectors, writeVectors }: Pick<InterfaceParameters, "eraseVectors" | "writeVectors">,
  { retention }: WriteOptions = {},
): tf.Tensor3D {
  return tf.tidy(() => {
    const before = retention === undefined ? memory : tf.mul(memory, tf.expandDims(retention, 2));
    const erased = tf.matMul(tf.expandDims(writeWeights, 3), tf.expandDims(eraseVectors, 2)); // [batch, writeHeads, slots, wordSize]
    const retained = tf.mul(before, reduceProduct(tf.sub(1, erased), 1));
    return tf.add(retained, tf.matMul(writeWeights, writeVectors, true)) as tf.Tensor3D;
  });
}
