import type { NestedState } from "@dnc/core";
import { createTraining } from "./create-training.js";
import type { RmsProp } from "./rms-prop.js";
import type { TrainOptions } from "./train-options.js";
import type { TrainingReport, TrainingState } from "./training-report.js";

/** Result of a training run. */
export type TrainResult = {
  /** Iterations done since the run began. */
  readonly step: number;
  /** Whether all iterations were run or `until` was reached; false if `signal` stopped the run. */
  readonly completed: boolean;
  /** What computed, in a few words: the engine, or TensorFlow.js ops and why. */
  readonly engine: string;
  /** The last report; absent if there was nothing to do. */
  readonly report?: TrainingReport | undefined;
  /** What `train` takes as `state` to continue. */
  readonly state: TrainingState;
  /** The optimizer that was given, or the new one, which is the caller's to dispose. */
  readonly optimizer: RmsProp;
};

/**
 * Trains a network on a task, in Node and in a page.
 *
 *     const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, seed: 1 });
 *     const { report } = await train({ network, task, iterations: 1000, onReport: ({ step, loss }) => console.log(step, loss) });
 *     console.log("exact match:", report?.exactMatch);
 *
 * Each iteration samples a batch, computes loss and gradients, clips them and updates the variables. The engine of the current
 * backend does so if it supports network, loss and optimizer (import `@dnc/engine-wasm`, for one); otherwise TensorFlow.js ops
 * do, with the same results up to rounding. The event loop gets its turn every few milliseconds. On a CPU backend the same options give the same bits, and so does a run that was resumed from
 * a checkpoint, if its curriculum depends on the progress alone.
 *
 * @typeParam State - What the network carries from step to step.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param options - See `TrainOptions`; `network`, `task` and `iterations` are required.
 * @returns How far the run came. The network's variables hold the result.
 * @throws DivergenceError if loss, gradients or weights are no longer finite; such an update is not applied, such weights are
 *   not handed to `onCheckpoint`. TypeError or RangeError for an option of the wrong kind or out of range, before anything has
 *   changed; and whatever the callbacks throw.
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
