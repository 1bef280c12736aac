import { assertLogits, type BatchTargets } from "./batch.js";
import type { EpisodeResults } from "./episodes.js";
import { symbolsPerStep, wrongSymbols } from "./exact-match.js";
import { totalLoss } from "./loss.js";
import type { TaskLoss } from "./loss-options.js";

/**
 * Counts and sums over sequences; divide by `sequences` for means, and by `bits` for the fraction of wrong bits. For a loss
 * other than `sigmoid`, `bits` counts what `wrongSymbols` does: the groups of `softmax`, the outputs of `squared`. Of episodes it
 * counts the decisions.
 */
export type Score = {
  /** Number of sequences. */
  readonly sequences: number;
  /** Sum of the losses of the sequences. */
  readonly loss: number;
  /** Number of bits, symbols or numbers that count. */
  readonly bits: number;
  /** Number of those that count and are wrong. */
  readonly wrongBits: number;
  /** Number of sequences in which nothing is wrong. */
  readonly exactMatch: number;
  /** Sums of other quantities of episodes, by name; absent for sequences with targets. */
  readonly metrics?: { readonly [name: string]: number } | undefined;
};

/**
 * Scores outputs on a batch: loss, wrong bits or symbols, and exact matches.
 *
 *     const { loss, exactMatch, sequences } = scoreBatch(task, logits, batch);
 *     console.log("loss", loss / sequences, "exact match", exactMatch / sequences);
 *
 * @param task - A task, or its target size and loss.
 * @param logits - `[timeSteps, batchSize, targetSize]`: the network's outputs.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @returns Sums over the batch of `lossPerSequence`, `wrongSymbols` and `exactMatch`.
 * @throws RangeError if a length or the group sizes do not fit; TypeError if an argument is not a Float32Array or not a batch.
 */
export function scoreBatch(
  { targetSize, loss, groupSizes, timeAverage, logProbInBits }: TaskLoss & { readonly targetSize: number },
  logits: Float32Array,
  batch: BatchTargets,
): Score {
  assertLogits(logits, batch, targetSize);
  const wrong = wrongSymbols(logits, batch, { loss, groupSizes });
  const symbols = symbolsPerStep({ loss, groupSizes }, targetSize);
  return {
    sequences: batch.batchSize,
    loss: totalLoss(logits, batch, { loss, groupSizes, timeAverage, logProbInBits }),
    bits: batch.mask.reduce((count, value) => (value === 0 ? count : count + symbols), 0),
    wrongBits: wrong.reduce((sum, count) => sum + count, 0),
    exactMatch: wrong.reduce((sum, count) => (count === 0 ? sum + 1 : sum), 0),
  };
}

/**
 * Scores episodes that have ended: loss, wrong decisions, successes, and what else a task measures.
 *
 * @param results - What came of a batch of episodes.
 * @returns Sums over the batch.
 */
export function scoreEpisodes({ losses, decisions, wrongDecisions, exactMatch, metrics }: EpisodeResults): Score {
  return {
    sequences: losses.length,
    loss: sum(losses),
    bits: sum(decisions),
    wrongBits: sum(wrongDecisions),
    exactMatch: sum(exactMatch),
    ...(metrics && {
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, sum(values)])),
    }),
  };
}

/**
 * Adds two scores.
 *
 * @param a - A score.
 * @param b - Another score of the same task.
 * @returns The score of all sequences together.
 */
export function addScores(a: Score, b: Score): Score {
  return {
    sequences: a.sequences + b.sequences,
    loss: a.loss + b.loss,
    bits: a.bits + b.bits,
    wrongBits: a.wrongBits + b.wrongBits,
    exactMatch: a.exactMatch + b.exactMatch,
    ...addMetrics(a.metrics, b.metrics),
  };
}

function addMetrics(a: Score["metrics"] = {}, b: Score["metrics"] = {}): Pick<Score, "metrics"> {
  const names = Object.keys({ ...a, ...b });
  if (names.length === 0) return {};
  return { metrics: Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)])) };
}

function sum(values: Float64Array | Uint32Array | Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
