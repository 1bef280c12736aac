import type { NestedState, RecurrentCell } from "@dnc/core";
import { checkBoolean, checkNewSequences, checkRunSteps } from "@dnc/core/engine";
import {
  type AnyTask,
  addScores,
  type EpisodeTask,
  isEpisodeTask,
  type Random,
  type Score,
  scoreBatch,
  scoreEpisodes,
} from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { checkCount, checkKeys } from "./checks.js";
import { predictFrom } from "./predict.js";
import { rollOut } from "./roll-out.js";

/** Options of {@link evaluate}. */
export type EvaluateOptions = {
  /** Generator from which the sequences are sampled; it advances. */
  readonly random: Random;
  /** Number of sequences; default: one batch of the task. */
  readonly sequences?: number | undefined;
  /**
   * Whether each batch starts from the network's final state of the batch before, as in `train` with `carryState`; default:
   * false, each starts from the initial state. Then `sequences` must be a multiple of the task's batch size.
   */
  readonly carryState?: boolean | undefined;
  /**
   * Called after each batch.
   *
   * @param sequences - Number of sequences evaluated so far.
   */
  readonly onBatch?: ((sequences: number) => void) | undefined;
};

/** The score of no sequences. */
const NOTHING: Score = { sequences: 0, loss: 0, bits: 0, wrongBits: 0, exactMatch: 0 };

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
 * @param task - The task. Its `batchSize` sequences are evaluated at a time, but do not depend on `batchSize`. In episodes the
 *   network alone decides.
 * @param options - `random`, `sequences`, `carryState` and `onBatch`.
 * @returns Sums over the sequences; divide by `score.sequences`.
 * @throws RangeError if the number of sequences is not a positive integer, or with `carryState` not a multiple of the batch size; TypeError if an option is unknown or of the
 *   wrong type.
 */
export async function evaluate<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  task: AnyTask,
  options: EvaluateOptions,
): Promise<Score> {
  checkKeys("option", options, ["random", "sequences", "carryState", "onBatch"]);
  const { random, sequences = task.batchSize, carryState = false, onBatch } = options;
  checkCount("sequences", sequences);
  checkBoolean("carryState", carryState);
  if (carryState && sequences % task.batchSize !== 0)
    throw new RangeError(
      `sequences: expected a multiple of the batch size (${task.batchSize}) with carryState, got ${sequences}`,
    );
  if (isEpisodeTask(task)) {
    if (carryState) throw new TypeError("carryState: expected false for a task of episodes, got true");
    return evaluateEpisodes(network, task, { random, sequences, onBatch });
  }
  let total = NOTHING;
  let carried: State | undefined;
  try {
    while (total.sequences < sequences) {
      const batchSize = Math.min(task.batchSize, sequences - total.sequences);
      const batch = task.sampleBatch(random, { batchSize });
      checkRunSteps(batch);
      checkNewSequences(batch, { carryState });
      const state = batch.newSequences ? undefined : carried;
      const { logits, finalState } = await predictFrom(network, batch, state, { finalState: carryState });
      tf.dispose(carried ?? []);
      carried = finalState;
      total = addScores(total, scoreBatch(task, logits, batch));
      onBatch?.(total.sequences);
    }
  } finally {
    tf.dispose(carried ?? []);
  }
  return total;
}

/** Evaluates a network on new episodes, in which it alone decides. */
async function evaluateEpisodes<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  task: EpisodeTask,
  { random, sequences, onBatch }: { sequences: number } & Pick<EvaluateOptions, "random" | "onBatch">,
): Promise<Score> {
  let total = NOTHING;
  while (total.sequences < sequences) {
    const batchSize = Math.min(task.batchSize, sequences - total.sequences);
    const { results } = await rollOut(network, task.startEpisodes(random, { batchSize }));
    total = addScores(total, scoreEpisodes(results));
    onBatch?.(total.sequences);
  }
  return total;
}
