import * as tf from "@tensorflow/tfjs-core";
import { firstOrder } from "./first-order.js";
import { withoutLeakCheck } from "./without-leak-check.js";

/** A value, the tensors that its gradient needs, and a function that computes the gradients. */
interface Differentiable<Value extends tf.Tensor> {
  value: Value;
  saved: tf.Tensor[];
  /**
   * Computes one gradient per argument. Of the forward pass only the tensors in `saved` still exist; they come in the same
   * order.
   */
  gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * Makes a function with a hand-written gradient, for ops whose automatic gradient needs more or slower kernels.
 *
 * Only first-order gradients are supported: the tensors that a hand-written gradient uses are constants to TensorFlow.js, so a
 * gradient of the gradient would miss terms. It throws instead.
 *
 * @param forward - computes the value from the arguments; runs in a tidy.
 * @returns the function; its gradient has one tensor per argument, of that argument's shape.
 */
export function withGradient<Arguments extends tf.Tensor[], Value extends tf.Tensor>(
  forward: (...tensors: Arguments) => Differentiable<Value>,
): (...tensors: Arguments) => Value {
  return (...tensors) => {
    const call = tf.customGrad((...inputs) => {
      const save = inputs.pop() as tf.GradSaveFunc;
      const { value, saved, gradient } = forward(...(inputs as Arguments));
      save(saved);
      const gradFunc = (dy: tf.Tensor, savedTensors: tf.Tensor[]) =>
        tf.tidy(() => firstOrder(gradient(dy, savedTensors), [dy, ...(inputs as Arguments)]));
      return { value, gradFunc };
    });
    return withoutLeakCheck(() => call(...tensors)) as Value;
  };
}
