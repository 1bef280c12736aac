import type { NamedVariable } from "@dnc/addressing";
import type * as tf from "@tensorflow/tfjs-core";

/**
 * What a controller carries from one step to the next: named `[batch, size]` tensors, nested like the controller.
 *
 * Objects only, because `tf.tidy` accepts no readonly arrays. The order of the keys is that of `initialState`.
 */
export type ControllerState = { readonly [key: string]: tf.Tensor2D | ControllerState };

/** One step of a controller: new tensors, which belong to the caller. */
export type ControllerStep<State extends ControllerState = ControllerState> = {
  /** `[batch, outputSize]`. */
  readonly output: tf.Tensor2D;
  /** What the next step begins with; the shapes of the state before. */
  readonly state: State;
};

/**
 * A network that is stepped through time by a core.
 *
 * `step` is pure: it writes neither to the controller nor to its arguments, and all its results are new tensors
 * that belong to the caller. Disposing the previous state, or one result of a step, leaves the others valid.
 *
 * @typeParam State - the shape of what it carries from step to step; any nesting of `[batch, size]` tensors.
 */
export interface Controller<State extends ControllerState = ControllerState> {
  /** Width of the inputs. */
  readonly inputSize: number;
  /** Width of the outputs. */
  readonly outputSize: number;
  /** Every trainable variable, in a stable order. */
  readonly variables: readonly NamedVariable[];
  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns tensors `[batch, size]`, all zeros.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): State;
  /**
   * Runs one step in time.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the previous step.
   * @returns `output`, `[batch, outputSize]`, and the next `state`, with the shapes of the previous.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor.
   */
  step(inputs: tf.Tensor2D, state: State): ControllerStep<State>;
  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void;
}
