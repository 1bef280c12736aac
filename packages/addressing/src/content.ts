import * as tf from "@tensorflow/tfjs-core";
import { checkKeys, formatValue } from "./checks.js";
import { toFloat32 } from "./float32.js";
import { assertShape } from "./shape.js";
import { withGradient } from "./with-gradient.js";

/** Keeps norms and their products above zero, so that a zero vector has similarity 0 and a finite gradient. */
const SIMILARITY_EPSILON = 1e-6;

/** Options for {@link contentWeights} and {@link weightedSoftmax}. */
export interface StrengthOptions {
  /**
   * Function applied to raw strengths: `"softplus"` makes them positive, `"identity"` leaves them unchanged; default:
   * `"softplus"`.
   */
  strengthOp?: "softplus" | "identity" | undefined;
}

/** Options for {@link contentWeights}. */
export interface ContentOptions extends StrengthOptions {
  /**
   * `[batch, heads, wordSize]`, each in [0, 1]: which components of keys and words a head compares; default: all, fully.
   */
  masks?: tf.Tensor3D | undefined;
  /** Smallest factor of a component, in [0, 1): a mask of 0 gives this factor, one of 1 gives 1; default: 0. */
  maskMinimum?: number | undefined;
}

/**
 * Computes content-based weights: how well each memory slot matches each key.
 *
 *     const memory = tf.tensor3d([[[1, 0], [0, 1]]]); // one sequence, two slots, words of two numbers
 *     const keys = tf.tensor3d([[[0, 1]]]); // one head
 *     contentWeights(memory, keys, tf.tensor2d([[5]])).print(); // nearly all weight on slot 1
 *
 *     similarity[i] = k . M[i] / (|k| |M[i]| + e),   |x| = sqrt(sum x^2 + e),   e = 1e-6
 *     c = softmax over slots of similarity * strengthOp(strength)
 *
 * With masks each head compares k m with M[i] m instead of k with M[i], where m = maskMinimum + (1 - maskMinimum) mask.
 *
 * Source: Graves et al. 2016, Methods, "Content-based addressing"; both epsilons are the reference's. Masks: Csordas and
 * Schmidhuber 2019, section 3.1, with a minimum.
 *
 * @param memory - `[batch, slots, wordSize]`.
 * @param keys - `[batch, heads, wordSize]`, one key per head.
 * @param strengths - `[batch, heads]`, raw: `strengthOp` is applied here.
 * @param options - `strengthOp`: `"softplus"` by default, or `"identity"`; `masks` and `maskMinimum`: see
 *   {@link ContentOptions}.
 * @returns `[batch, heads, slots]`, each row a distribution over slots.
 * @throws RangeError if a shape does not fit the others or `maskMinimum` is not in [0, 1); TypeError if an argument is not a
 *   tensor, for an unknown option, or if `strengthOp` is neither of the two.
 */
export function contentWeights(
  memory: tf.Tensor3D,
  keys: tf.Tensor3D,
  strengths: tf.Tensor2D,
  options: ContentOptions = {},
): tf.Tensor3D {
  assertShape("memory", memory, ["batch", "slots", "wordSize"]);
  const [batch, , wordSize] = memory.shape;
  assertShape("keys", keys, [batch, "heads", wordSize]);
  assertShape("strengths", strengths, [batch, keys.shape[1]]);
  checkKeys("option", options, ["strengthOp", "masks", "maskMinimum"]);
  const { masks, maskMinimum = 0, strengthOp } = options;
  checkStrengthOp(strengthOp);
  if (masks !== undefined) assertShape("masks", masks, [batch, keys.shape[1], wordSize]);
  checkMinimum(maskMinimum);
  return tf.tidy(() => {
    const [words, sought] = [toFloat32(memory), toFloat32(keys)];
    const similarity =
      masks === undefined
        ? cosineSimilarity(words, sought)
        : maskedSimilarity(words, sought, tf.add(tf.mul(toFloat32(masks), 1 - maskMinimum), maskMinimum));
    return weightedSoftmax(similarity, strengths, { strengthOp });
  });
}

/**
 * Computes a softmax over slots, sharpened by one strength per head.
 *
 *     w = softmax over slots of activation * strengthOp(strength)
 *
 * Source: Graves et al. 2016, Methods, "Content-based addressing".
 *
 * @param activations - `[batch, heads, slots]`, any values whose products with the strengths are finite.
 * @param strengths - `[batch, heads]`, raw.
 * @param options - `strengthOp`: `"softplus"` by default, or `"identity"`.
 * @returns `[batch, heads, slots]`, each row a distribution over slots.
 * @throws RangeError if a shape does not fit the other; TypeError if an argument is not a tensor, for an unknown option or
 *   if `strengthOp` is neither of the two.
 */
export function weightedSoftmax(
  activations: tf.Tensor3D,
  strengths: tf.Tensor2D,
  options: StrengthOptions = {},
): tf.Tensor3D {
  assertShape("activations", activations, ["batch", "heads", "slots"]);
  assertShape("strengths", strengths, activations.shape.slice(0, 2));
  checkOptions(options);
  return tf.tidy(() => {
    const raw = toFloat32(strengths);
    const factors = options.strengthOp === "identity" ? raw : tf.softplus(raw);
    return tf.softmax(tf.mul(toFloat32(activations), tf.expandDims(factors, 2))) as tf.Tensor3D;
  });
}

/**
 * Cosine similarity of each key and each memory word, `[batch, heads, slots]`, with a gradient written by hand: with g the
 * gradient to s = d / (a b + e), q = g / (a b + e), a = |k| and b = |M[i]|,
 *
 *     dk    = sum over i of q M[i] - (sum over i of q s b[i]) k / a
 *     dM[i] = sum over heads of q k - (sum over heads of q s a) M[i] / b[i]
 */
const cosineSimilarity = withGradient((memory: tf.Tensor3D, keys: tf.Tensor3D) => {
  const [keyNorms, wordNorms] = [vectorNorms(keys), vectorNorms(memory)]; // [batch, heads, 1], [batch, slots, 1]
  const divisor = tf.add(tf.matMul(keyNorms, wordNorms, false, true), SIMILARITY_EPSILON); // [batch, heads, slots]
  const similarity = tf.div(tf.matMul(keys, memory, false, true), divisor) as tf.Tensor3D;
  return {
    value: similarity,
    saved: [memory, keys, keyNorms, wordNorms, divisor, similarity],
    gradient: (dy, [memory, keys, keyNorms, wordNorms, divisor, similarity]) => {
      const q = tf.div(dy, divisor);
      const qs = tf.mul(q, similarity);
      const memoryScale = tf.div(tf.matMul(qs, keyNorms, true), wordNorms); // [batch, slots, 1]
      const keyScale = tf.div(tf.matMul(qs, wordNorms), keyNorms); // [batch, heads, 1]
      return [
        tf.sub(tf.matMul(q, keys, true), tf.mul(memoryScale, memory)),
        tf.sub(tf.matMul(q, memory), tf.mul(keyScale, keys)),
      ];
    },
  };
});

/**
 * Cosine similarity of each key and each memory word, both multiplied by the mask of the head, `[batch, heads, slots]`. Memory
 * is never multiplied itself: the mask's square is a factor of the key in the product and of the squares in the norm.
 */
function maskedSimilarity(memory: tf.Tensor3D, keys: tf.Tensor3D, masks: tf.Tensor3D): tf.Tensor3D {
  const squares = tf.square(masks);
  const wordNorms = tf.sqrt(tf.add(tf.matMul(squares, tf.square(memory), false, true), SIMILARITY_EPSILON));
  const divisor = tf.add(tf.mul(vectorNorms(tf.mul(keys, masks)), wordNorms), SIMILARITY_EPSILON);
  return tf.div(tf.matMul(tf.mul(keys, squares), memory, false, true), divisor);
}

function checkMinimum(value: unknown): void {
  const message = `maskMinimum: expected a number in [0, 1), got ${formatValue(value)}`;
  if (typeof value !== "number") throw new TypeError(message);
  if (!(value >= 0 && value < 1)) throw new RangeError(message);
}

function checkOptions(options: StrengthOptions): void {
  checkKeys("option", options, ["strengthOp"]);
  checkStrengthOp(options.strengthOp);
}

function checkStrengthOp(strengthOp: unknown = "softplus"): void {
  if (strengthOp !== "softplus" && strengthOp !== "identity")
    throw new TypeError(`strengthOp: expected "softplus" or "identity", got ${formatValue(strengthOp)}`);
}

/** Euclidean norm of each vector, `[batch, vectors, 1]`. */
function vectorNorms(vectors: tf.Tensor3D): tf.Tensor3D {
  return tf.sqrt(tf.add(tf.sum(tf.square(vectors), 2, true), SIMILARITY_EPSILON)) as tf.Tensor3D;
}
