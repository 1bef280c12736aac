import type { NestedState, RecurrentCell } from "@dnc/core";
import { addScores, type Random, type Score, scoreBatch, type Task } from "@dnc/tasks";
import { checkCount, checkKeys } from "./checks.js";
import { predict } from "./predict.js";

/** Options of {@link evaluate}. */
export type EvaluateOptions = {
  /** Generator from which the sequences are sampled; it advances. */
  readonly random: Random;
  /** Number of sequences; default: one batch of the task. */
  readonly sequences?: number | undefined;
  /**
   * Called after each batch.
   *
   * @param sequences - Number of sequences evaluated so far.
   */
  readonly onBatch?: ((sequences: number) => void) | undefined;
};

/**
 * Evaluates a network on new sequences of a task.
 *
 *     const score = await evaluate(network, task, { random: createRandom(2), sequences: 1000 });
 *     console.log("loss", score.loss / score.sequences);
 *     console.log("exact match", score.exactMatch / score.sequences);
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`.
 * @param task - The task. Its `batchSize` sequences are evaluated at a time, but do not depend on `batchSize`.
 * @param options - `random`, `sequences` and `onBatch`.
 * @returns Sums over the sequences; divide by `score.sequences`.
 * @throws RangeError if the number of sequences is not a positive integer; TypeError if an option is unknown or of the
 *   wrong type.
 */
export async function evaluate<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  task: Task,
  options: EvaluateOptions,
): Promise<Score> {
  checkKeys("option", options, ["random", "sequences", "onBatch"]);
  const { random, sequences = task.batchSize, onBatch } = options;
  checkCount("sequences", sequences);
  let total: Score = { sequences: 0, loss: 0, bits: 0, wrongBits: 0, exactMatch: 0 };
  while (total.sequences < sequences) {
    const batchSize = Math.min(task.batchSize, sequences - total.sequences);
    const batch = task.sampleBatch(random, { batchSize });
    total = addScores(total, scoreBatch(task, await predict(network, batch), batch));
    onBatch?.(total.sequences);
  }
  return total;
}
