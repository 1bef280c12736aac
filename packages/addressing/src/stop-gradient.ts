import * as tf from "@tensorflow/tfjs-core";

/**
 * Computes a value that is a constant to the gradient, such as a ranking: no gradient flows back through it.
 *
 * @param x - the tensor to compute from, any shape.
 * @param compute - the value; needs no gradient.
 * @returns what `compute` returns; the gradient to `x` is zero.
 */
export function stopGradient<Value extends tf.Tensor, X extends tf.Tensor>(x: X, compute: (x: X) => Value): Value {
  const { shape } = x; // x itself may be gone when the gradient is computed, and need not be float32
  const constant = tf.customGrad((input) => ({
    value: compute(input as X),
    gradFunc: () => tf.zeros(shape),
  }));
  return constant(x) as Value;
}
