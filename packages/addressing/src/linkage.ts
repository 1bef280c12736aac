import * as tf from "@tensorflow/tfjs-core";
import { checkObject } from "./checks.js";
import { toFloat32 } from "./float32.js";
import { assertShape } from "./shape.js";
import { withGradient } from "./with-gradient.js";

/** The order in which slots were written, for each write head. */
export type LinkageState = {
  /**
   * `[batch, writeHeads, slots, slots]`, each in [0, 1]: `link[i, j]` is the degree to which slot i was written right after
   * slot j.
   */
  readonly link: tf.Tensor4D;
  /** `[batch, writeHeads, slots]`, each in [0, 1]: the degree to which each slot was the last one written. */
  readonly precedenceWeights: tf.Tensor3D;
};

/**
 * Updates the temporal linkage after one write.
 *
 *     const linkage: LinkageState = { link: tf.zeros<tf.Rank.R4>([1, 1, 3, 3]), precedenceWeights: tf.tensor3d([[[1, 0, 0]]]) }; // slot 0 was written last
 *     const { link } = updateLinkage(linkage, tf.tensor3d([[[0, 1, 0]]])); // now slot 1 is written: link[1, 0] is 1
 *
 *     L'[i, j] = (1 - w[i] - w[j]) L[i, j] + w[i] p[j],   L'[i, i] = 0
 *     p'       = (1 - sum w) p + w
 *
 * Source: Graves et al. 2016, Methods, "Temporal memory linkage".
 *
 * @param linkage - the state before the write.
 * @param writeWeights - `[batch, writeHeads, slots]`, non-negative, each row summing to at most 1.
 * @returns the state after it, same shapes; rows and columns of `link` sum to at most 1.
 * @throws RangeError if a shape does not fit the others; TypeError if an argument is not a tensor or `linkage` is not a state.
 */
export function updateLinkage(linkage: LinkageState, writeWeights: tf.Tensor3D): LinkageState {
  checkObject("linkage", linkage, "an object of link and precedenceWeights");
  const { link, precedenceWeights } = linkage;
  assertShape("writeWeights", writeWeights, ["batch", "writeHeads", "slots"]);
  const [batch, heads, slots] = writeWeights.shape;
  assertShape("link", link, [batch, heads, slots, slots]);
  assertShape("precedenceWeights", precedenceWeights, [batch, heads, slots]);
  return tf.tidy(() => {
    const [written, last] = [toFloat32(writeWeights), toFloat32(precedenceWeights)];
    const total = tf.sum(written, 2, true); // [batch, writeHeads, 1]
    return {
      link: updateLink(toFloat32(link), written, last),
      precedenceWeights: tf.add(tf.mul(tf.sub(1, total), last), written) as tf.Tensor3D,
    };
  });
}

/**
 * Updates the link matrix, with a gradient written by hand: with G the gradient to L' off its diagonal and A = G * L,
 *
 *     dL = (1 - w[i] - w[j]) G,   dp[j] = sum over i of w[i] G[i, j]
 *     dw[i] = sum over j of G[i, j] p[j] - sum over j of (A[i, j] + A[j, i])
 */
const updateLink = withGradient((link: tf.Tensor4D, writeWeights: tf.Tensor3D, precedenceWeights: tf.Tensor3D) => {
  const column = (weights: tf.Tensor) => tf.expandDims(weights, 3); // [batch, writeHeads, slots, 1]
  const row = (weights: tf.Tensor) => tf.expandDims(weights, 2); // [batch, writeHeads, 1, slots]
  const retention = tf.sub(tf.sub(1, column(writeWeights)), row(writeWeights)); // [batch, writeHeads, slots, slots]
  const added = tf.matMul(column(writeWeights), row(precedenceWeights)); // [batch, writeHeads, slots, slots]
  const offDiagonal = tf.sub(1, tf.eye(writeWeights.shape[2])); // [slots, slots]
  return {
    value: tf.mul(tf.add(tf.mul(retention, link), added), offDiagonal) as tf.Tensor4D,
    saved: [link, writeWeights, precedenceWeights, retention, offDiagonal],
    gradient: (dy, [link, writeWeights, precedenceWeights, retention, offDiagonal]) => {
      const g = tf.mul(dy, offDiagonal);
      const lost = tf.mul(g, link);
      const linked = tf.squeeze(tf.matMul(g, column(precedenceWeights)), [3]); // [batch, writeHeads, slots]
      return [
        tf.mul(retention, g),
        tf.sub(linked, tf.add(tf.sum(lost, 3), tf.sum(lost, 2))),
        tf.squeeze(tf.matMul(row(writeWeights), g), [2]),
      ];
    },
  };
});

/**
 * Follows the links forward: for each read head, the slots written next after those it read.
 *
 *     f[i] = sum over j of L[i, j] r[j]
 *
 * Source: Graves et al. 2016, Methods, "Temporal memory linkage".
 *
 * @param link - `[batch, writeHeads, slots, slots]`.
 * @param readWeights - `[batch, readHeads, slots]`, of the step before.
 * @returns `[batch, readHeads, writeHeads, slots]`, non-negative, each row summing to at most 1.
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor.
 */
export function forwardReadWeights(link: tf.Tensor4D, readWeights: tf.Tensor3D): tf.Tensor4D {
  return followLinks(link, readWeights, true);
}

/**
 * Follows the links backward: for each read head, the slots written just before those it read.
 *
 *     b[j] = sum over i of r[i] L[i, j]
 *
 * Source: Graves et al. 2016, Methods, "Temporal memory linkage".
 *
 * @param link - `[batch, writeHeads, slots, slots]`.
 * @param readWeights - `[batch, readHeads, slots]`, of the step before.
 * @returns `[batch, readHeads, writeHeads, slots]`, non-negative, each row summing to at most 1.
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor.
 */
export function backwardReadWeights(link: tf.Tensor4D, readWeights: tf.Tensor3D): tf.Tensor4D {
  return followLinks(link, readWeights, false);
}

function followLinks(link: tf.Tensor4D, readWeights: tf.Tensor3D, forwards: boolean): tf.Tensor4D {
  assertShape("link", link, ["batch", "writeHeads", "slots", "slots"]);
  const [batch, writeHeads, slots] = link.shape;
  assertShape("link", link, [batch, writeHeads, slots, slots]);
  assertShape("readWeights", readWeights, [batch, "readHeads", slots]);
  return tf.tidy(() => {
    // One copy of the read weights per write head: the gradient of matMul does not support broadcasting.
    const perHead = tf.stack(new Array<tf.Tensor3D>(writeHeads).fill(toFloat32(readWeights)), 1); // [batch, writeHeads, readHeads, slots]
    const followed = tf.matMul(perHead, toFloat32(link), false, forwards);
    return tf.transpose(followed, [0, 2, 1, 3]) as tf.Tensor4D; // [batch, readHeads, writeHeads, slots]
  });
}
