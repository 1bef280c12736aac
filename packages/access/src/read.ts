import { backwardReadWeights, contentWeights, forwardReadWeights, sharpenWeights } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { InterfaceParameters } from "./interface.js";
import type { MaskOptions } from "./write.js";

/** The interface parameters that reading needs. */
export type ReadParameters = Pick<
  InterfaceParameters,
  "readKeys" | "readStrengths" | "readMode" | "readMasks" | "forwardSharpness" | "backwardSharpness"
>;

/** The read weighting of each head, and the weightings that it is mixed from. */
export type ReadWeighting = {
  /** `[batch, readHeads, slots]`. */
  readonly readWeights: tf.Tensor3D;
  /** `[batch, readHeads, slots]`. */
  readonly contentWeights: tf.Tensor3D;
  /** `[batch, readHeads, writeHeads, slots]`, sharpened if the parameters say so; absent without links. */
  readonly forwardWeights?: tf.Tensor4D | undefined;
  /** `[batch, readHeads, writeHeads, slots]`, sharpened if the parameters say so; absent without links. */
  readonly backwardWeights?: tf.Tensor4D | undefined;
};

/**
 * Computes the read weighting of each head: a mixture, by read mode, of content weights and the backward and forward
 * weights of every write head.
 *
 *     r = sum over k of (mode_b,k b_k + mode_f,k f_k) + mode_c c
 *
 * Source: Graves et al. 2016, Methods, "Read weighting".
 *
 * Without read modes, which a memory without links has none of, r = c. With sharpness, b and f are sharpened first.
 *
 * @param parameters - interface parameters of this step.
 * @param memory - `[batch, slots, wordSize]`, after the write.
 * @param link - `[batch, writeHeads, slots, slots]`, after the write; not read without read modes.
 * @param readWeights - `[batch, readHeads, slots]`, of the step before; not read without read modes.
 * @param options - `maskMinimum`: the smallest factor of a masked component, in [0, 1); default: 0.
 * @returns the read weighting and its parts.
 * @throws RangeError if a shape does not fit the others; TypeError if an argument is not a tensor.
 */
export function readWeighting(
  parameters: ReadParameters,
  memory: tf.Tensor3D,
  link: tf.Tensor4D,
  readWeights: tf.Tensor3D,
  options: MaskOptions = {},
): ReadWeighting {
  return tf.tidy(() => {
    const { readMode, readMasks, forwardSharpness, backwardSharpness } = parameters;
    const masks = readMasks && { masks: readMasks, maskMinimum: options.maskMinimum };
    const content = contentWeights(memory, parameters.readKeys, parameters.readStrengths, masks);
    if (readMode === undefined) return { readWeights: tf.clone(content), contentWeights: content };
    const followed = [forwardReadWeights(link, readWeights), backwardReadWeights(link, readWeights)];
    const [forward, backward] = [forwardSharpness, backwardSharpness].map((sharpness, direction) =>
      sharpness === undefined ? followed[direction] : sharpenWeights(followed[direction], sharpness),
    );
    const heads = link.shape[1];
    const modes = tf.split(tf.expandDims(readMode, 2), [heads, heads, 1], 3); // [batch, readHeads, 1, ...]
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
