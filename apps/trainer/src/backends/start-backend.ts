import { tf } from "../tensorflow.js";

/**
 * Starts a backend of TensorFlow.js, and checks that it multiplies two small matrices exactly.
 *
 * @param device - name of the device or package, for the reason.
 * @param options - `load`: imports the packages of the backend, default: none; `notStarted`: the reason if
 *   TensorFlow.js reports no error.
 * @returns the reason why it does not work; undefined if it works.
 */
export async function startBackend(
  backend: string,
  device: string,
  {
    load = async () => {},
    notStarted = `${device} does not start`,
  }: { load?: () => Promise<void>; notStarted?: string } = {},
): Promise<string | undefined> {
  try {
    await load();
    if (!(await tf.setBackend(backend))) return notStarted;
    const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])));
    const values = await product.data();
    product.dispose();
    const isCorrect = [19, 22, 43, 50].every((value, index) => values[index] === value);
    return isCorrect ? undefined : `${device} computes a wrong matrix product`;
  } catch (error) {
    return `${device} fails on a matrix product: ${firstLine(error)}`;
  }
}

/** Returns the first line of an error's message: libraries add stacks and advice. */
export function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split("\n")[0];
}
