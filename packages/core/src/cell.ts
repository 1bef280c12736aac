import type { NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import type { NestedState } from "./state.js";

/** Named tensors of one step, each `[batch, ...]`. */
export type StepTrace = { readonly [quantity: string]: tf.Tensor };

/**
 * How to take a step.
 *
 * @typeParam Prepared - what `prepareWeights` of the cell returns.
 */
export interface StepOptions<Prepared> {
  /** From `prepareWeights`, to share it between the steps of a sequence; default: prepared anew. */
  prepared?: Prepared | undefined;
  /** true: also return what the step decided; default: false. */
  trace?: boolean | undefined;
}

/**
 * One step of a cell.
 *
 * @typeParam State - what the cell carries.
 */
export type CellStep<State extends NestedState> = {
  /** `[batch, outputSize]`. */
  readonly output: tf.Tensor2D;
  /** What the next step starts with; of the same shapes as the state before. */
  readonly state: State;
  /** Present if requested and the cell has one. */
  readonly trace?: StepTrace | undefined;
};

/**
 * A recurrent cell: anything that `unroll` can run.
 *
 * @typeParam State - what the cell carries from one step to the next.
 * @typeParam Prepared - what `prepareWeights` returns, where there is such a method.
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
   * Runs one step in time. Pure: it writes neither to the cell nor to its arguments.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the step before; it stays the caller's.
   * @param options - `prepared`: from `prepareWeights`; `trace`: whether to return what the step decided.
   * @returns a new output and state.
   */
  step(inputs: tf.Tensor2D, state: State, options?: StepOptions<Prepared>): CellStep<State>;
  /** Computes what a step needs of the variables alone, so that a sequence can do it once. */
  prepareWeights?(): Prepared;
  /** Every trainable variable, in a stable order under stable names. */
  readonly variables: readonly NamedVariable[];
  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void;
}
