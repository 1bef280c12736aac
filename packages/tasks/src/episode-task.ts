import type { Episodes } from "./episodes.js";
import type { TaskFacts } from "./facts.js";
import type { Random } from "./random.js";
import type { Task } from "./task.js";

/** Options of `EpisodeTask.startEpisodes`. */
export type EpisodeOptions = {
  /** Number of episodes; default: the task's `batchSize`. */
  readonly batchSize?: number | undefined;
  /**
   * Whether to train on them: then a task may explore, or let a teacher decide instead of the network; default: false, the
   * network alone decides.
   */
  readonly training?: boolean | undefined;
};

/**
 * A task whose sequences depend on the network: its next input follows from its last output, as where a network acts in an
 * environment. Facts about its sequences are optional.
 */
export type EpisodeTask = { readonly [Name in keyof TaskFacts]?: TaskFacts[Name] | undefined } & {
  /** Name of the task in run folders and on the command line. */
  readonly name: string;

  /** Number of channels of an input. */
  readonly inputSize: number;

  /** Number of the network's outputs, under its name in a `Task`; an episode has no targets. */
  readonly targetSize: number;

  /**
   * Whether a second network learns along, which estimates the rewards to come from the same inputs, with one output; default: false.
   */
  readonly valueNetwork?: boolean | undefined;

  /** Names of the quantities in `EpisodeResults.metrics`, by which a curriculum can be promoted; default: none. */
  readonly metrics?: readonly string[] | undefined;

  /** Number of episodes in a batch, unless `startEpisodes` is asked for another one. */
  readonly batchSize: number;

  /**
   * Starts a batch of episodes. They are sampled one by one, and each draws its later decisions from a generator of its own, so
   * that batches of any size hold the same episodes in the same order.
   *
   * @param random - Source of every random decision; it advances during this call only.
   * @param options - `batchSize`: number of episodes; default: the task's. `training`: whether to train on them; default: false.
   * @returns Episodes before their first time step; the same for the same state of `random`, on every machine.
   * @throws TypeError if `random` is no generator or an option is unknown or of the wrong kind; RangeError if the number of
   *   episodes is no positive integer.
   */
  startEpisodes(random: Random, options?: EpisodeOptions): Episodes;
};

/** A task of either kind: of sequences with targets, or of episodes. */
export type AnyTask = Task | EpisodeTask;

/**
 * Whether a task is one of episodes.
 *
 * @param task - A task of either kind.
 */
export function isEpisodeTask(task: AnyTask): task is EpisodeTask {
  return "startEpisodes" in task;
}
