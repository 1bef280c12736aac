import type { NestedState, RecurrentCell } from "@dnc/core";
import { checkBoolean, checkObject, checkPositive } from "@dnc/core/engine";
import type { Random, Task } from "@dnc/tasks";
import { checkCount, checkKeys } from "./checks.js";
import type { LearningRateSchedule } from "./learning-rate.js";
import type { LossFunction } from "./loss-function.js";
import type { RmsProp } from "./rms-prop.js";
import type { Curriculum, TrainingCheckpoint, TrainingReport, TrainingState } from "./training-report.js";

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
  "learningRate",
  "maxGradNorm",
  "loss",
  "engine",
  "random",
  "state",
  "reportInterval",
  "onProgress",
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
  /** Whether an engine may train; default: true. TensorFlow.js ops give the same results up to rounding. */
  readonly engine?: boolean | undefined;
  /** Where batches are sampled from; it advances; default: `createRandom(1)`, or the generator of `state`. */
  readonly random?: Random | undefined;
  /** State of a checkpoint, to resume the run; variables of network and optimizer must have been restored. */
  readonly state?: TrainingState | undefined;
  /** Number of iterations from one report to the next; default: 100. */
  readonly reportInterval?: number | undefined;
  /**
   * Called after each iteration.
   *
   * @param progress - Means since the last report, of the iterations whose results are known: an engine may run ahead.
   */
  readonly onProgress?: ((progress: TrainingReport) => void) | undefined;
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

/** What a run calls and asks: the callbacks of `TrainOptions`. */
export type TrainCallbacks = Pick<TrainOptions, "until" | "onProgress" | "onReport" | "onCheckpoint" | "signal">;

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
  checkBoolean("engine", options.engine ?? true);
  return options;
}
