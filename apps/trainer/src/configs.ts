import type { CompleteDncConfig, ControllerType } from "@dnc/core";
import type { ConfigEntry } from "@dnc/report";
import type { BackendName } from "./backends/probe.js";

/** The task of a run and its batches. */
export interface TaskConfig extends Readonly<Record<"batchSize" | "numBits" | "minLength" | "maxLength", number>> {
  readonly name: "repeat-copy" | "copy";
  /** Of repeat-copy alone, as is `maxRepeats`. */
  readonly minRepeats: number;
  readonly maxRepeats: number;
}

/** The network of a run; the task decides the widths of its inputs and outputs. */
export interface NetworkConfig
  extends Pick<CompleteDncConfig, "hiddenSize" | "memorySize" | "wordSize" | "readHeads" | "writeHeads"> {
  readonly controller: ControllerType;
  /** 0: no clipping. */
  readonly clipValue: number;
}

/** A network and the sequences that it is for. */
export interface ModelConfig {
  readonly task: TaskConfig;
  readonly network: NetworkConfig;
}

/** How the network is trained. */
export interface TrainingConfig {
  readonly iterations: number;
  readonly learningRate: number;
  readonly epsilon: number;
  readonly maxGradNorm: number;
}

/** What a run reports and saves. */
export interface RecordingConfig {
  readonly reportInterval: number;
  /** Not above 0: only at the end. */
  readonly checkpointInterval: number;
  /** How many of the newest checkpoints stay, besides the best. */
  readonly keepCheckpoints: number;
}

/** A model and the seed of its weights. */
export interface SeededModel extends ModelConfig {
  readonly seed: number;
}

/** Everything that describes a run. */
export interface RunConfig extends ModelConfig {
  readonly training: TrainingConfig;
  readonly recording: RecordingConfig;
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
  readonly backend: BackendName | "auto";
}

/** What is to be done, before anything is. */
export interface RunPlan {
  readonly config: RunConfig;
  /** Threads of the CPU engine; default: the engine's. */
  readonly threads: number | undefined;
  /** Whether reports are JSON. */
  readonly json: boolean;
  /** The folder of the run to resume, its checkpoint interval, and what names it in errors; undefined: a new run. */
  readonly from?: { readonly path: string; readonly checkpointInterval: number; readonly label: string };
  /** Where to write; undefined: a new folder in runs/. */
  readonly to?: string | undefined;
  /**
   * The contents of config.json.
   *
   * @param resolved - the seed and the backend that are used.
   */
  record(resolved: { readonly seed: number; readonly backend: BackendName }): object;
  /**
   * Checks that a checkpoint is of this run.
   *
   * @param path - of the checkpoint, for the message.
   * @param recorded - what its state has as its config.
   * @throws UsageError that lists every difference.
   */
  checkSameRun(path: string, recorded: object): void;
}

/** A run that was trained, as its config.json describes it. */
export interface TrainedRun {
  readonly config: RunConfig & { readonly seed: number };
  /** The same as settings for people: name, value and meaning each. */
  readonly entries: readonly ConfigEntry[];
  /** The shortest command line that trains such a run. */
  readonly command: string;
}
