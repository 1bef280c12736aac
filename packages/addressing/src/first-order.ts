import * as tf from "@tensorflow/tfjs-core";

/**
 * Makes gradients that were written out by hand say so where someone asks for their own gradient, which would miss terms.
 *
 * Within another gradient each becomes a copy that throws when that one reaches it; otherwise they stay as they are.
 *
 * @param gradients - what was computed by hand.
 * @param from - all that they depend on: the gradients to the results and the arguments, which may be disposed.
 * @returns the gradients, in their order; asking for their gradient throws an Error.
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

/** The error for a gradient of a gradient, where gradients are of first order alone. */
export function secondOrderError(): Error {
  return new Error("gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have");
}
