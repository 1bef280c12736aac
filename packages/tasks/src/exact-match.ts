import { assertLogits, type BatchTargets } from "./batch.js";
import { predictedBit } from "./predicted-bits.js";

/**
 * Finds the sequences without a wrong bit. The mean of the result is the exact-match accuracy.
 *
 *     const matches = exactMatch(await predict(network, batch), batch); // predict of @dnc/training
 *     console.log(`${matches.reduce((sum, match) => sum + match, 0)} of ${batch.batchSize} sequences are right`);
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: outputs before the sigmoid.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @returns `[batchSize]`: 1 for a sequence without a wrong bit, otherwise 0. A sequence in which no time step counts
 *   gives 1.
 * @throws RangeError if a length does not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function exactMatch(logits: Float32Array, batch: BatchTargets): Uint8Array {
  return Uint8Array.from(wrongBits(logits, batch), (count) => (count === 0 ? 1 : 0));
}

/**
 * Counts the wrong bits of each sequence.
 *
 * A bit is wrong if `round(sigmoid(logit))` is not equal to the target; only time steps with a mask other than 0 count.
 * NaN is wrong, and so is every bit whose target is neither 0 nor 1.
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: outputs before the sigmoid.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @returns `[batchSize]`.
 * @throws RangeError if a length does not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function wrongBits(logits: Float32Array, batch: BatchTargets): Uint32Array {
  const size = assertLogits(logits, batch);
  const { batchSize, targets, mask } = batch;
  const wrong = new Uint32Array(batchSize);
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    for (let at = row * size; at < (row + 1) * size; at++) {
      if (predictedBit(logits[at]) !== targets[at]) wrong[row % batchSize]++;
    }
  }
  return wrong;
}
