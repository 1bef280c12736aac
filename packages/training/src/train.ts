import type { NestedState, RecurrentCell } from "@dnc/core";
import { createRandom, type Random, type Task, type TaskLoss } from "@dnc/tasks";
import { checkCount, checkKeys, checkObject, checkPositive } from "./checks.js";
import { createRunner } from "./create-runner.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import type { LossFunction } from "./loss-function.js";
import { RmsProp } from "./rms-prop.js";
import type { Curriculum, TrainingCheckpoint, TrainingReport, TrainingState } from "./training-report.js";
import { randomOf, type StopSignal, TrainingRun } from "./training-run.js";

const OPTIONS = [
  "network",
  "task",
  "iterations",
  "until",
  "optimizer",
  "learningRate",
  "maxGradNorm",
  "loss",
  "random",
  "state",
  "reportInterval",
  "onReport",
  "checkpointInterval",
  "onCheckpoint",
  "signal",
];

/**
 * What to train, on what, and for how long.
 *
 * @typeParam State - What the network carries from step to step.
 * @typeParam Prepared - What its `prepareWeights` returns.
 */
export type TrainOptions<State extends NestedState = NestedState, Prepared = unknown> = {
  /** The network: any recurrent cell with the interface of `Dnc`, as wide as the task's inputs and targets. */
  readonly network: RecurrentCell<State, Prepared>;
  /**
   * The task, or a curriculum: a function that picks the task of the next batch. A curriculum is asked before every iteration,
   * so let it return tasks that it has made before. All its tasks have one loss.
   */
  readonly task: Task | Curriculum;
  /** Number of iterations in all, those before a resume included. */
  readonly iterations: number;
  /**
   * Ends the run early.
   *
   * @param report - The latest report.
   * @returns Whether the goal is reached.
   */
  readonly until?: ((report: TrainingReport) => boolean) | undefined;
  /** Made for `network.variables`; default: a new `RmsProp` with the reference's numbers. */
  readonly optimizer?: RmsProp | undefined;
  /** Learning rate by iteration; default: the optimizer's. */
  readonly learningRate?: LearningRateSchedule | undefined;
  /** Gradients are scaled down to this global norm, above 0; default: 50. */
  readonly maxGradNorm?: number | undefined;
  /** The loss to reduce; default: the task's. */
  readonly loss?: LossFunction | undefined;
  /** Where batches are sampled from; it advances; default: `createRandom(1)`, or the generator of `state`. */
  readonly random?: Random | undefined;
  /** State of a checkpoint, to resume the run; variables of network and optimizer must have been restored. */
  readonly state?: TrainingState | undefined;
  /** Number of iterations from one report to the next; default: 100. */
  readonly reportInterval?: number | undefined;
  /**
   * Called with each report. The variables are up to date: it may evaluate the network. What it returns is awaited.
   *
   * @param report - Means since the report before.
   */
  readonly onReport?: ((report: TrainingReport) => void | Promise<void>) | undefined;
  /** Number of iterations from one checkpoint to the next; default: only one at the end. */
  readonly checkpointInterval?: number | undefined;
  /**
   * Called with each checkpoint, the last one at the end of the run. What it returns is awaited.
   *
   * @param checkpoint - Everything that resumes the run, besides the network's variables.
   */
  readonly onCheckpoint?: ((checkpoint: TrainingCheckpoint) => void | Promise<void>) | undefined;
  /** Ends the run after the current iteration, with a last report and checkpoint. */
  readonly signal?: StopSignal | undefined;
};

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
  const { network, task, iterations, until, learningRate, state, onReport, onCheckpoint, signal } = checked(options);
  const { maxGradNorm = 50, reportInterval = 100, checkpointInterval, random = createRandom(1) } = options;
  const optimizer = options.optimizer ?? new RmsProp(network.variables);
  try {
    const pick = typeof task === "function" ? task : () => task;
    const first = pick({ step: state?.step ?? 0, report: state?.report });
    const runner = await createRunner({
      ...{ network, taskLoss: first, loss: options.loss, optimizer, learningRate, maxGradNorm },
    });
    try {
      const run = new TrainingRun({
        variables: network.variables,
        ...{ optimizer, runner, random: randomOf(state, random), state },
        task: (progress) => sameLoss(pick(progress), first),
        ...{ iterations, until, learningRate, reportInterval, onReport, checkpointInterval, onCheckpoint, signal },
      });
      await run.run();
      const { step, report } = run;
      return { step, completed: run.isDone, engine: runner.description, report, state: run.state, optimizer };
    } finally {
      runner.dispose();
    }
  } catch (error) {
    if (options.optimizer === undefined) optimizer.dispose();
    throw error;
  }
}

/** The task. Throws a TypeError if its loss is another one than that of the first task. */
function sameLoss(task: Task, first: TaskLoss): Task {
  for (const name of ["loss", "timeAverage", "logProbInBits"] as const)
    if (task[name] !== first[name])
      throw new TypeError(`task.${name}: expected ${first[name]} as in the first task, got ${task[name]}`);
  return task;
}

function checked<State extends NestedState, Prepared>(
  options: TrainOptions<State, Prepared>,
): TrainOptions<State, Prepared> {
  checkKeys("option", options, OPTIONS);
  const { network, task, iterations, maxGradNorm = 50, reportInterval = 1, checkpointInterval = 1 } = options;
  checkObject("network", network);
  if (typeof task !== "function") checkObject("task", task);
  checkCount("iterations", iterations);
  checkCount("reportInterval", reportInterval);
  checkCount("checkpointInterval", checkpointInterval);
  checkPositive("maxGradNorm", maxGradNorm);
  return options;
}
