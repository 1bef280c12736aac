import type { CompleteDncConfig, ControllerType, DncConfig } from "@dnc/core";
import type { OptimizerOptions } from "@dnc/core/engine";
import type { LossName } from "@dnc/tasks";
import type { LessonsOptions, ScheduleOptions } from "@dnc/training";
import type { Settings } from "./flags/train-flags.js";
import type { TaskSizes, TaskSource } from "./task/task-source.js";

/** Task and batches of a run: where the task comes from, and the sizes with which it is created. */
export interface TaskConfig extends TaskSizes {
  /** Creates the task. */
  readonly source: TaskSource;
  /** Number of sequences in a batch. */
  readonly batchSize: number;
  /** Replaces the task's own loss; undefined: it keeps its own. */
  readonly loss?: LossName | undefined;
}

/** Network of a run; the task determines its input and output sizes. */
export interface NetworkConfig
  extends Pick<CompleteDncConfig, "hiddenSize" | "memorySize" | "wordSize" | "readHeads" | "writeHeads"> {
  /** A DNC, or the LSTM without a memory, which ignores the memory's settings. */
  readonly kind: "dnc" | "lstm";
  /** The network that steers the memory. */
  readonly controller: ControllerType;
  /** Layers of the LSTM; undefined: the default. */
  readonly layers?: number | undefined;
  /** Variants of the memory; undefined: the reference's. */
  readonly memory?: DncConfig["memory"] | undefined;
  /** Largest magnitude of controller state and logits; 0: no clipping. */
  readonly clipValue: number;
}

/** A network and its task. */
export interface ModelConfig {
  /** The task, with its batches. */
  readonly task: TaskConfig;
  /** The network. */
  readonly network: NetworkConfig;
}

/** Options of the training. */
export interface TrainingConfig {
  /** Number of iterations. */
  readonly iterations: number;
  /** Step size of the optimizer, before any schedule. */
  readonly learningRate: number;
  /** Kind and options of the optimizer. */
  readonly optimizer: OptimizerOptions;
  /** Global norm to which gradients are scaled down. */
  readonly maxGradNorm: number;
  /** Undefined: the learning rate is constant. */
  readonly schedule: ScheduleOptions | undefined;
  /** Exact match on held-out sequences at which the run ends; undefined: it runs all iterations. */
  readonly until: number | undefined;
}

/** Intervals of reports and checkpoints. */
export interface RecordingConfig {
  /** Iterations between reports. */
  readonly reportInterval: number;
  /** Iterations between checkpoints; 0 or less: only at the end. */
  readonly checkpointInterval: number;
  /** Number of newest checkpoints to keep, in addition to the best. */
  readonly keepCheckpoints: number;
}

/** A model and the seed of its weights. */
export interface SeededModel extends ModelConfig {
  /** The seed, an integer of at least 0. */
  readonly seed: number;
}

/** Lessons of a run: the tasks from the easiest to the hardest, and the curriculum. */
export interface LessonsConfig {
  /** The tasks, in the order of the lessons. */
  readonly tasks: readonly TaskConfig[];
  /** When a lesson is passed, and the shares of other lessons. */
  readonly options: Omit<LessonsOptions, "lessons">;
}

/** Complete configuration of a run. */
export interface RunConfig extends ModelConfig {
  /** Undefined: it trains on its task from the start. */
  readonly lessons?: LessonsConfig | undefined;
  /** How it is trained. */
  readonly training: TrainingConfig;
  /** How often it is reported and saved. */
  readonly recording: RecordingConfig;
  /** Undefined: a random seed is drawn. */
  readonly seed: number | undefined;
  /** The backend that is asked for. */
  readonly backend: Settings["backend"];
}
