import * as tf from "@tensorflow/tfjs-core";
import { toFloat32 } from "./float32.js";
import { reduceProduct } from "./product.js";
import { assertShape } from "./shape.js";
import { stopGradient } from "./stop-gradient.js";

/**
 * Updates the usage of each slot: adds the previous step's writes, then frees slots that were read.
 *
 *     const usage = tf.tensor2d([[0.5, 0]]); // two slots
 *     const writeWeights = tf.tensor3d([[[0, 1]]]); // slot 1 was written
 *     updateUsage(usage, writeWeights, tf.tensor2d([[1]]), tf.tensor3d([[[1, 0]]])).print(); // slot 0 was read and is freed: [[0, 1]]
 *
 *     u' = (u + (1 - u)(1 - product over k of (1 - w_k))) * product over r of (1 - f_r r_r)
 *
 * Source: Graves et al. 2016, Methods, "Dynamic memory allocation"; several write heads as in the reference.
 * No gradient flows into the write weights here, as in the reference.
 *
 * @param usage - `[batch, slots]`, each in [0, 1].
 * @param writeWeights - `[batch, writeHeads, slots]`, of the step before.
 * @param freeGate - `[batch, readHeads]`, each in [0, 1]: 1 frees the slots that the head has read.
 * @param readWeights - `[batch, readHeads, slots]`, of the step before.
 * @returns `[batch, slots]`, each in [0, 1].
 * @throws RangeError if a shape does not fit the others; TypeError if an argument is not a tensor.
 */
export function updateUsage(
  usage: tf.Tensor2D,
  writeWeights: tf.Tensor3D,
  freeGate: tf.Tensor2D,
  readWeights: tf.Tensor3D,
): tf.Tensor2D {
  assertShape("usage", usage, ["batch", "slots"]);
  const [batch, slots] = usage.shape;
  assertShape("writeWeights", writeWeights, [batch, "writeHeads", slots]);
  assertShape("readWeights", readWeights, [batch, "readHeads", slots]);
  assertShape("freeGate", freeGate, [batch, readWeights.shape[1]]);
  return tf.tidy(() => {
    const written = stopGradient(toFloat32(writeWeights), (w) => tf.sub(1, reduceProduct(tf.sub(1, w), 1))); // [batch, slots]
    const before = toFloat32(usage);
    const filled = tf.add(before, tf.mul(tf.sub(1, before), written));
    return tf.mul(filled, memoryRetention(freeGate, readWeights)) as tf.Tensor2D;
  });
}

/**
 * Computes the fraction of each slot that the free gates do not free: the memory retention vector.
 *
 *     psi = product over r of (1 - f_r r_r)
 *
 * Source: Graves et al. 2016, Methods, "Dynamic memory allocation".
 *
 * @param freeGate - `[batch, readHeads]`, each in [0, 1]: 1 frees the slots that the head has read.
 * @param readWeights - `[batch, readHeads, slots]`, of the step before.
 * @returns `[batch, slots]`, each in [0, 1].
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor.
 */
export function memoryRetention(freeGate: tf.Tensor2D, readWeights: tf.Tensor3D): tf.Tensor2D {
  assertShape("readWeights", readWeights, ["batch", "readHeads", "slots"]);
  assertShape("freeGate", freeGate, readWeights.shape.slice(0, 2));
  return tf.tidy(() => {
    const freed = tf.mul(tf.expandDims(toFloat32(freeGate), 2), toFloat32(readWeights)); // [batch, readHeads, slots]
    return reduceProduct(tf.sub(1, freed), 1) as tf.Tensor2D;
  });
}
