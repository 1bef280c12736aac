import * as tf from "@tensorflow/tfjs-core";
import { firstOrder } from "./first-order.js";
import { withoutLeakCheck } from "./without-leak-check.js";

/** A value, the tensors that its gradient needs, and the gradient to each argument. */
interface Differentiable<Value extends tf.Tensor> {
  value: Value;
  saved: tf.Tensor[];
  /** @param saved - the tensors of `saved`, in that order; others of the forward pass are gone by then. */
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * A function whose gradient is written out by hand, where that needs fewer or better kernels.
 *
 * The gradient is one of first order: what it is computed from are constants to TensorFlow.js, so that a gradient of the
 * gradient would miss terms. It throws.
 *
 * @param forward - computes the value from tensors; runs in a tidy.
 * @returns the function; its gradient has one tensor an argument, of that argument's shape.
 */
export function withGradient<Arguments extends tf.Tensor[], Value extends tf.Tensor>(
  forward: (...tensors: Arguments) => Differentiable<Value>,
): (...tensors: Arguments) => Value {
  return (...tensors) => {
    const call = tf.customGrad((...inputs) => {
      const save = inputs.pop() as tf.GradSaveFunc;
      const { value, saved, gradient } = forward(...(inputs as Arguments));
      save(saved);
      const gradFunc = (dy: tf.Tensor, kept: tf.Tensor[]) =>
        tf.tidy(() => firstOrder(gradient(dy, kept), [dy, ...(inputs as Arguments)]));
      return { value, gradFunc };
    });
    return withoutLeakCheck(() => call(...tensors)) as Value;
  };
}
