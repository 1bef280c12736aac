import type { NamedVariable } from "@dnc/addressing";
import type * as tf from "@tensorflow/tfjs-core";

/** State of an access: named tensors, `[batch, ...]`, nested to any depth. */
export type NestedAccessState = { readonly [key: string]: tf.Tensor | NestedAccessState };

/**
 * What a network needs of its memory access: heads that write and read once per step. {@link MemoryAccess} is one; a custom
 * one is passed to `Dnc` as a factory.
 *
 * @typeParam State - type of the state: tensors `[batch, ...]` at any depth of nesting.
 * @typeParam Prepared - what `prepareWeights` returns, if there is that method.
 */
export interface Access<State extends NestedAccessState = NestedAccessState, Prepared = unknown> {
  /** Width of the inputs. */
  readonly inputSize: number;
  /** Every trainable variable, in a stable order under stable names. */
  readonly variables: readonly NamedVariable[];
  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  initialState(batchSize: number): State;
  /**
   * Runs one step. Pure: it changes neither the access nor its arguments.
   *
   * @param inputs - `[batch, inputSize]`, the controller's output.
   * @param state - from `initialState` or the step before; belongs to the caller.
   * @param options - `prepared`: from `prepareWeights`; `trace`: whether to return quantities of the step.
   * @returns the words read, `[batch, readHeads, wordSize]`, and the new state.
   */
  step(
    inputs: tf.Tensor2D,
    state: State,
    options?: { prepared?: Prepared | undefined; trace?: boolean | undefined },
  ): {
    /** `[batch, readHeads, wordSize]`, the words read. */
    readonly output: tf.Tensor3D;
    /** State for the next step. */
    readonly state: State;
    /** Quantities of the step by name, each `[batch, ...]`; present if requested and the access has any. */
    readonly trace?: { readonly [quantity: string]: tf.Tensor | undefined } | undefined;
  };
  /** Computes the part of a step that depends only on the variables, so that a sequence needs it only once. */
  prepareWeights?(): Prepared;
  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void;
}
