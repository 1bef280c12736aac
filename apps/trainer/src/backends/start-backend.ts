import * as tf from "@tensorflow/tfjs";

/**
 * Starts a backend of TensorFlow.js, and checks that it multiplies two small matrices as arithmetic has it.
 *
 * @param what - names what computes, in reasons.
 * @param options - `load`: imports what the backend needs; `notStarted`: the reason if there is no error.
 * @returns why it does not work; undefined if it does.
 */
export async function startBackend(
  backend: string,
  what: string,
  {
    load = async () => {},
    notStarted = `${what} does not start`,
  }: { load?: () => Promise<void>; notStarted?: string } = {},
): Promise<string | undefined> {
  try {
    await load();
    if (!(await tf.setBackend(backend))) return notStarted;
    const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])));
    const values = await product.data();
    product.dispose();
    const isRight = [19, 22, 43, 50].every((value, index) => values[index] === value);
    return isRight ? undefined : `${what} computes a wrong matrix product`;
  } catch (error) {
    return `${what} fails on a matrix product: ${firstLine(error)}`;
  }
}

/** The first line of an error's message: libraries add stacks and advice. */
export function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split("\n")[0];
}
