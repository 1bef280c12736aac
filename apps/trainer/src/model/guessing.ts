import { createRandom } from "@dnc/tasks";
import type { Settings } from "../flags/train-flags.js";
import { createTask } from "./model.js";

/**
 * The loss of a network that knows nothing and gives every bit a probability of one half, nats per sequence: the natural
 * logarithm of 2 for each bit that counts.
 *
 * It is exact, not an estimate: length and repeats are uniform, and the number of steps that count is linear in each of them,
 * so that their mean is that of the four corners.
 */
export function lossOfGuessing(settings: Settings): number {
  const { min_length, max_length, min_repeats, max_repeats } = settings;
  let bits = 0;
  for (const length of [min_length, max_length]) {
    for (const repeats of [min_repeats, max_repeats]) {
      const corner = { min_length: length, max_length: length, min_repeats: repeats, max_repeats: repeats };
      const task = createTask({ ...settings, ...corner }, 1);
      const { mask } = task.sampleBatch(createRandom(0));
      bits += mask.reduce((steps, counts) => steps + counts, 0) * task.targetSize;
    }
  }
  return (bits / 4) * Math.LN2;
}
