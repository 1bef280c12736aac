import { assertLogits, type BatchTargets } from "./batch.js";
import type { LossName } from "./loss-options.js";
import { firstLargest, type OutputOptions, outputGroups } from "./output-groups.js";
import { predictedBit } from "./predicted-bits.js";

/** Largest difference between a number and its target that counts as right; it must be smaller. */
const MAX_DIFFERENCE = 0.5;

/** The symbols in the outputs [start, end): how many there are, and how many of them are wrong. */
type SymbolCounter = {
  readonly count: (start: number, end: number) => number;
  readonly wrong: (logits: Float32Array, targets: Float32Array, start: number, end: number) => number;
};

const SYMBOLS: { readonly [Name in LossName]: SymbolCounter } = {
  sigmoid: eachOutput((logit, target) => predictedBit(logit) === target),
  softmax: {
    count: () => 1,
    wrong: (logits, targets, ...range) => (firstLargest(logits, ...range) === firstLargest(targets, ...range) ? 0 : 1),
  },
  squared: eachOutput((output, target) => Math.abs(output - target) < MAX_DIFFERENCE),
};

/**
 * Finds the sequences without a wrong bit, symbol or number. The mean of the result is the exact-match accuracy.
 *
 *     const matches = exactMatch(await predict(network, batch), batch, task); // predict of @dnc/training
 *     console.log(`${matches.reduce((sum, match) => sum + match, 0)} of ${batch.batchSize} sequences are right`);
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: the network's outputs.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param task - A task, or its loss and group sizes; default: `sigmoid`. `wrongSymbols` says what is wrong.
 * @returns `[batchSize]`: 1 for a sequence without anything wrong, otherwise 0. A sequence in which no time step counts
 *   gives 1.
 * @throws RangeError if a length or the group sizes do not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function exactMatch(logits: Float32Array, batch: BatchTargets, task: OutputOptions = {}): Uint8Array {
  return Uint8Array.from(wrongSymbols(logits, batch, task), (count) => (count === 0 ? 1 : 0));
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
  return wrongSymbols(logits, batch);
}

/**
 * Counts what is wrong in each sequence, in the time steps with a mask other than 0.
 *
 * For `sigmoid`: the bits, as `wrongBits` does. For `softmax`: the groups whose first largest logit is not at the first largest
 * target. For `squared`: the outputs that differ from their target by 0.5 or more. NaN is wrong.
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: the network's outputs.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param task - A task, or its loss and group sizes; default: `sigmoid`.
 * @returns `[batchSize]`.
 * @throws RangeError if a length or the group sizes do not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function wrongSymbols(logits: Float32Array, batch: BatchTargets, task: OutputOptions = {}): Uint32Array {
  const size = assertLogits(logits, batch);
  const { batchSize, targets, mask } = batch;
  const groups = outputGroups(task, size);
  const { wrong } = SYMBOLS[task.loss ?? "sigmoid"];
  const counts = new Uint32Array(batchSize);
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    for (const { start, end } of groups)
      counts[row % batchSize] += wrong(logits, targets, row * size + start, row * size + end);
  }
  return counts;
}

/** Counts the bits, symbols or numbers in one time step. */
export function symbolsPerStep(task: OutputOptions, targetSize: number): number {
  const groups = outputGroups(task, targetSize);
  const { count } = SYMBOLS[task.loss ?? "sigmoid"];
  return groups.reduce((sum, { start, end }) => sum + count(start, end), 0);
}

/** Each output is a symbol of its own. */
function eachOutput(isRight: (output: number, target: number) => boolean): SymbolCounter {
  return {
    count: (start, end) => end - start,
    wrong: (outputs, targets, start, end) => {
      let count = 0;
      for (let at = start; at < end; at++) if (!isRight(outputs[at], targets[at])) count++;
      return count;
    },
  };
}
