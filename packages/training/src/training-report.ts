import type { RandomState, Task } from "@dnc/tasks";
import type { IntervalMetrics, IntervalSums } from "./interval-metrics.js";
import type { RmsProp } from "./rms-prop.js";

/** Progress of a run, with the metrics of the iterations since the last report. */
export type TrainingReport = IntervalMetrics & {
  /** Iterations done since the run began. */
  readonly step: number;
  /** Iterations per second in the interval, of those that this process has run. */
  readonly iterationsPerSecond: number;
  /** Seconds since the run began, those before a resume included. */
  readonly seconds: number;
  /** Learning rate of the last update. */
  readonly learningRate: number;
};

/** State of a run besides the variables of network and optimizer: plain data that survives JSON. */
export type TrainingState = {
  /** Iterations done since the run began. */
  readonly step: number;
  /** Seconds that they took. */
  readonly seconds: number;
  /** State of the generator from which the next batch is sampled. */
  readonly random: RandomState;
  /** Sums over the iterations since the last report. */
  readonly interval: IntervalSums;
  /** The last report that was due; absent before the first. */
  readonly report?: TrainingReport | undefined;
};

/** A run at an iteration: together with the network's variables all that resumes it. */
export type TrainingCheckpoint = {
  /** Iterations done since the run began. */
  readonly step: number;
  /** What `train` takes as `state` to resume. */
  readonly state: TrainingState;
  /** The optimizer, whose variables are up to date, as are the network's; all of them are finite. */
  readonly optimizer: RmsProp;
};

/**
 * Picks the task of the next batch.
 *
 * @param progress - How far the run is.
 * @returns A task; one that was made before costs nothing.
 */
export type Curriculum = (progress: CurriculumProgress) => Task;

/** Progress of a run before its next iteration, from which a curriculum picks the task. */
export type CurriculumProgress = {
  /** Iterations done since the run began. */
  readonly step: number;
  /** The last report that was due; absent before the first. */
  readonly report?: TrainingReport | undefined;
};
