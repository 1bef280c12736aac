/** Allocation weights and their derivatives: equations (F7) and (B29) of docs/guide/backward-pass.md. */
import * as tf from "@tensorflow/tfjs-core";
import type { Constants } from "./constants.js";
import type { Series } from "./series.js";

/** As in `allocationWeights` of @dnc/addressing. */
const EPSILON = 1e-6;
/**
 * Lower bound for the fullness of a slot before dividing by it: the distance between 1 and the next smaller float32.
 */
const MIN_FULLNESS = 2 ** -24;

/** Values of one step that the backward pass needs. */
export type AllocationStep = {
  /** `[batch, 1, slots]`. */
  readonly free: tf.Tensor;
  /** `[batch, slots, slots]`: 1 at [other, own] if the other slot is ranked before the own one. */
  readonly before: tf.Tensor;
  /** `[batch, 1, slots]`: the product of the fullness of all slots ranked before. */
  readonly fullBefore: tf.Tensor;
  /** `[batch, 1, slots]`. */
  readonly allocation: tf.Tensor;
};

/**
 * Computes the allocation weights, `[batch, 1, slots]`.
 *
 * Slots are ranked by the sign of a difference, which is exact in float32, and by index if the difference is 0.
 *
 * @param usage - `[batch, 1, slots]`.
 */
export function allocate(usage: tf.Tensor, { lead }: Constants): AllocationStep {
  const [batch, , slots] = usage.shape as [number, number, number];
  // In the reference's order of operations: see docs/decisions/0002.
  const free = tf.sub(1 - EPSILON, tf.mul(usage, 1 - EPSILON));
  const others = tf.reshape(free, [batch, slots, 1]);
  const before = tf.cast(tf.greater(tf.sub(others, free), lead), "float32");
  const fullBefore = tf.prod(tf.sub(1, tf.mul(before, others)), 1, true);
  return { free, before, fullBefore, allocation: tf.mul(free, fullBefore) };
}

/**
 * Computes the matrix that turns the gradient to the write weights into the gradient to usage, `[time, batch, slots, slots]` at
 * [usage, weight]:
 *
 *     E g_w g_a (before[j, i] a[i] / full[j] - 1[i = j] fullBefore[j])
 *
 * @param share - `[time, batch, 1, 1]`: g_w g_a.
 */
export function allocationFactor(
  { free, before, fullBefore, allocation }: Series<keyof AllocationStep>,
  share: tf.Tensor,
  { offDiagonal }: Constants,
): tf.Tensor {
  const [time, batch, , slots] = free.shape as [number, number, number, number];
  const emptiness = tf.reshape(tf.div(1, tf.maximum(tf.sub(1, free), MIN_FULLNESS)), [time, batch, slots, 1]);
  const scaled = tf.mul(share, 1 - EPSILON);
  const ofOthers = tf.mul(tf.matMul(emptiness, tf.mul(allocation, scaled)), before);
  const own = tf.matMul(tf.ones([1, 1, slots, 1]), tf.mul(fullBefore, scaled));
  return tf.sub(ofOthers, tf.mul(own, tf.sub(1, offDiagonal)));
}
