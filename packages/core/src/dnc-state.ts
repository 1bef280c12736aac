import type { AccessState } from "@dnc/access";
import type { ControllerState } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";

/** Everything a DNC carries from one step to the next. */
export type DncState = {
  /** `[batch, readHeads, wordSize]`, the words read in the step before. */
  readonly readWords: tf.Tensor3D;
  /** The memory, and where it was read and written. */
  readonly access: AccessState;
  /** What the controller carries, clipped as its output is. */
  readonly controller: ControllerState;
};
