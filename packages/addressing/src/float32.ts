import * as tf from "@tensorflow/tfjs-core";

/**
 * The same numbers as float32: TensorFlow.js rounds where it joins or maps integers.
 *
 * @param tensor - of any type that has numbers.
 * @returns `tensor` itself if it is float32, otherwise a new tensor, through which gradients flow.
 */
export function toFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === "float32" ? tensor : tf.cast(tensor, "float32");
}
