import type * as tf from "@tensorflow/tfjs-core";

/**
 * Result of `unroll`.
 *
 * @typeParam State - type of the core's state.
 */
export type UnrollResult<State> = {
  /** `[time, batch, outputSize]`. */
  readonly outputs: tf.Tensor3D;
  /** State after the last step; pass it to the next `unroll` to continue the sequence. */
  readonly finalState: State;
};
