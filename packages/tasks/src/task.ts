import type { Batch } from "./batch.js";
import type { TaskLoss } from "./loss.js";
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

/** A task: samples batches, names its loss, and renders batches as text. */
export type Task = TaskLoss & {
  /** Name of the task in run folders and on the command line. */
  readonly name: string;

  /** Number of channels of an input. */
  readonly inputSize: number;

  /** Number of channels of a target. */
  readonly targetSize: number;

  /** Default number of sequences in a batch. */
  readonly batchSize: number;

  /**
   * Samples a batch, sequence by sequence: the sequences do not depend on how they are divided into batches.
   *
   * @param random - Source of every random decision; it advances.
   * @param options - `batchSize`: number of sequences; default: the task's.
   * @returns New arrays; the same state of `random` gives the same arrays on every machine.
   * @throws TypeError if `random` is not a generator or an option is unknown or of the wrong type; RangeError if the
   *   number of sequences is not a positive integer.
   */
  sampleBatch(random: Random, options?: SampleOptions): Batch;

  /**
   * Renders a batch as text: one line per channel, time from left to right. An exact 0 is shown as `-`, any other
   * number without its fraction, so outputs between -1 and 1 that were not rounded are shown as `0`. The text starts
   * with a line break; a blank line separates the sections of a sequence, three separate sequences.
   *
   * Source: the readable strings of DeepMind's dnc package.
   *
   * @param batch - A batch of any size; its mask is not read.
   * @param output - `[timeSteps, batchSize, targetSize]`, shown unchanged under "Model Output:"; see `predictedBits`.
   * @param options - `wholeBatch`: every sequence instead of only the first; default: false.
   * @returns The text.
   * @throws RangeError if the lengths do not fit each other or the task; TypeError if an argument is not a Float32Array
   *   or not a batch, or an option is unknown or not a boolean.
   */
  render(batch: Batch, output?: Float32Array, options?: RenderOptions): string;
};
