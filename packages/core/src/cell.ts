import type { NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import type { NestedState } from "./state.js";

/** Tensors of one step under the names of what they are, each `[batch, ...]`. */
export type StepTrace = { readonly [quantity: string]: tf.Tensor };

/**
 * How to take a step.
 *
 * @typeParam Bound - what `bind` of the cell returns.
 */
export interface StepOptions<Bound> {
  /** What `bind` returned, to share it between the steps of a sequence; computed anew by default. */
  bound?: Bound | undefined;
  /** true: also return what the step decided; false. */
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
  /** What the next step begins with; the shapes of the state before. */
  readonly state: State;
  /** Present where it was asked for and the cell keeps one. */
  readonly trace?: StepTrace | undefined;
};

/**
 * What `unroll` steps through time: the face of everything recurrent here.
 *
 * @typeParam State - what the cell carries from one step to the next.
 * @typeParam Bound - what `bind` returns, where there is such a method.
 */
export interface Cell<State extends NestedState, Bound = unknown> {
  /**
   * The state before the first step.
   *
   * @param batch - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  initialState(batch: number): State;
  /**
   * One step in time. Pure: it writes neither to the cell nor to its arguments.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the step before; it stays the caller's.
   * @param options - `bound`: of `bind`; `trace`: whether to return what the step decided.
   * @returns a new output and state.
   */
  step(inputs: tf.Tensor2D, state: State, options?: StepOptions<Bound>): CellStep<State>;
  /** What a step computes from the variables alone, so that a sequence can do it once. */
  bind?(): Bound;
  /** Every trainable variable, in a stable order under stable names. */
  readonly variables: readonly NamedVariable[];
  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void;
}
