import * as tf from "@tensorflow/tfjs-core";
import { toFloat32 } from "./float32.js";
import { assertShape } from "./shape.js";
import { withGradient } from "./with-gradient.js";

/** Keeps `log` of a usage finite for a slot that has never been written. */
const USAGE_EPSILON = 1e-6;

/**
 * Lower bound for a fullness `s` before its `log` is taken. It matters only for a usage that rounding has pushed below 0: for
 * any usage in [0, 1], `s` is at least 1e-6.
 */
const MIN_FULLNESS = 2 ** -24;

/**
 * Computes the write weighting that prefers the least used memory slots.
 *
 *     const usage = tf.tensor2d([[0.9, 0.1, 0.5]]);
 *     const weights = allocationWeights(usage);
 *     weights.print(); // most of the weight is on slot 1, the least used
 *
 * Slots are ranked by how free they are, ties going to the lower index. A slot receives its own free
 * share, scaled by how full every better-ranked slot is:
 *
 *     u' = e + (1 - e) u,   n = 1 - u',   s = 1 - n,   e = 1e-6
 *     a[i] = n[i] * product of s[j] over all j ranked before i
 *
 * Source: Graves et al. 2016, Methods, "Dynamic memory allocation". Ranking is by `n` in float32, as in
 * the reference: usages that are less than about 6e-8 apart count as ties.
 * The ranking is a constant to the gradient; usage itself is differentiable.
 *
 * @param usage - `[batch, slots]`, each in [0, 1]: 0 is free, 1 is in use.
 * @returns `[batch, slots]`, non-negative, each row summing to at most 1.
 * @throws RangeError if `usage` is not rank 2; TypeError if it is not a tensor.
 */
export function allocationWeights(usage: tf.Tensor2D): tf.Tensor2D {
  assertShape("usage", usage, ["batch", "slots"]);
  return tf.tidy(() => allocate(toFloat32(usage)));
}

/**
 * Allocation weights with a gradient written by hand: with B[i, j] = 1 where j is ranked before i, P[i] the product, g the
 * gradient to a,
 *
 *     du[j] = (1 - e) ((sum over i of B[i, j] g[i] a[i]) / s[j] - g[j] P[j])
 *
 * Tensors in `ignored` have no effect on the value, and their gradient is zero.
 */
const allocate = withGradient((usage: tf.Tensor2D, ...ignored: tf.Tensor[]) => {
  const ignoredShapes = ignored.map(({ shape }) => shape);
  // 1 - u' in the reference's order of operations: in float32 the order decides which slots tie.
  const free = tf.sub(1 - USAGE_EPSILON, tf.mul(usage, 1 - USAGE_EPSILON)) as tf.Tensor2D;
  const full = tf.maximum(tf.sub(1, free), MIN_FULLNESS);
  const before = rankedBefore(free); // [batch, slots, slots]
  const logProduct = tf.matMul(before, tf.expandDims(tf.log(full), 2)); // [batch, slots, 1]
  const product = tf.exp(tf.squeeze(logProduct, [2]));
  const allocation = tf.mul(free, product) as tf.Tensor2D;
  return {
    value: allocation,
    saved: [full, before, product, allocation],
    gradient: (dy, [full, before, product, allocation]) => {
      const weighted = tf.matMul(before, tf.expandDims(tf.mul(dy, allocation), 2), true); // [batch, slots, 1]
      const difference = tf.sub(tf.div(tf.squeeze(weighted, [2]), full), tf.mul(dy, product));
      return [tf.mul(difference, 1 - USAGE_EPSILON), ...ignoredShapes.map((shape) => tf.zeros(shape))];
    },
  };
});

/**
 * Computes allocation weights for several write heads, so that they do not all choose the same free slot.
 *
 * The heads allocate sequentially, each from the usage that the heads before it would leave:
 *
 *     a_k = allocation(u),   u <- u + (1 - u) g_k a_k
 *
 * The updated usage is used only here; the returned weights are not multiplied by the gates. The last head's gate has no
 * effect, and its gradient is zero.
 *
 * Source: the reference's extension of Graves et al. 2016, Methods, "Dynamic memory allocation".
 *
 * @param usage - `[batch, slots]`, each in [0, 1].
 * @param writeGates - `[batch, writeHeads]`, each in [0, 1]: allocation gate times write gate.
 * @returns `[batch, writeHeads, slots]`, non-negative, each row summing to at most 1.
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor.
 */
export function writeAllocationWeights(usage: tf.Tensor2D, writeGates: tf.Tensor2D): tf.Tensor3D {
  assertShape("usage", usage, ["batch", "slots"]);
  assertShape("writeGates", writeGates, [usage.shape[0], "writeHeads"]);
  return tf.tidy(() => {
    const heads = writeGates.shape[1];
    // `tf.split` into a single part has no gradient.
    const allGates = toFloat32(writeGates);
    const gates = heads === 1 ? [allGates] : tf.split(allGates, heads, 1); // [batch, 1] each
    const weights: tf.Tensor2D[] = [];
    let simulated = toFloat32(usage);
    for (const gate of gates.slice(0, -1)) {
      const allocation = allocate(simulated);
      weights.push(allocation);
      simulated = tf.add(simulated, tf.mul(tf.sub(1, simulated), tf.mul(gate, allocation)));
    }
    weights.push(allocate(simulated, gates[heads - 1]));
    return tf.stack(weights, 1) as tf.Tensor3D;
  });
}

/**
 * Ranks the slots: `[batch, slots, slots]`, 1 at `[i, j]` where slot j is freer than slot i, or equally free with a lower
 * index.
 */
function rankedBefore(free: tf.Tensor2D): tf.Tensor3D {
  const slots = free.shape[1];
  const own = tf.expandDims(free, 2); // [batch, slots, 1]
  const other = tf.expandDims(free, 1); // [batch, 1, slots]
  const index = tf.range(0, slots);
  const lowerIndex = tf.greater(tf.expandDims(index, 1), tf.expandDims(index, 0)); // [slots, slots]
  const freer = tf.logicalOr(tf.greater(other, own), tf.logicalAnd(tf.equal(other, own), lowerIndex));
  return tf.cast(freer, "float32") as tf.Tensor3D;
}
