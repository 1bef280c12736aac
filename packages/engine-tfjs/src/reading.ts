/**
 * The read heads and their gradients: equations (F13), (F15), (F16), (B4) - (B7), (B15) and (B16) of
 * docs/guide/backward-pass.md.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Constants } from "./constants.js";
import { square } from "./constants.js";
import { type ContentSeries, contentDerivatives } from "./content.js";
import type { Series } from "./series.js";

/** Number of read modes: backward, forward, content. */
const MODES = 3;

/**
 * Computes the read weighting, `[batch, readHeads, slots]`, and the weighting of each mode,
 * `[batch, readHeads, modes, slots]`.
 *
 * @param readWeights - read weights of the step before.
 * @param content - `[batch, readHeads, slots]`.
 * @param readMode - `[batch, readHeads, 1, modes]`.
 */
export function readWeighting(link: tf.Tensor, readWeights: tf.Tensor, content: tf.Tensor, readMode: tf.Tensor) {
  const [batch, heads, slots] = readWeights.shape as [number, number, number];
  const backward = tf.matMul(readWeights, link);
  const forward = tf.matMul(readWeights, link, false, true);
  const choices = tf.reshape(tf.concat([backward, forward, content], 2), [batch, heads, MODES, slots]);
  return { readWeights: tf.reshape(tf.matMul(readMode, choices), [batch, heads, slots]), choices };
}

/** Arguments of `readFactors`, `[time, batch, ...]`. */
export type ReadSeries = ContentSeries & Series<"readMode" | "choices">;

/**
 * Computes the factors of the gradients, for all steps at once. The heads are linear in the gradient d to their weights, so
 *
 *     toScalars: rows whose products with d are the gradients to modes and strength, the coefficient of the key in its gradient, and the
 *                average of d under the content weights, [readHeads, modes + 3, slots]
 *     share:     dt = share (d - average) is the gradient to the argument of the content weights' softmax
 *     toDot, toWord: as in `contentDerivatives`;   backward, forward: the modes
 */
export function readFactors(
  series: ReadSeries,
): Series<"toScalars" | "share" | "toDot" | "toWord" | "backward" | "forward" | "keys"> {
  const { weights: content, readMode, choices, keys } = series;
  const [time, batch, heads, slots] = content.shape as [number, number, number, number];
  const { toDot, toKey, toWord, toStrength } = contentDerivatives(series);
  const modes = tf.reshape(readMode, [time, batch, heads, MODES]);
  const [backward, forward, byContent] = tf.split(modes, MODES, 3);
  const share = tf.mul(content, byContent);
  // The derivative of the softmax over slots: the difference from the average over slots.
  const centred = (slope: tf.Tensor) => tf.mul(share, tf.sub(slope, tf.sum(tf.mul(content, slope), 3, true)));
  // The derivative of the softmax over modes.
  const own = square(MODES, (mode, other) => (mode === other ? 1 : 0));
  const ofModes = tf.matMul(tf.sub(tf.mul(readMode, own), tf.matMul(readMode, readMode, true)), choices);
  const rows = [tf.reshape(ofModes, [time, batch, heads, MODES * slots]), centred(toStrength), centred(toKey), content];
  const toScalars = tf.reshape(tf.concat(rows, 3), [time, batch, heads, MODES + 3, slots]);
  return { toScalars, share, toDot, toWord, backward, forward, keys };
}

/**
 * Runs the backward pass of one step.
 *
 * @param dWords - `[batch, readHeads, wordSize]`, gradient to the words read.
 * @param d - `[batch, readHeads, slots]`, terms of the gradient to the read weights, from the step after.
 * @param memory - memory after the write.
 * @returns gradients to the interface parameters; terms of the gradients to memory, link and previous read weights.
 */
export function readBackward(
  dWords: tf.Tensor,
  d: readonly tf.Tensor[],
  step: Series<"memory" | "link" | "readWeights" | "previousReadWeights">,
  factors: ReturnType<typeof readFactors>,
  { onesOfReads }: Constants,
) {
  const { memory, link, readWeights, previousReadWeights } = step;
  const { keys } = factors;
  const [batch, heads, slots] = readWeights.shape as [number, number, number];
  const total = tf.addN([...d, tf.matMul(dWords, memory, false, true)]);
  const scalars = tf.matMul(tf.reshape(total, [batch, heads, 1, slots]), factors.toScalars, false, true);
  const [dScalars, ofKey, average] = tf.split(tf.reshape(scalars, [batch, heads, MODES + 3]), [MODES + 1, 1, 1], 2);
  const dArgument = tf.mul(factors.share, tf.sub(total, average));
  const dDot = tf.mul(dArgument, factors.toDot);
  const ofWords = tf.matMul(tf.mul(dArgument, factors.toWord), onesOfReads, true); // [batch, slots, 1]
  const [dBackward, dForward] = [tf.mul(total, factors.backward), tf.mul(total, factors.forward)];
  return {
    dScalars,
    dKeys: tf.add(tf.matMul(dDot, memory), tf.mul(ofKey, keys)),
    dMemory: [tf.matMul(readWeights, dWords, true), tf.matMul(dDot, keys, true), tf.mul(ofWords, memory)],
    dLink: [tf.matMul(dForward, previousReadWeights, true), tf.matMul(previousReadWeights, dBackward, true)],
    dPreviousReadWeights: () => [tf.matMul(dForward, link), tf.matMul(dBackward, link, false, true)],
  };
}
