import * as tf from "@tensorflow/tfjs";

/** Whether the current backend multiplies two small matrices correctly. */
export async function checkMatMul(): Promise<boolean> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])));
  const values = await product.data();
  product.dispose();
  return [19, 22, 43, 50].every((value, index) => values[index] === value);
}
