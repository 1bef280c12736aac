import { createRandom } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import type { Settings } from "./flags.js";
import { createTask } from "./model.js";

/**
 * What a network scores that knows nothing and takes every bit for as likely 0 as 1, nats a sequence: the natural logarithm
 * of 2 for each bit that counts.
 *
 * It is exact, not an estimate: length and repeats are uniform, and how many steps count is linear in each of them, so that
 * their mean is that of the four corners.
 */
export async function lossOfGuessing(settings: Settings): Promise<number> {
  const { min_length, max_length, min_repeats, max_repeats } = settings;
  let bits = 0;
  for (const length of [min_length, max_length]) {
    for (const repeats of [min_repeats, max_repeats]) {
      const corner = { min_length: length, max_length: length, min_repeats: repeats, max_repeats: repeats };
      const task = createTask({ ...settings, ...corner }, 1);
      const batch = task.sample(createRandom(0));
      const counted = tf.tidy(() => tf.sum(batch.mask));
      const [steps] = await counted.data();
      tf.dispose([batch, counted]);
      bits += steps * task.targetSize;
    }
  }
  return (bits / 4) * Math.LN2;
}
