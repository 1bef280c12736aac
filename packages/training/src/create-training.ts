import type { NestedState } from "@dnc/core";
import { createRandom, restoreRandom, type Task, type TaskLoss } from "@dnc/tasks";
import { createRunner } from "./create-runner.js";
import { RmsProp } from "./rms-prop.js";
import { checkedOptions, type TrainOptions } from "./train-options.js";
import { Training } from "./training.js";

/**
 * Prepares a run of `train` without starting it.
 *
 *     const training = await createTraining({ network, task, iterations: 1000 });
 *     await training.run();
 *     training.dispose();
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param options - As for `train`.
 * @returns The run; the caller disposes it, and the optimizer unless it was one of the options.
 * @throws TypeError or RangeError for an option of the wrong kind or out of range.
 */
export async function createTraining<State extends NestedState, Prepared>(
  options: TrainOptions<State, Prepared>,
): Promise<Training> {
  const { network, task, state, learningRate, maxGradNorm = 50, reportInterval = 100 } = checkedOptions(options);
  const { random = createRandom(1), engine = true, carryState = false } = options;
  const optimizer = options.optimizer ?? new RmsProp(network.variables);
  try {
    const pick = typeof task === "function" ? task : () => task;
    const first = pick({ step: state?.step ?? 0, report: state?.report });
    const runner = await createRunner({
      ...{ network, taskLoss: first, loss: options.loss, optimizer, learningRate, maxGradNorm, engine },
      ...{ carryState, carriedState: state?.carriedState },
    });
    const { iterations, until, onProgress, onReport, checkpointInterval, onCheckpoint, signal } = options;
    return new Training({
      ...{ variables: network.variables, optimizer, runner, state },
      random: state === undefined ? random : restoreRandom(state.random),
      task: (progress) => sameLoss(pick(progress), first),
      ...{ iterations, learningRate, reportInterval, checkpointInterval },
      callbacks: { until, onProgress, onReport, onCheckpoint, signal },
    });
  } catch (error) {
    if (options.optimizer === undefined) optimizer.dispose();
    throw error;
  }
}

/** Returns the task. Throws a TypeError if its loss differs from that of the first task. */
function sameLoss(task: Task, first: TaskLoss): Task {
  for (const name of ["loss", "groupSizes", "timeAverage", "logProbInBits"] as const) {
    const [expected, got] = [String(first[name]), String(task[name])];
    if (got !== expected) throw new TypeError(`task.${name}: expected ${expected} as in the first task, got ${got}`);
  }
  return task;
}
