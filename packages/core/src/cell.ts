import type { NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import type { NestedState } from "./state.js";

/** Named tensors of one step, each `[batch, ...]`. */
export type StepTrace = { readonly [quantity: string]: tf.Tensor };

/**
 * Options for the `step` of a cell.
 *
 * @typeParam Prepared - what `prepareWeights` of the cell returns.
 */
export interface StepOptions<Prepared> {
  /** Result of `prepareWeights`, to share between the steps of a sequence; default: computed in the step. */
  prepared?: Prepared | undefined;
  /** Whether to return a trace of the step; default: false. */
  trace?: boolean | undefined;
}

/**
 * Result of one step of a cell.
 *
 * @typeParam State - type of the cell's state.
 */
export type CellStep<State extends NestedState> = {
  /** `[batch, outputSize]`. */
  readonly output: tf.Tensor2D;
  /** State for the next step, with the shapes of the state before. */
  readonly state: State;
  /** Present if requested and the cell has one. */
  readonly trace?: StepTrace | undefined;
};

/**
 * A recurrent cell: anything that `unroll` can run.
 *
 * @typeParam State - type of the cell's state.
 * @typeParam Prepared - what `prepareWeights` returns, if the cell has that method.
 */
export interface RecurrentCell<State extends NestedState, Prepared = unknown> {
  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  initialState(batchSize: number): State;
  /**
   * Runs one step in time. Pure: it changes neither the cell nor its arguments.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the step before; it still belongs to the caller.
   * @param options - `prepared`: from `prepareWeights`; `trace`: whether to return a trace of the step.
   * @returns a new output and state.
   */
  step(inputs: tf.Tensor2D, state: State, options?: StepOptions<Prepared>): CellStep<State>;
  /** Computes the part of a step that depends only on the variables, so that a sequence needs it only once. */
  prepareWeights?(): Prepared;
  /** Every trainable variable, in a stable order under stable names. */
  readonly variables: readonly NamedVariable[];
  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void;
}
