import * as tf from "@tensorflow/tfjs-core";
import { assertBoolean, assertKeys, assertObject, assertShape, toFloat32 } from "./checks.js";
import type { Batch } from "./task.js";

/** Keeps the time average of an element without a single counted step finite: the float32 machine epsilon. */
const MIN_COUNT = 2 ** -23;

/** How the cost is averaged and in which unit it is. */
export type CostOptions = {
  /** Mean over an element's counted steps instead of their sum; false by default. */
  readonly timeAverage?: boolean | undefined;
  /** Bits instead of nats; false by default. */
  readonly logProbInBits?: boolean | undefined;
};

/**
 * Cross-entropy between a target of bits and the sigmoid of the logits, over the steps that count.
 *
 *     c[t,b] = sum over bits of  max(x,0) - x z + log(1 + exp(-|x|))
 *     cost   = mean over b of  sum over t of  mask[t,b] c[t,b]
 *
 * with logit x and target z. `timeAverage` divides each element's sum by (its mask's sum + 2^-23) before the mean;
 * `logProbInBits` divides the cost by log 2. The mean is over the whole batch, elements without a counted step included.
 *
 * Source: the repeat-copy task of DeepMind's dnc package (same options, same defaults).
 * Gradients reach logits, target and mask, and are exact at 0 and for logits of any finite size. With `timeAverage`,
 * the gradient to the mask of an element without a counted step is as large as 2^23 times the step's cost.
 *
 * @param logits - `[time, batch, size]`, any finite number.
 * @param target - `[time, batch, size]`, in [0, 1].
 * @param mask - `[time, batch]`, 1 where the step counts and 0 elsewhere.
 * @param options - `timeAverage` and `logProbInBits`, both false by default.
 * @returns A scalar, non-negative.
 * @throws RangeError if a shape is wrong; TypeError if something is no tensor, an option is unknown or no boolean.
 */
export function maskedSigmoidCrossEntropy(
  logits: tf.Tensor3D,
  target: tf.Tensor3D,
  mask: tf.Tensor2D,
  options: CostOptions = {},
): tf.Scalar {
  assertCostOptions(options);
  assertShape("target", target, ["time", "batch", "size"]);
  assertShape("logits", logits, target.shape);
  assertShape("mask", mask, target.shape.slice(0, 2));
  const { timeAverage = false, logProbInBits = false } = options;
  return tf.tidy(() => {
    const stepCost = tf.sum(bitCost(toFloat32(logits), toFloat32(target)), 2); // [time, batch]
    let elementCost = tf.sum(tf.mul(stepCost, mask), 0); // [batch]
    if (timeAverage) elementCost = tf.div(elementCost, tf.add(tf.sum(mask, 0), MIN_COUNT));
    const cost = tf.mean<tf.Scalar>(elementCost);
    return logProbInBits ? tf.div<tf.Scalar>(cost, Math.LN2) : cost;
  });
}

/**
 * The cost of a task, which knows how wide an answer is; see `Task.cost`.
 *
 * @param logits - `[time, batch, targetSize]`.
 * @param batch - The batch they answer; only its target and mask are read.
 * @param targetSize - The task's.
 * @param options - See `CostOptions`.
 */
export function taskCost(logits: tf.Tensor3D, batch: Batch, targetSize: number, options: CostOptions): tf.Scalar {
  assertObject("batch", batch);
  assertShape("target", batch.target, ["time", "batch", targetSize]);
  return maskedSigmoidCrossEntropy(logits, batch.target, batch.mask, options);
}

/** Throws a TypeError unless these are cost options. */
export function assertCostOptions(options: CostOptions): void {
  assertKeys("option", options, ["timeAverage", "logProbInBits"]);
  const { timeAverage = false, logProbInBits = false } = options;
  assertBoolean("timeAverage", timeAverage);
  assertBoolean("logProbInBits", logProbInBits);
}

/**
 * `max(x,0) - x z + log(1 + exp(-|x|))`, element by element.
 *
 * The gradient is given, not derived: `abs` and `relu` have none at 0, and `sigmoid(x) - z` would cancel where the
 * answer is almost right.
 */
function bitCost(logits: tf.Tensor3D, target: tf.Tensor3D): tf.Tensor3D {
  const differentiable = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, z, save] = args as [tf.Tensor3D, tf.Tensor3D, tf.GradSaveFunc];
    save([x, z]);
    const value = tf.add<tf.Tensor3D>(tf.sub(tf.relu(x), tf.mul(x, z)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    return { value, gradFunc: bitCostGradients };
  });
  return differentiable(logits, target) as tf.Tensor3D;
}

function bitCostGradients(dy: tf.Tensor, [x, z]: tf.Tensor[]): tf.Tensor[] {
  const whereZero = tf.mul(tf.sigmoid(x as tf.Tensor), tf.sub(1, z as tf.Tensor));
  const whereOne = tf.mul(tf.sigmoid(tf.neg(x as tf.Tensor)), z as tf.Tensor);
  return [tf.mul(dy, tf.sub(whereZero, whereOne)), tf.mul(dy, tf.neg(x as tf.Tensor))];
}
