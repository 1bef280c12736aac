/**
 * The output layer and its gradients, for all steps at once: equations (F17), (B2), (B3) and (B41) of
 * docs/guide/backward-pass.md.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { SequenceSizes } from "./sizes.js";

/** Values that the backward pass needs. */
export type OutputResiduals = {
  /** `[time batch, hiddenSize + readHeads wordSize]`. */
  readonly features: tf.Tensor2D;
  /** `[time batch, outputSize]`, the logits before clipping. */
  readonly raw: tf.Tensor2D;
};

/**
 * Computes the logits.
 *
 * @param features - `[time batch, hiddenSize + readHeads wordSize]`: hidden units, words read.
 */
export function outputLayer(
  features: tf.Tensor2D,
  weights: tf.Tensor,
  biases: tf.Tensor,
  { time, batch, outputSize, clipValue }: SequenceSizes,
): { logits: tf.Tensor3D; saved: OutputResiduals } {
  const raw = tf.add(tf.matMul(features, weights), biases) as tf.Tensor2D;
  const clipped = clipValue > 0 ? tf.clipByValue(raw, -clipValue, clipValue) : raw;
  return { logits: tf.reshape(clipped, [time, batch, outputSize]), saved: { features, raw } };
}

/**
 * Runs the backward pass, for all steps at once.
 *
 * @param d - `[time, batch, outputSize]`, gradient to the logits.
 * @returns gradients to the variables, and to the features of each step, `[batch, readHeads wordSize + hiddenSize]`, in
 *   the controller's order: words read, hidden units.
 */
export function outputBackward(
  d: tf.Tensor,
  { features, raw }: OutputResiduals,
  weights: tf.Tensor,
  { time, batch, hiddenSize, readHeads, wordSize, clipValue }: SequenceSizes,
): { dFeatures: tf.Tensor[]; dWeights: tf.Tensor; dBiases: tf.Tensor } {
  const flat = tf.reshape(d, raw.shape);
  const inside = () => tf.cast(tf.lessEqual(tf.abs(raw), clipValue), "float32");
  const dRaw = clipValue > 0 ? tf.mul(flat, inside()) : flat;
  const words = readHeads * wordSize;
  const [ofHidden, ofWords] = tf.split(weights, [hiddenSize, words], 0);
  const dFeatures = tf.matMul(dRaw, tf.concat([ofWords, ofHidden], 0), false, true);
  return {
    dFeatures: tf.unstack(tf.reshape(dFeatures, [time, batch, words + hiddenSize])),
    dWeights: tf.matMul(features, dRaw, true),
    dBiases: tf.sum(dRaw, 0),
  };
}
