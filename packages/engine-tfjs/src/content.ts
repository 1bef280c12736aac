/** Content weighting and its derivatives: equations (F9) and (B8) - (B12) of docs/guide/backward-pass.md. */
import * as tf from "@tensorflow/tfjs-core";
import type { Constants } from "./constants.js";
import type { Series } from "./series.js";
import type { SequenceSizes } from "./sizes.js";

/** Keeps norms and their products above zero, as in `contentWeights` of @dnc/addressing. */
const EPSILON = 1e-6;

/** Keys and quantities that depend only on them, `[batch, heads, ...]`: first the write head, then the read heads. */
export type ScaledKeys = {
  /** beta k / |k|, of the write head and of the read heads. */
  readonly scaled: readonly [write: tf.Tensor, read: tf.Tensor];
  /** epsilon / |k|. */
  readonly offsets: readonly [write: tf.Tensor, read: tf.Tensor];
  readonly saved: {
    /** 1 / |k|. */
    readonly inverseNorms: tf.Tensor;
    /** beta / |k|. */
    readonly scales: tf.Tensor;
  };
};

/**
 * Computes the quantities that depend only on the keys.
 *
 * @param strengths - `[batch, heads, 1]`, raw.
 */
export function scaleKeys(keys: tf.Tensor, strengths: tf.Tensor, { readHeads }: SequenceSizes): ScaledKeys {
  const inverseNorms = tf.rsqrt(tf.add(tf.sum(tf.square(keys), 2, true), EPSILON));
  const scales = tf.mul(tf.softplus(strengths), inverseNorms);
  return {
    scaled: splitHeads(tf.mul(keys, scales), readHeads, 1),
    offsets: splitHeads(tf.mul(inverseNorms, EPSILON), readHeads, 1),
    saved: { inverseNorms, scales },
  };
}

/** Computes the norm of each word, `[batch, 1, slots]`. */
export function wordNorms(memory: tf.Tensor, { onesOfWord }: Constants): tf.Tensor {
  return tf.sqrt(tf.add(tf.matMul(onesOfWord, tf.square(memory), false, true), EPSILON));
}

/**
 * Computes the content weighting. Keys and offsets are already divided by |k|:
 *
 *     c = softmax over slots of  (beta k / |k|) . m / (|m| + epsilon / |k|)
 */
export function contentWeighting(keys: tf.Tensor, offsets: tf.Tensor, memory: tf.Tensor, norms: tf.Tensor) {
  const divisors = tf.add(norms, offsets); // [batch, heads, slots]
  return { divisors, weights: tf.softmax(tf.div(tf.matMul(keys, memory, false, true), divisors)) };
}

/** Splits a tensor of all heads into the part of the write head and that of the read heads. */
export function splitHeads(heads: tf.Tensor, readHeads: number, axis: number): [write: tf.Tensor, read: tf.Tensor] {
  return tf.split(heads, [1, readHeads], axis) as [tf.Tensor, tf.Tensor];
}

/** Arguments of `contentDerivatives`, all `[time, batch, ...]`. */
export type ContentSeries = Series<
  "keys" | "strengths" | "inverseNorms" | "scales" | "divisors" | "weights" | "memory" | "norms"
>;

/**
 * Computes derivatives of the content weighting, `[time, batch, heads, slots]`. With dt the gradient to the softmax's argument:
 *
 *     dk = sum over n of dt[n] (toDot[n] m_n + toKey[n] k),   dm_n = dt[n] (toDot[n] k + toWord[n] m_n)
 *     ds = sum over n of dt[n] toStrength[n]
 */
export function contentDerivatives(series: ContentSeries): Series<"toDot" | "toKey" | "toWord" | "toStrength"> {
  const { keys, strengths, inverseNorms, scales, divisors, memory, norms } = series;
  const similarity = tf.div(tf.matMul(tf.mul(keys, inverseNorms), memory, false, true), divisors);
  const toDot = tf.div(scales, divisors);
  const lost = tf.neg(tf.mul(toDot, similarity));
  const ratio = tf.mul(norms, inverseNorms); // |m| / |k|
  return {
    toDot,
    toKey: tf.mul(lost, ratio),
    toWord: tf.div(lost, ratio),
    toStrength: tf.mul(tf.sigmoid(strengths), similarity),
  };
}
