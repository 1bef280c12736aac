import type { LinkageState } from "@dnc/addressing";
import type * as tf from "@tensorflow/tfjs-core";
import type { InterfaceParameters, InterfaceWeights } from "./interface.js";

/** Everything a memory carries from one step to the next. */
export type AccessState = {
  /** `[batch, slots, wordSize]`, the content of each slot. */
  readonly memory: tf.Tensor3D;
  /** `[batch, readHeads, slots]`, non-negative, each row summing to at most 1: where each head has read. */
  readonly readWeights: tf.Tensor3D;
  /** `[batch, writeHeads, slots]`, non-negative, each row summing to at most 1: where each head has written. */
  readonly writeWeights: tf.Tensor3D;
  /** The order in which slots were written, for each write head; without links tensors of 0 slots. */
  readonly linkage: LinkageState;
  /** `[batch, slots]`, each in [0, 1]: 0 is free, 1 is in use. */
  readonly usage: tf.Tensor2D;
};

/**
 * Intermediate values of one step: interface parameters and weightings. Strengths are raw, as in the interface
 * parameters.
 */
export type AccessTrace = InterfaceParameters & {
  /** `[batch, writeHeads, slots]`, distributions: how well each slot matches the write key. */
  readonly writeContentWeights: tf.Tensor3D;
  /** `[batch, writeHeads, slots]`, each row summing to at most 1: which slots are free to be written. */
  readonly allocationWeights: tf.Tensor3D;
  /** `[batch, readHeads, slots]`, distributions: how well each slot matches the read key. */
  readonly readContentWeights: tf.Tensor3D;
  /**
   * `[batch, readHeads, writeHeads, slots]`: the slots that a write head wrote just after those read in the step
   * before; sharpened if the memory sharpens; absent without links.
   */
  readonly forwardWeights?: tf.Tensor4D | undefined;
  /**
   * `[batch, readHeads, writeHeads, slots]`: the slots that a write head wrote just before those read in the step
   * before; sharpened if the memory sharpens; absent without links.
   */
  readonly backwardWeights?: tf.Tensor4D | undefined;
};

/** Options for `MemoryAccess.step`. */
export interface AccessStepOptions {
  /** Result of `prepareWeights`, to share between the steps of a sequence; default: computed in the step. */
  prepared?: InterfaceWeights | undefined;
  /** Whether to return an `AccessTrace`; default: false. */
  trace?: boolean | undefined;
}

/** Result of one step of a memory. */
export type AccessStep = {
  /** `[batch, readHeads, wordSize]`, the words read. */
  readonly output: tf.Tensor3D;
  /** State for the next step. */
  readonly state: AccessState;
  /** Present if requested. */
  readonly trace?: AccessTrace | undefined;
};
