import type { NestedState } from "@dnc/core";
import { createTraining } from "./create-training.js";
import type { Optimizer } from "./optimizer.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainingReport, TrainingState } from "./training-report.js";

/** Result of a training run. */
export type TrainResult = {
  /** Number of iterations done since the run began. */
  readonly step: number;
  /** Whether all iterations were run or `until` was reached; false if `signal` stopped the run. */
  readonly completed: boolean;
  /** Short description of what trained: the engine, or TensorFlow.js ops and the reason. */
  readonly engine: string;
  /** The last report; absent if no iteration was run. */
  readonly report?: TrainingReport | undefined;
  /** State that `train` accepts as `state` to continue the run. */
  readonly state: TrainingState;
  /** The optimizer of the options, or a new one, which the caller disposes. */
  readonly optimizer: Optimizer;
};

/**
 * Trains a network on a task, in Node and in a page.
 *
 *     const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 1 });
 *     const { report } = await train({ network, task, iterations: 1000, onReport: ({ step, loss }) => console.log(step, loss) });
 *     console.log("exact match:", report?.exactMatch);
 *
 * Each iteration samples a batch, computes loss and gradients, clips them and updates the variables. This runs on the
 * engine of the current backend if one is imported, such as `@dnc/engine-wasm`, and supports network, loss and
 * optimizer; otherwise in TensorFlow.js ops, with the same results up to rounding. The run yields to the event loop
 * every few milliseconds. On a CPU backend runs are reproducible to the bit, including runs resumed from a checkpoint,
 * if the curriculum depends only on the progress.
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param options - See `TrainOptions`; `network`, `task` and `iterations` are required.
 * @returns How far the run got. The network's variables hold the trained values.
 * @throws DivergenceError if loss, gradients or weights are no longer finite; such an update is not applied, and such
 *   weights are not passed to `onCheckpoint`. TypeError or RangeError for an option of the wrong type or out of range,
 *   before anything has changed. Whatever the callbacks throw.
 */
export async function train<State extends NestedState, Prepared>(
  options: TrainOptions<State, Prepared>,
): Promise<TrainResult> {
  const training = await createTraining(options);
  const { optimizer } = training;
  try {
    await training.run();
    const { step, isDone: completed, description: engine, report, state } = training;
    return { step, completed, engine, report, state, optimizer };
  } catch (error) {
    if (options.optimizer === undefined) optimizer.dispose();
    throw error;
  } finally {
    training.dispose();
  }
}
