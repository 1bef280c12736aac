import type { Batch } from "./batch.js";
import type { TaskFacts } from "./facts.js";
import type { TaskLoss } from "./loss-options.js";
import type { Random } from "./random.js";

/** Options of `Task.render`. */
export type RenderOptions = {
  /** Whether to render every sequence of the batch instead of only the first; default: false. */
  readonly wholeBatch?: boolean | undefined;
};

/** Options of `Task.sampleBatch`. */
export type SampleOptions = {
  /** Number of sequences; default: the task's `batchSize`. */
  readonly batchSize?: number | undefined;
};

/**
 * Something to learn from sequences: samples batches, names its loss, and renders batches as text. Facts about its sequences
 * are optional.
 */
export type Task = TaskLoss & { readonly [Name in keyof TaskFacts]?: TaskFacts[Name] | undefined } & {
  /** Name of the task in run folders and on the command line. */
  readonly name: string;

  /** Number of channels of an input. */
  readonly inputSize: number;

  /** Number of channels of a target. */
  readonly targetSize: number;

  /** Number of sequences in a batch, unless `sampleBatch` is asked for another one. */
  readonly batchSize: number;

  /**
   * Maps the number in one channel of an input to the number to show, for a channel that was scaled for the network; absent if
   * every number is shown as it is. `render` uses it.
   *
   * @param value - The number in the input, in float32.
   * @param channel - Index of the input channel, from 0.
   * @returns The number to show.
   * @throws TypeError if the task's definition returns no number.
   */
  readonly formatInput?: ((value: number, channel: number) => number) | undefined;

  /**
   * Samples a batch: sequence by sequence, so that batches of any size hold the same sequences in the same order.
   *
   * @param random - Source of every random decision; it advances.
   * @param options - `batchSize`: number of sequences; default: the task's.
   * @returns New arrays; the same for the same state of `random`, on every machine.
   * @throws TypeError if `random` is no generator or an option is unknown or of the wrong kind; RangeError if the number of
   *   sequences is no positive integer.
   */
  sampleBatch(random: Random, options?: SampleOptions): Batch;

  /**
   * Renders a batch as text for people: a line per channel, time from left to right. An exact 0 is `-`; any other number is
   * shown without its fraction, so that an output which was not rounded shows as `0` between -1 and 1; a task with loss `squared`
   * shows two decimals. Starts with a line break; a blank line separates the sections of a sequence, three separate the sequences.
   *
   * Source: the readable strings of DeepMind's dnc package.
   *
   * @param batch - Of any batch size; its mask is not read.
   * @param output - `[timeSteps, batchSize, targetSize]`, shown as it is under "Model Output:"; see `predictedOutputs`.
   * @param options - `wholeBatch`: every sequence instead of only the first; default: false.
   * @returns The text.
   * @throws RangeError if the lengths do not fit each other or the task; TypeError if something is no Float32Array or no
   *   batch, or an option is unknown or no boolean.
   */
  render(batch: Batch, output?: Float32Array, options?: RenderOptions): string;
};
