import { createRandom } from "@dnc/tasks";
import type { TaskConfig } from "../configs.js";
import { createTask } from "./create-network.js";

/**
 * Computes the loss of a network that knows nothing and gives every bit a probability of one half, in nats per sequence: the
 * natural logarithm of 2 for each bit that counts.
 *
 * It is exact: length and repeats are uniform, and the number of steps that count is linear in each of them, so the mean is
 * that of the four corners.
 */
export function lossOfGuessing(config: TaskConfig): number {
  let bits = 0;
  for (const length of [config.minLength, config.maxLength]) {
    for (const repeats of [config.minRepeats, config.maxRepeats]) {
      const corner = { minLength: length, maxLength: length, minRepeats: repeats, maxRepeats: repeats };
      const task = createTask({ ...config, ...corner, batchSize: 1 });
      const { mask } = task.sampleBatch(createRandom(0));
      bits += mask.reduce((steps, counts) => steps + counts, 0) * task.targetSize;
    }
  }
  return (bits / 4) * Math.LN2;
}
