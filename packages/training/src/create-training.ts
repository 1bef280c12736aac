import type { NestedState } from "@dnc/core";
import { createRandom, isEpisodeTask, restoreRandom } from "@dnc/tasks";
import { createRunner, createValueRunner } from "./create-runner.js";
import { curriculumOf } from "./curriculum.js";
import { episodeRunner } from "./episode-runner.js";
import { evaluate } from "./evaluate.js";
import type { EvaluateLesson } from "./lesson-progress.js";
import { lossOf } from "./loss-of.js";
import { RmsProp } from "./rms-prop.js";
import { checkedOptions, type TrainOptions } from "./train-options.js";
import { Training } from "./training.js";
import { checkValueNeeded } from "./value-training.js";

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
  const { network, state, learningRate, maxGradNorm = 50, reportInterval = 100 } = checkedOptions(options);
  const { random = createRandom(1), engine = true, carryState = false } = options;
  const curriculum = curriculumOf(options);
  const optimizer = options.optimizer ?? new RmsProp(network.variables);
  try {
    const { first } = curriculum;
    if (isEpisodeTask(first)) checkEpisodeOptions(options);
    checkValueNeeded(first, options.value);
    const stepRunner = await createRunner({
      ...{ network, taskLoss: lossOf(first), loss: options.loss, optimizer, learningRate, maxGradNorm, engine },
      ...{ carryState, carriedState: state?.carriedState },
    });
    const value = options.value && (await createValueRunner(options.value, { learningRate, maxGradNorm, engine }));
    const runner = isEpisodeTask(first) ? episodeRunner(stepRunner, network, value) : stepRunner;
    const evaluateLesson: EvaluateLesson = async (task, sequences) => {
      await runner.writeToVariables();
      return evaluate(network, task, { ...sequences, carryState });
    };
    const { iterations, until, onProgress, onReport, onLessonPassed } = options;
    const { checkpointInterval, onCheckpoint, signal } = options;
    const { pickTask, progress } = curriculum;
    return new Training({
      ...{ variables: network.variables, optimizer, value: options.value, runner, state, pickTask },
      lessons: progress && { progress, evaluate: evaluateLesson },
      random: state === undefined ? random : restoreRandom(state.random),
      ...{ iterations, learningRate, reportInterval, checkpointInterval },
      callbacks: { until, onProgress, onReport, onLessonPassed, onCheckpoint, signal },
    });
  } catch (error) {
    if (options.optimizer === undefined) optimizer.dispose();
    throw error;
  }
}

/** Throws a TypeError for options that episodes do not have. */
function checkEpisodeOptions({ loss, carryState }: Pick<TrainOptions, "loss" | "carryState">): void {
  if (loss !== undefined) throw new TypeError("loss: expected none for a task of episodes, got a function");
  if (carryState) throw new TypeError("carryState: expected false for a task of episodes, got true");
}
