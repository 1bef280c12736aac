import type { NamedVariable } from "@dnc/addressing";
import type * as tf from "@tensorflow/tfjs-core";

/**
 * What a controller carries from one step to the next: named `[batch, size]` tensors, nested like the controller.
 *
 * Nested objects only: `tf.tidy` does not accept readonly arrays. Keys are in the order of `initialState`.
 */
export type ControllerState = { readonly [key: string]: tf.Tensor2D | ControllerState };

/** One step of a controller: new tensors, which belong to the caller. */
export type ControllerStep<State extends ControllerState = ControllerState> = {
  /** `[batch, outputSize]`. */
  readonly output: tf.Tensor2D;
  /** State for the next step, with the shapes of the state before. */
  readonly state: State;
};

/**
 * A recurrent network that a core runs one time step at a time.
 *
 * `step` is pure: it changes neither the controller nor its arguments, and returns new tensors that belong to the
 * caller. Disposing the previous state, or one result of a step, does not affect the others.
 *
 * @typeParam State - type of the state: `[batch, size]` tensors at any depth of nesting.
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
