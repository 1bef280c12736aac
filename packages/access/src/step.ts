import type { LinkageState } from "@dnc/addressing";
import type * as tf from "@tensorflow/tfjs-core";
import type { InterfaceParameters, InterfaceWeights } from "./interface.js";

/** Everything a memory carries from one step to the next. */
export type AccessState = {
  /** `[batch, slots, wordSize]`, what is written in each slot. */
  readonly memory: tf.Tensor3D;
  /** `[batch, readHeads, slots]`, non-negative, each row summing to at most 1: where each head has read. */
  readonly readWeights: tf.Tensor3D;
  /** `[batch, writeHeads, slots]`, non-negative, each row summing to at most 1: where each head has written. */
  readonly writeWeights: tf.Tensor3D;
  /** In which order the slots were written, for each write head. */
  readonly linkage: LinkageState;
  /** `[batch, slots]`, each in [0, 1]: 0 is free, 1 is in use. */
  readonly usage: tf.Tensor2D;
};

/** What one step decided and why, alongside the state that it led to. Strengths are raw, as in the interface parameters. */
export type AccessTrace = InterfaceParameters & {
  /** `[batch, writeHeads, slots]`, distributions: how well each slot matches the write key. */
  readonly writeContentWeights: tf.Tensor3D;
  /** `[batch, writeHeads, slots]`, each row summing to at most 1: which slots are free to be written. */
  readonly allocationWeights: tf.Tensor3D;
  /** `[batch, readHeads, slots]`, distributions: how well each slot matches the read key. */
  readonly readContentWeights: tf.Tensor3D;
  /** `[batch, readHeads, writeHeads, slots]`: what a write head wrote after the slots that were read last. */
  readonly forwardWeights: tf.Tensor4D;
  /** `[batch, readHeads, writeHeads, slots]`: what a write head wrote before the slots that were read last. */
  readonly backwardWeights: tf.Tensor4D;
};

/** How to take a step. */
export interface AccessStepOptions {
  /** From `prepareWeights`, to share it between the steps of a sequence; default: prepared anew. */
  prepared?: InterfaceWeights | undefined;
  /** true: also return what the step decided; default: false. */
  trace?: boolean | undefined;
}

/** One step of a memory. */
export type AccessStep = {
  /** `[batch, readHeads, wordSize]`, the words read. */
  readonly output: tf.Tensor3D;
  /** What the next step begins with. */
  readonly state: AccessState;
  /** Present where it was asked for. */
  readonly trace?: AccessTrace | undefined;
};
