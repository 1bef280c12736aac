import type * as tf from "@tensorflow/tfjs-core";
import type { Random } from "./random.js";

/**
 * Input sequences, the answers expected, and when an answer counts; time-major. Elements shorter than the longest in
 * the batch are zero at the end. Its three tensors belong to whoever asked for the batch: `tf.dispose(batch)`.
 */
export type Batch = {
  /** `[time, batch, inputSize]`: what the network sees at each step. */
  readonly observations: tf.Tensor3D;
  /** `[time, batch, targetSize]`, in [0, 1]: what it should answer at each step. */
  readonly target: tf.Tensor3D;
  /** `[time, batch]`, 0 or 1: 1 where the answer counts. */
  readonly mask: tf.Tensor2D;
};

/** How `Task.render` writes a batch. */
export type RenderOptions = {
  /** Every element of the batch instead of only the first; false by default. */
  readonly wholeBatch?: boolean | undefined;
};

/** Something to learn from sequences: it draws examples, scores answers, and shows both to people. */
export type Task = {
  /** What the task is called in run folders and on the command line. */
  readonly name: string;

  /** Width of an observation. */
  readonly inputSize: number;

  /** Width of an answer. */
  readonly targetSize: number;

  /**
   * Draws a batch.
   *
   * @param random - Where every random decision comes from; it is moved on.
   * @returns Three new tensors, which the caller disposes; the same for the same state of `random`, on every backend.
   * @throws TypeError if `random` is no generator.
   */
  sample(random: Random): Batch;

  /**
   * How far answers are from the target; see `maskedSigmoidCrossEntropy`.
   *
   * @param logits - `[time, batch, targetSize]`: the network's answers, before the sigmoid.
   * @param batch - The batch they answer; only its target and mask are read.
   * @returns A scalar: the mean over the batch.
   * @throws RangeError if shapes do not fit each other or the task; TypeError if something is no tensor or no
   *   batch.
   */
  cost(logits: tf.Tensor3D, batch: Batch): tf.Scalar;

  /**
   * The batch as text for people: a line a channel, time from left to right. An exact 0 is `-`; any other number is
   * shown without its fraction, so that an answer which was not rounded shows as `0` between -1 and 1. Starts with a
   * line break; a blank line parts the sections of an element, three part the elements.
   *
   * Source: the readable strings of DeepMind's dnc package.
   *
   * @param batch - `[time, batch, ...]`, any batch size; its mask is not read.
   * @param output - `[time, batch, targetSize]`, shown as it is under "Model Output:"; see `modelOutput`.
   * @param options - `wholeBatch`: every element instead of only the first; false by default.
   * @returns The text, once the numbers have arrived from the backend.
   * @throws RangeError (as a rejection) if shapes do not fit each other or the task; TypeError if something is no
   *   tensor or no batch, or an option is unknown or no boolean.
   */
  render(batch: Batch, output?: tf.Tensor3D, options?: RenderOptions): Promise<string>;
};
