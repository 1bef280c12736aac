import { assertLogits, type BatchTargets } from "./batch.js";
import { wrongBits } from "./exact-match.js";
import { type TaskLoss, totalLoss } from "./loss.js";

/** Counts and sums over sequences; divide by `sequences` for means, and by `bits` for the fraction of wrong bits. */
export type Score = {
  /** Number of sequences. */
  readonly sequences: number;
  /** Sum of the losses of the sequences. */
  readonly loss: number;
  /** Number of bits that count. */
  readonly bits: number;
  /** Number of bits that count and are wrong. */
  readonly wrongBits: number;
  /** Number of sequences without a wrong bit. */
  readonly exactMatch: number;
};

/**
 * Scores outputs on a batch: loss, wrong bits and exact matches.
 *
 *     const { loss, exactMatch, sequences } = scoreBatch(task, logits, batch);
 *     console.log("loss", loss / sequences, "exact match", exactMatch / sequences);
 *
 * @param task - A task, or its target size and loss.
 * @param logits - `[timeSteps, batchSize, targetSize]`: outputs before the sigmoid.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @returns Sums over the batch of `lossPerSequence`, `wrongBits` and `exactMatch`.
 * @throws RangeError if a length does not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function scoreBatch(
  { targetSize, loss, timeAverage, logProbInBits }: TaskLoss & { readonly targetSize: number },
  logits: Float32Array,
  batch: BatchTargets,
): Score {
  assertLogits(logits, batch, targetSize);
  const wrong = wrongBits(logits, batch);
  return {
    sequences: batch.batchSize,
    loss: totalLoss(logits, batch, { loss, timeAverage, logProbInBits }),
    bits: batch.mask.reduce((count, value) => (value === 0 ? count : count + targetSize), 0),
    wrongBits: wrong.reduce((sum, count) => sum + count, 0),
    exactMatch: wrong.reduce((sum, count) => (count === 0 ? sum + 1 : sum), 0),
  };
}

/**
 * Adds two scores.
 *
 * @param a - A score.
 * @param b - Another score of the same loss.
 * @returns The score of all sequences together.
 */
export function addScores(a: Score, b: Score): Score {
  return {
    sequences: a.sequences + b.sequences,
    loss: a.loss + b.loss,
    bits: a.bits + b.bits,
    wrongBits: a.wrongBits + b.wrongBits,
    exactMatch: a.exactMatch + b.exactMatch,
  };
}
