import * as tf from "@tensorflow/tfjs-core";

/**
 * Computes a value that is a constant to the gradient, such as a ranking.
 *
 * @param x - the tensor to compute from, any shape.
 * @param compute - the value; needs no gradient of its own.
 * @returns what `compute` returns; the gradient to `x` is zero.
 */
export function detached<Value extends tf.Tensor, X extends tf.Tensor>(x: X, compute: (x: X) => Value): Value {
  const constant = tf.customGrad((input) => ({
    value: compute(input as X),
    gradFunc: () => tf.zerosLike(input as X),
  }));
  return constant(x) as Value;
}
