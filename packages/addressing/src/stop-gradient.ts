import * as tf from "@tensorflow/tfjs-core";

/**
 * Computes a value through which no gradient flows, such as a ranking.
 *
 * @param x - the argument of `compute`, any shape.
 * @param compute - computes the value; its ops need no gradients.
 * @returns what `compute` returns; the gradient to `x` is zero.
 */
export function stopGradient<Value extends tf.Tensor, X extends tf.Tensor>(x: X, compute: (x: X) => Value): Value {
  const { shape } = x; // x itself may be disposed before the gradient is computed, and need not be float32
  const constant = tf.customGrad((input) => ({
    value: compute(input as X),
    gradFunc: () => tf.zeros(shape),
  }));
  return constant(x) as Value;
}
