import * as tf from "@tensorflow/tfjs-core";
import { assertShape } from "./shape.js";

/**
 * Picks values by index within each batch element, with a gradient on every backend.
 *
 *     gathered[b, i] = values[b, indices[b, i]]
 *
 * The gradient adds up where an index occurs more than once.
 *
 * @param values - `[batch, length]`, finite.
 * @param indices - `[batch, count]` int32, each in [0, length).
 * @returns `[batch, count]`.
 * @throws RangeError if a shape does not fit the other.
 */
export function batchGather(values: tf.Tensor2D, indices: tf.Tensor2D): tf.Tensor2D {
  assertShape("values", values, ["batch", "length"]);
  assertShape("indices", indices, [values.shape[0], "count"]);
  return tf.tidy(() => {
    const chosen = tf.oneHot(indices, values.shape[1], 1, 0, "float32"); // [batch, count, length]
    return tf.squeeze(tf.matMul(chosen, tf.expandDims(values, 2)), [2]) as tf.Tensor2D;
  });
}

/**
 * The inverse of each permutation: `inverse[b, permutations[b, i]] = i`.
 *
 * @param permutations - `[batch, length]` int32, each row a permutation of 0 to length - 1.
 * @returns `[batch, length]` int32.
 * @throws RangeError if `permutations` is not rank 2.
 */
export function invertPermutation(permutations: tf.Tensor2D): tf.Tensor2D {
  assertShape("permutations", permutations, ["batch", "length"]);
  return tf.tidy(() => {
    const [batch, length] = permutations.shape;
    const places = tf.oneHot(permutations, length, 1, 0, "float32"); // [batch, length, length]
    const index = tf.tile(tf.reshape(tf.range(0, length), [1, 1, length]), [batch, 1, 1]); // [batch, 1, length]
    return tf.cast(tf.squeeze(tf.matMul(index, places), [1]), "int32") as tf.Tensor2D;
  });
}
