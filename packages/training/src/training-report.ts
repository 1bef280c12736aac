import type { AnyTask, RandomState } from "@dnc/tasks";
import type { CarriedState } from "./carried-state.js";
import type { IntervalMetrics, IntervalSums } from "./interval-metrics.js";
import type { CurrentLesson, LessonsState } from "./lesson-progress.js";
import type { Optimizer } from "./optimizer.js";
import type { ValueTraining } from "./value-training.js";

/** Progress of a run, with the metrics of the iterations since the last report. */
export type TrainingReport = IntervalMetrics & {
  /** Number of iterations done since the run began. */
  readonly step: number;
  /** Iterations per second in the interval, over those that this process ran. */
  readonly iterationsPerSecond: number;
  /** Training time since the run began, in seconds, including the time before a resume. */
  readonly seconds: number;
  /** Learning rate of the last update. */
  readonly learningRate: number;
  /** With lessons: that of the last iteration. Metrics are over all batches, those of other lessons too. */
  readonly lesson?: CurrentLesson | undefined;
};

/** State of a run except for the variables of network and optimizer: plain data that can be converted to JSON. */
export type TrainingState = {
  /** Number of iterations done since the run began. */
  readonly step: number;
  /** Seconds that the iterations took. */
  readonly seconds: number;
  /** State of the generator from which the next batch is sampled. */
  readonly random: RandomState;
  /** Sums over the iterations since the last report. */
  readonly interval: IntervalSums;
  /** The last report that was due; absent before the first. */
  readonly report?: TrainingReport | undefined;
  /** With lessons: how far the run is in them. */
  readonly lessons?: LessonsState | undefined;
  /**
   * With `carryState`: the network's state after the last batch, as of the last checkpoint, report or end of the run; absent
   * before the first batch.
   */
  readonly carriedState?: CarriedState | undefined;
};

/** A checkpoint of a run: together with the network's variables, everything needed to resume it. */
export type TrainingCheckpoint = {
  /** Number of iterations done since the run began. */
  readonly step: number;
  /** State that `train` accepts as `state` to resume the run. */
  readonly state: TrainingState;
  /** The optimizer. Its variables and the network's are up to date and finite. */
  readonly optimizer: Optimizer;
  /** The value network with its optimizer, if one is trained along; their variables are up to date and finite, too. */
  readonly value?: ValueTraining | undefined;
};

/**
 * Picks the task of the next batch.
 *
 * @param progress - Progress of the run.
 * @returns A task; reuse task objects, since this is called before every iteration.
 */
export type Curriculum = (progress: CurriculumProgress) => AnyTask;

/** Progress of a run before its next iteration, the argument of a curriculum. */
export type CurriculumProgress = {
  /** Number of iterations done since the run began. */
  readonly step: number;
  /** The last report that was due; absent before the first. */
  readonly report?: TrainingReport | undefined;
};
