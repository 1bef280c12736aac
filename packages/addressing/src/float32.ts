import * as tf from "@tensorflow/tfjs-core";

/**
 * Converts a tensor to float32. TensorFlow.js would round results where it concatenates or maps integer tensors.
 *
 * @param tensor - any numeric dtype.
 * @returns `tensor` itself if it is float32, otherwise a new tensor, through which gradients flow.
 */
export function toFloat32<T extends tf.Tensor>(tensor: T): T {
  return tensor.dtype === "float32" ? tensor : tf.cast(tensor, "float32");
}
