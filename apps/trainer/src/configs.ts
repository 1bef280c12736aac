import type { CompleteDncConfig, ControllerType, DncConfig } from "@dnc/core";
import type { OptimizerOptions } from "@dnc/core/engine";
import type { ConfigEntry } from "@dnc/report";
import type { LossName } from "@dnc/tasks";
import type { LessonsOptions, ScheduleOptions } from "@dnc/training";
import type { BackendName } from "./backends/probe.js";
import type { EngineName } from "./engine/engine-name.js";
import type { TaskSizes, TaskSource } from "./task/task-source.js";

/** Task and batches of a run: where the task comes from, and the sizes with which it is created. */
export interface TaskConfig extends TaskSizes {
  readonly source: TaskSource;
  readonly batchSize: number;
  /** Replaces the task's own loss; undefined: it keeps its own. */
  readonly loss?: LossName | undefined;
}

/** Network of a run; the task determines its input and output sizes. */
export interface NetworkConfig
  extends Pick<CompleteDncConfig, "hiddenSize" | "memorySize" | "wordSize" | "readHeads" | "writeHeads"> {
  /** A DNC, or the LSTM without a memory, which ignores the memory's settings. */
  readonly kind: "dnc" | "lstm";
  readonly controller: ControllerType;
  /** Layers of the LSTM; undefined: the default. */
  readonly layers?: number | undefined;
  readonly memory?: DncConfig["memory"];
  /** Largest magnitude of controller state and logits; 0: no clipping. */
  readonly clipValue: number;
}

/** A network and its task. */
export interface ModelConfig {
  readonly task: TaskConfig;
  readonly network: NetworkConfig;
}

/** Options of the training. */
export interface TrainingConfig {
  readonly iterations: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerOptions;
  readonly maxGradNorm: number;
  /** Undefined: the learning rate is constant. */
  readonly schedule: ScheduleOptions | undefined;
  /** Exact match on held-out sequences at which the run ends; undefined: it runs all iterations. */
  readonly until: number | undefined;
}

/** Intervals of reports and checkpoints. */
export interface RecordingConfig {
  readonly reportInterval: number;
  /** Iterations between checkpoints; 0 or less: only at the end. */
  readonly checkpointInterval: number;
  /** Number of newest checkpoints to keep, in addition to the best. */
  readonly keepCheckpoints: number;
}

/** A model and the seed of its weights. */
export interface SeededModel extends ModelConfig {
  readonly seed: number;
}

/** Lessons of a run: the tasks from the easiest to the hardest, and the curriculum. */
export interface LessonsConfig {
  readonly tasks: readonly TaskConfig[];
  /** When a lesson is passed, and the shares of other lessons. */
  readonly options: Omit<LessonsOptions, "lessons">;
}

/** Complete configuration of a run. */
export interface RunConfig extends ModelConfig {
  /** Undefined: it trains on its task from the start. */
  readonly lessons?: LessonsConfig | undefined;
  readonly training: TrainingConfig;
  readonly recording: RecordingConfig;
  /** Undefined: a random seed is drawn. */
  readonly seed: number | undefined;
  readonly backend: BackendName | "auto";
}

/** Plan of `dnc train`, made before anything is written. */
export interface RunPlan {
  readonly config: RunConfig;
  /** Threads of the CPU engine; default: the engine's. */
  readonly threads: number | undefined;
  /** Engine of the CPU backend; `auto`: that of the run to resume, otherwise the fastest that works. */
  readonly engine: EngineName | "auto";
  /** Whether reports are JSON. */
  readonly json: boolean;
  /** Folder of the run to resume, its checkpoint interval, and its name in errors; undefined: a new run. */
  readonly from?: { readonly path: string; readonly checkpointInterval: number; readonly label: string };
  /** Folder to write to; undefined: a new one in runs/. */
  readonly to?: string | undefined;
  /** Sentences for the user about the run's task. */
  readonly notices: readonly string[];
  /**
   * Creates the contents of config.json.
   *
   * @param resolved - the seed and the backend that are used, and the step at which the run begins or resumes.
   */
  record(resolved: { readonly seed: number; readonly backend: BackendName; readonly step: number }): object;
  /**
   * Checks that a checkpoint is of this run.
   *
   * @param path - path of the checkpoint, for the message.
   * @param recorded - the config in its state, and the step after which it was saved.
   * @throws UsageError that lists every difference.
   */
  checkSameRun(path: string, recorded: { readonly config: object; readonly step: number }): void;
}

/** A run that was trained, as its config.json describes it. */
export interface TrainedRun {
  readonly config: RunConfig & { readonly seed: number };
  /** Name of the preset with which it began; undefined if there was none. */
  readonly preset: string | undefined;
  /** Number of its lessons; 0 if it trained on its task from the start. */
  readonly lessonCount: number;
  /** Flags of its task that the trainer does not know. */
  readonly taskFlags: Readonly<Record<string, string | number | boolean>>;
  /** The configuration for a report: name, value and description of each setting. */
  readonly entries: readonly ConfigEntry[];
  /** The shortest command line that trains such a run. */
  readonly command: string;
}
