import { checkPositive } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";

/** Result of {@link clipByGlobalNorm}. */
export type ClippedGradients = {
  /** The clipped gradients, in their order and shapes. */
  readonly clipped: tf.Tensor[];
  /** Global norm of the gradients before clipping, at least 0. */
  readonly globalNorm: tf.Scalar;
};

/**
 * Scales all gradients by one factor so that their global norm is at most `maxNorm`.
 *
 *     const { clipped, globalNorm } = clipByGlobalNorm(gradients, 50);
 *     optimizer.apply(clipped);
 *
 *     n = sqrt(sum of all squares),  g <- g * c * min(1/n, 1/c)
 *
 * Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks"; the form is TensorFlow's.
 *
 * @param gradients - Tensors of any shapes; they still belong to the caller.
 * @param maxNorm - c, above 0.
 * @returns New tensors in the same order, and the scalar n.
 * @throws RangeError if there is no gradient or `maxNorm` is not finite and above 0; TypeError if it is not a number.
 */
export function clipByGlobalNorm(gradients: readonly tf.Tensor[], maxNorm: number): ClippedGradients {
  if (gradients.length === 0) throw new RangeError("gradients: expected at least one tensor, got none");
  checkPositive("maxNorm", maxNorm);
  return tf.tidy(() => {
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)) as tf.Scalar);
    // WebGPU can bind only a few tensors to one `addN`.
    const globalNorm = tf.sqrt(squares.length === 1 ? squares[0] : tf.sum(tf.stack(squares))) as tf.Scalar;
    const scale = tf.mul(tf.minimum(tf.div(1, globalNorm), 1 / maxNorm), maxNorm);
    return { clipped: gradients.map((gradient) => tf.mul(gradient, scale)), globalNorm };
  });
}
