import { assertLogits, type BatchTargets } from "./batch.js";
import { firstLargest, type OutputOptions, outputGroups } from "./output-groups.js";

/** Counts of answers and of their words, and of those that are wrong. */
export type AnswerErrors = {
  /** Number of answers: an answer is all steps that count and follow each other. */
  readonly answers: number;
  /** Number of answers in which a word is wrong. */
  readonly wrongAnswers: number;
  /** Number of words, those of all answers. */
  readonly words: number;
  /** Number of words that are wrong. */
  readonly wrongWords: number;
};

/**
 * Counts the wrong answers of each sequence. An answer is a run of time steps that count; it is wrong if one of its words is. Both figures are
 * published for bAbI: Graves et al. 2016 count answers, Csordás and Schmidhuber 2019 words; they differ where an answer has several.
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: the network's outputs.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param task - A task, or its group sizes; default: one group of all outputs.
 * @returns For each sequence its counts. A word is wrong if the first largest output of a group is not at the first largest target; NaN is wrong.
 * @throws RangeError if a length or the group sizes do not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function answerErrors(
  logits: Float32Array,
  batch: BatchTargets,
  { groupSizes }: Pick<OutputOptions, "groupSizes"> = {},
): readonly AnswerErrors[] {
  const size = assertLogits(logits, batch);
  const { timeSteps, batchSize, targets, mask } = batch;
  const groups = outputGroups({ loss: "softmax", groupSizes }, size);
  return Array.from({ length: batchSize }, (_, sequence) => {
    const counts = { answers: 0, wrongAnswers: 0, words: 0, wrongWords: 0 };
    let isInside = false;
    let isWrong = false;
    for (let step = 0; step < timeSteps; step++) {
      const row = step * batchSize + sequence;
      if (mask[row] === 0) {
        isInside = false;
        continue;
      }
      if (!isInside) {
        counts.answers++;
        isWrong = false;
      }
      isInside = true;
      counts.words++;
      const isRight = groups.every(({ start, end }) => {
        const range = [row * size + start, row * size + end] as const;
        return firstLargest(logits, ...range) === firstLargest(targets, ...range);
      });
      if (isRight) continue;
      counts.wrongWords++;
      if (!isWrong) counts.wrongAnswers++;
      isWrong = true;
    }
    return counts;
  });
}
