/** Usage and its gradients: equations (F5), (F6), (B30) and (B31) of docs/guide/backward-pass.md. */
import * as tf from "@tensorflow/tfjs-core";
import { square } from "./constants.js";
import type { Series } from "./series.js";

/** Values of one step that the backward pass needs. */
export type UsageStep = {
  /** `[batch, 1, slots]`: 1 - w of the step before. */
  readonly unwritten: tf.Tensor;
  /** `[batch, 1, slots]`: usage after the write of the step before. */
  readonly filled: tf.Tensor;
  /** `[batch, readHeads, slots]`: the fraction that each head does not free. */
  readonly retained: tf.Tensor;
  /** `[batch, 1, slots]`: the fraction that no head frees. */
  readonly retention: tf.Tensor;
};

/** Updates the usage in the order of operations of `updateUsage` of @dnc/addressing, because rounding decides ties. */
export function updateUsage(
  usage: tf.Tensor,
  unwritten: tf.Tensor,
  freeGate: tf.Tensor,
  readWeights: tf.Tensor,
): { usage: tf.Tensor; saved: UsageStep } {
  const filled = tf.add(usage, tf.mul(tf.sub(1, usage), tf.sub(1, unwritten)));
  const retained = tf.sub(1, tf.mul(freeGate, readWeights));
  const retention = tf.prod(retained, 1, true);
  return { usage: tf.mul(filled, retention), saved: { unwritten, filled, retained, retention } };
}

/**
 * Computes the factors of the gradient to usage, for all steps at once:
 *
 *     toRead[r] = -g_r filled product over s != r of (1 - g_s r_s),   toFree[r] = toRead[r] r_r (1 - g_r)
 *     toUsage = retention (1 - w')
 *
 * The product of the other heads is computed without division, so factors may be zero.
 *
 * @param freeGate - `[time, batch, readHeads, 1]`.
 */
export function usageFactors(
  { unwritten, filled, retained, retention }: Series<keyof UsageStep>,
  freeGate: tf.Tensor,
  readWeights: tf.Tensor,
): Series<"toRead" | "toFree" | "toUsage"> {
  const [time, batch, heads, slots] = retained.shape as [number, number, number, number];
  const freed = tf.concat(new Array<tf.Tensor>(heads).fill(tf.sub(1, retained)), 2);
  const apart = square(heads, (head, other) => (head === other ? 0 : 1));
  const ofOthers = tf.mul(tf.reshape(freed, [time, batch, heads, heads, slots]), wide(apart, slots));
  const others = tf.prod(tf.sub(1, ofOthers), 3); // [time, batch, readHeads, slots]
  const toRead = tf.mul(tf.mul(others, tf.neg(filled)), freeGate);
  return {
    toRead,
    toFree: tf.mul(tf.mul(toRead, readWeights), tf.sub(1, freeGate)),
    toUsage: tf.mul(retention, unwritten),
  };
}

/** Repeats each entry of a matrix along a new last axis. */
function wide(matrix: tf.Tensor2D, length: number): tf.Tensor {
  return tf.matMul(tf.reshape(matrix, [...matrix.shape, 1]), tf.ones([1, 1, length]));
}
