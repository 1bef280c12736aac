import type { LossName } from "@dnc/tasks";
import type { FlagValue } from "../flags/flag-value.js";
import type { CompleteTask, SizeName, TaskSizes, TaskSource } from "./task-source.js";

/** What is known of a task file before it is imported. */
export interface TaskFileOptions {
  /** Absolute path. */
  readonly file: string;
  /** Flags that `dnc train` does not know, for the function that the file exports. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Sizes that are given as flags. */
  readonly sizes: TaskSizes;
  /** Number of sequences in a batch; undefined: the task's own. */
  readonly batchSize: number | undefined;
  /** Replaces the task's own loss; undefined: it keeps its own. */
  readonly loss: LossName | undefined;
}

/** A task file that was imported, and whose task was created once. */
export interface TaskFile {
  /** Creates the task again, with other sizes. */
  readonly source: TaskSource;
  /** The task. */
  readonly task: CompleteTask;
  /** SHA-256 of the file, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Whether it exports a function of flags. */
  readonly isFunction: boolean;
  /** Names of the flags that this function reads. */
  readonly read: ReadonlySet<string>;
}

/** Names of sizes as flags, under which a file's function gets them. */
export const SIZE_FLAGS: Readonly<Record<SizeName, string>> = {
  numBits: "num_bits",
  minLength: "min_length",
  maxLength: "max_length",
  minRepeats: "min_repeats",
  maxRepeats: "max_repeats",
};
