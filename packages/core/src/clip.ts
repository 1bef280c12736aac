import * as tf from "@tensorflow/tfjs-core";

/**
 * Clips each number to [-bound, bound]. The gradient equals that of `tf.clipByValue` and can be differentiated again;
 * which numbers are within the bound is a constant to it.
 *
 * @param bound - largest absolute value; 0 or null disables clipping.
 * @returns the clipped tensor; `tensor` itself if clipping is disabled.
 */
export function clip<T extends tf.Tensor>(tensor: T, bound: number | null): T {
  if (!bound) return tensor;
  const clipped = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([x]);
    return { value: tf.clipByValue(x, -bound, bound), gradFunc: (dy, [x]) => selectWithin(dy, x, bound) };
  });
  return clipped(tensor) as T;
}

/** Selects `dy` where `x` is within the bound, otherwise 0. Linear in `dy`; `x` is a constant to the gradient. */
function selectWithin(dy: tf.Tensor, x: tf.Tensor, bound: number): tf.Tensor {
  const select = (d: tf.Tensor) => tf.where(tf.lessEqual(tf.abs(x), bound), d, tf.zerosLike(d));
  return tf.customGrad((d) => ({ value: select(d as tf.Tensor), gradFunc: select }))(dy);
}
