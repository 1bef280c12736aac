import * as tf from "@tensorflow/tfjs-core";

/**
 * Makes hand-written gradients throw if they are differentiated again: a second-order gradient would miss terms.
 *
 * While another gradient is being recorded, each tensor becomes a copy whose own gradient throws; otherwise the tensors are
 * returned unchanged.
 *
 * @param gradients - the gradients computed by hand.
 * @param from - every tensor that they depend on: the incoming gradients and the arguments, which may be disposed.
 * @returns the gradients in the same order; differentiating them throws an Error.
 */
export function firstOrder(gradients: readonly tf.Tensor[], from: readonly tf.Tensor[]): tf.Tensor[] {
  if (!tf.engine().isTapeOn()) return [...gradients];
  return gradients.map((gradient) => {
    const copy = tf.customGrad(() => ({
      value: tf.clone(gradient),
      gradFunc: () => {
        throw secondOrderError();
      },
    }));
    return copy(...from);
  });
}

/** Creates the error for a gradient of a gradient, which first-order gradients do not support. */
export function secondOrderError(): Error {
  return new Error("gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have");
}
