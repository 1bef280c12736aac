import type { ConfigEntry } from "@dnc/report";
import type { RunConfig } from "@dnc/settings";
import type { BackendName } from "@dnc/settings/flags";
import type { EngineName } from "./engine/engine-name.js";

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
