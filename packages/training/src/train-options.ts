import type { NestedState, RecurrentCell } from "@dnc/core";
import { checkBoolean, checkObject, checkPositive, formatValue } from "@dnc/core/engine";
import type { AnyTask, Random } from "@dnc/tasks";
import { checkCount, checkKeys } from "./checks.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import type { PassedLesson } from "./lesson-progress.js";
import type { Lessons } from "./lessons.js";
import type { LossFunction } from "./loss-function.js";
import { checkOptimizer, type Optimizer } from "./optimizer.js";
import type { Curriculum, TrainingCheckpoint, TrainingReport, TrainingState } from "./training-report.js";
import { checkValue, type ValueTraining } from "./value-training.js";

/** A signal that ends a run, such as that of an `AbortController`. */
export type StopSignal = {
  /** Whether to stop after the current iteration. */
  readonly aborted: boolean;
};

const OPTIONS = [
  "network",
  "task",
  "iterations",
  "until",
  "optimizer",
  "value",
  "learningRate",
  "maxGradNorm",
  "carryState",
  "loss",
  "engine",
  "random",
  "state",
  "reportInterval",
  "onProgress",
  "onReport",
  "onLessonPassed",
  "checkpointInterval",
  "onCheckpoint",
  "signal",
];

/**
 * Options of {@link train}.
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 */
export type TrainOptions<State extends NestedState = NestedState, Prepared = unknown> = {
  /** The network: any recurrent cell with the interface of `Dnc`, as wide as the task's inputs and targets. */
  readonly network: RecurrentCell<State, Prepared>;
  /**
   * The task, a curriculum of lessons (see `lessons`), or a function that picks the task of the next batch. A function is called
   * before every iteration, so it should reuse task objects. All tasks must have the same loss, or all be of episodes.
   */
  readonly task: AnyTask | Lessons | Curriculum;
  /** Total number of iterations, including those before a resume. */
  readonly iterations: number;
  /**
   * Ends the run early.
   *
   * @param report - The latest report.
   * @returns Whether to end the run.
   */
  readonly until?: ((report: TrainingReport) => boolean) | undefined;
  /**
   * Optimizer of `network.variables`, such as an `Adam`; default: a new `RmsProp` with the reference's hyperparameters.
   */
  readonly optimizer?: Optimizer | undefined;
  /**
   * The value network, for a task of episodes that needs one (`valueNetwork`); otherwise none. It is trained along, with the same
   * learning rate and `maxGradNorm`, to output the rewards to come.
   */
  readonly value?: ValueTraining | undefined;
  /** Learning rate by iteration; default: the optimizer's constant rate. */
  readonly learningRate?: LearningRateSchedule | undefined;
  /** Largest global norm of the gradients, above 0; larger gradients are scaled down to it; default: 50. */
  readonly maxGradNorm?: number | undefined;
  /**
   * Whether each batch starts from the network's final state of the batch before, without a gradient through it (truncated
   * backpropagation through time); default: false, each starts from the initial state. A batch with `newSequences: true` does,
   * too, and one of another batch size must. Not for episodes, which always start from the initial state.
   */
  readonly carryState?: boolean | undefined;
  /** The loss to minimize; default: the task's. Not for episodes, whose loss is part of them. */
  readonly loss?: LossFunction | undefined;
  /**
   * Whether to use an engine's trainer if possible; default: true. TensorFlow.js ops give the same results up to
   * rounding.
   */
  readonly engine?: boolean | undefined;
  /** Generator from which batches are sampled; it advances; default: `createRandom(1)`, or the generator of `state`. */
  readonly random?: Random | undefined;
  /**
   * State from a checkpoint, to resume the run; default: a new run. Restore the variables of network and optimizer
   * first.
   */
  readonly state?: TrainingState | undefined;
  /** Number of iterations between reports; default: 100. */
  readonly reportInterval?: number | undefined;
  /**
   * Called after each iteration.
   *
   * @param progress - Means since the last report, over the iterations whose results are known: an engine may run
   *   ahead.
   */
  readonly onProgress?: ((progress: TrainingReport) => void) | undefined;
  /**
   * Called with each report. The variables are up to date, so it may evaluate the network. A returned promise is
   * awaited.
   *
   * @param report - Means since the previous report.
   */
  readonly onReport?: ((report: TrainingReport) => void | Promise<void>) | undefined;
  /**
   * Called when a lesson is passed, with a curriculum of lessons. A returned promise is awaited.
   *
   * @param lesson - The lesson, and the value that has passed it.
   */
  readonly onLessonPassed?: ((lesson: PassedLesson) => void | Promise<void>) | undefined;
  /** Number of iterations between checkpoints; default: a single checkpoint at the end. */
  readonly checkpointInterval?: number | undefined;
  /**
   * Called with each checkpoint, the last one at the end of the run. A returned promise is awaited.
   *
   * @param checkpoint - Everything needed to resume the run, except the network's variables.
   */
  readonly onCheckpoint?: ((checkpoint: TrainingCheckpoint) => void | Promise<void>) | undefined;
  /** Signal that ends the run after the current iteration, with a last report and checkpoint. */
  readonly signal?: StopSignal | undefined;
};

/** The callbacks and the signal of `TrainOptions`. */
export type TrainCallbacks = Pick<
  TrainOptions,
  "until" | "onProgress" | "onReport" | "onLessonPassed" | "onCheckpoint" | "signal"
>;

/** Checks the options of `train`, before anything has changed. Throws a TypeError or RangeError. */
export function checkedOptions<State extends NestedState, Prepared>(
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
  for (const name of ["loss", "learningRate"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function")
      throw new TypeError(`${name}: expected a function, got ${formatValue(options[name])}`);
  if (options.optimizer !== undefined) {
    checkObject("optimizer", options.optimizer);
    checkOptimizer(options.optimizer, network.variables);
  }
  if (options.value !== undefined) checkValue(options.value);
  checkBoolean("engine", options.engine ?? true);
  checkBoolean("carryState", options.carryState ?? false);
  if (options.state?.carriedState !== undefined && !options.carryState)
    throw new TypeError("state.carriedState: expected none without carryState, got one");
  return options;
}
