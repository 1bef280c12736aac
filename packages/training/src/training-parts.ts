import type { NamedVariable } from "@dnc/core";
import type { AnyTask, Random } from "@dnc/tasks";
import type { LearningRateSchedule } from "./learning-rate.js";
import type { EvaluateLesson, LessonProgress } from "./lesson-progress.js";
import type { Optimizer } from "./optimizer.js";
import type { StepRunner } from "./step-runner.js";
import type { TrainCallbacks } from "./train-options.js";
import type { CurriculumProgress, TrainingState } from "./training-report.js";
import type { ValueTraining } from "./value-training.js";

/** All parts of a run. */
export type TrainingParts = {
  readonly variables: readonly NamedVariable[];
  readonly optimizer: Optimizer;
  /** The value network that is trained along; undefined: there is none. */
  readonly value?: ValueTraining | undefined;
  readonly runner: StepRunner;
  /** Picks the task of the next batch, and says which lesson it is; 0 without lessons. */
  readonly pickTask: (
    progress: CurriculumProgress,
    random: Random,
  ) => { readonly task: AnyTask; readonly lesson: number };
  /** With lessons: how far the run is in them, and how to evaluate the network for a decision. */
  readonly lessons?: { readonly progress: LessonProgress; readonly evaluate: EvaluateLesson } | undefined;
  readonly random: Random;
  readonly state: TrainingState | undefined;
  readonly iterations: number;
  readonly learningRate: LearningRateSchedule | undefined;
  readonly reportInterval: number;
  readonly checkpointInterval: number | undefined;
  /** Default callbacks of `run`. */
  readonly callbacks: TrainCallbacks;
};
