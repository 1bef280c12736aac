import type * as tf from "@tensorflow/tfjs-core";

/**
 * Result of `unroll`.
 *
 * @typeParam State - what the core carries.
 */
export type UnrollResult<State> = {
  /** `[time, batch, outputSize]`. */
  readonly outputs: tf.Tensor3D;
  /** After the last step: where the next part of the sequence begins. */
  readonly finalState: State;
};
