import * as tf from "@tensorflow/tfjs-core";

/**
 * Clips each number to [-bound, bound]. The gradient is that of `tf.clipByValue`, and has a gradient itself, for which the choice of
 * the numbers within the bound is a constant.
 *
 * @param bound - 0 or null: nothing is clipped.
 * @returns `tensor` itself if nothing is.
 */
export function clip<T extends tf.Tensor>(tensor: T, bound: number | null): T {
  if (!bound) return tensor;
  const clipped = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    return { value: tf.clipByValue(x, -bound, bound), gradFunc: (dy, [x]) => whereWithin(dy, x, bound) };
  });
  return clipped(tensor) as T;
}

/** Selects the numbers of `dy` where those of `x` are within the bound, otherwise 0; linear in `dy`, and `x` is a constant. */
function whereWithin(dy: tf.Tensor, x: tf.Tensor, bound: number): tf.Tensor {
  const select = (d: tf.Tensor) => tf.where(tf.lessEqual(tf.abs(x), bound), d, tf.zerosLike(d));
  return tf.customGrad((d) => ({ value: select(d as tf.Tensor), gradFunc: select }))(dy);
}
