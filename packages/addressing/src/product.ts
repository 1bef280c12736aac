import * as tf from "@tensorflow/tfjs-core";
import { formatValue } from "./checks.js";
import { toFloat32 } from "./float32.js";
import { assertTensor } from "./shape.js";

/**
 * Computes the product over one axis. Meant for short axes, such as the heads of a memory.
 *
 * The gradient to each factor is the product of all other factors, and is exact where factors are zero.
 *
 * @param x - any shape of rank 1 or more.
 * @param axis - the axis to multiply over, 0 to rank - 1.
 * @returns `x`'s shape without `axis`.
 * @throws RangeError if `x` has no such axis or its length is 0; TypeError if `x` is not a tensor or `axis` is not a
 *   number.
 */
export function reduceProduct(x: tf.Tensor, axis: number): tf.Tensor {
  assertTensor("x", x);
  if (x.rank === 0) throw new RangeError("x: expected rank 1 or more, got rank 0");
  const axisMessage = `axis: expected an integer in [0, ${x.rank - 1}], got ${formatValue(axis)}`;
  if (typeof axis !== "number") throw new TypeError(axisMessage);
  if (!Number.isInteger(axis) || axis < 0 || axis >= x.rank) throw new RangeError(axisMessage);
  if (x.shape[axis] === 0) throw new RangeError(`x: expected at least one factor along axis ${axis}, got 0`);
  // A single factor: `tf.unstack` into one part has no gradient.
  if (x.shape[axis] === 1) return tf.tidy(() => tf.squeeze(toFloat32(x), [axis]));
  return tf.tidy(() => tf.unstack(toFloat32(x), axis).reduce((product, factor) => tf.mul(product, factor)));
}
