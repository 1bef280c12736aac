import type { AnyTask, BabiTask, GraphTask, LossName, TaskFacts } from "@dnc/tasks";

/** A task with the facts that commands show and plan memory with. */
export type CompleteTask = AnyTask &
  Pick<TaskFacts, "description" | "channelLabels" | "maxTimeSteps"> & {
    /** Reads the graph of a sequence, for a built-in task that has one. */
    readonly readGraph?: GraphTask["readGraph"] | undefined;
    /** Returns all sequences of a set that is measured whole; absent if sequences are drawn. */
    readonly everyBatch?: BabiTask["everyBatch"] | undefined;
  };

/** Sizes of a task's sequences that a run or a command can set. */
export const SIZE_NAMES = ["numBits", "minLength", "maxLength", "minRepeats", "maxRepeats"] as const;

/** Name of a size of a task's sequences. */
export type SizeName = (typeof SIZE_NAMES)[number];

/** Sizes of a task's sequences; undefined: the task's default. */
export type TaskSizes = { readonly [Name in SizeName]?: number | undefined };

/** With what a source creates its task. */
export type TaskOptions = TaskSizes & {
  /** Number of sequences in a batch. */
  readonly batchSize: number;
  /** Replaces the task's own loss; undefined: it keeps its own. */
  readonly loss?: LossName | undefined;
};

/** Where a task comes from: a built-in task or a file. It creates the task for any sizes. */
export interface TaskSource {
  /** Name of the source in messages: that of a built-in task, or the path of a file. */
  readonly name: string;
  /** The sizes that the task has, which a command may change. */
  readonly sizes: readonly SizeName[];
  /**
   * Creates the task.
   *
   * @param config - `batchSize`: number of sequences in a batch; `loss`: replaces the task's own; and the sizes of its
   *   sequences.
   * @throws UsageError if the task of a file is not valid.
   */
  create(config: TaskOptions): CompleteTask | Promise<CompleteTask>;
}
