import * as tf from "@tensorflow/tfjs-core";
import { toFloat32 } from "./float32.js";
import { assertShape } from "./shape.js";
import { stopGradient } from "./stop-gradient.js";

/**
 * Picks values by index within each batch element, with a gradient on every backend.
 *
 *     gathered[b, i] = values[b, indices[b, i]]
 *
 * Where an index occurs more than once, its gradients are summed. An index out of range gathers 0.
 *
 * @param values - `[batch, length]`, finite.
 * @param indices - `[batch, count]` int32, each in [0, length).
 * @returns `[batch, count]`.
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor or `indices` is not int32.
 */
export function batchGather(values: tf.Tensor2D, indices: tf.Tensor2D): tf.Tensor2D {
  assertShape("values", values, ["batch", "length"]);
  assertShape("indices", indices, [values.shape[0], "count"]);
  checkInt32("indices", indices);
  return tf.tidy(() => {
    const selection = stopGradient(indices, (index) => oneHot(index, values.shape[1])); // [batch, count, length]
    return tf.sum(tf.mul(selection, tf.expandDims(toFloat32(values), 1)), 2) as tf.Tensor2D;
  });
}

/**
 * Inverts each permutation: `inverse[b, permutations[b, i]] = i`.
 *
 * @param permutations - `[batch, length]` int32, each row a permutation of 0 to length - 1.
 * @returns `[batch, length]` int32.
 * @throws RangeError if `permutations` is not rank 2; TypeError if it is not an int32 tensor.
 */
export function invertPermutation(permutations: tf.Tensor2D): tf.Tensor2D {
  assertShape("permutations", permutations, ["batch", "length"]);
  checkInt32("permutations", permutations);
  const [, length] = permutations.shape;
  return tf.tidy(() => stopGradient(permutations, (p) => tf.argMax(oneHot(p, length), 1) as tf.Tensor2D));
}

/** `[batch, count, length]`: 1 where the last axis equals the index, else 0. Unlike `tf.oneHot`, supports length 1. */
function oneHot(indices: tf.Tensor2D, length: number): tf.Tensor3D {
  const isIndex = tf.equal(tf.expandDims(indices, 2), tf.range(0, length, 1, "int32"));
  return tf.cast(isIndex, "float32") as tf.Tensor3D;
}

function checkInt32(name: string, { dtype }: tf.Tensor): void {
  if (dtype !== "int32") throw new TypeError(`${name}: expected int32, got ${dtype}`);
}
