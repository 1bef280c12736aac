import type { NamedVariable } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import type { NestedState } from "./state.js";

/** Tensors of one step under the names of what they are, each `[batch, ...]`. */
export type StepTrace = { readonly [quantity: string]: tf.Tensor };

/** How to take a step. */
export interface StepOptions<Bound> {
  /** What `bind` returned, to share it between the steps of a sequence; computed anew by default. */
  bound?: Bound;
  /** true: also return what the step decided; false. */
  trace?: boolean;
}

/** One step of a cell. */
export type CellStep<State extends NestedState> = {
  /** `[batch, outputSize]`. */
  readonly output: tf.Tensor2D;
  readonly state: State;
  /** Present where it was asked for and the cell keeps one. */
  readonly trace?: StepTrace;
};

/** What `unroll` steps through time: the face of everything recurrent here. */
export interface Cell<State extends NestedState, Bound = unknown> {
  /** The state before the first step, all tensors `[batch, ...]`. */
  initialState(batch: number): State;
  /** Pure: a new output and state from `inputs`, `[batch, inputSize]`, and the state before. */
  step(inputs: tf.Tensor2D, state: State, options?: StepOptions<Bound>): CellStep<State>;
  /** What a step computes from the variables alone, so that a sequence can do it once. */
  bind?(): Bound;
  /** Every trainable variable, in a stable order under stable names. */
  readonly variables: readonly NamedVariable[];
  dispose(): void;
}
