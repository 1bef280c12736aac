import type { AccessState } from "@dnc/access";
import type { ControllerState } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";

/** State of a DNC: everything that one step passes to the next. */
export type DncState = {
  /** `[batch, readHeads, wordSize]`, the words read in the step before. */
  readonly readWords: tf.Tensor3D;
  /** State of the memory access: memory, weightings, linkage and usage. */
  readonly access: AccessState;
  /** State of the controller, clipped like its output. */
  readonly controller: ControllerState;
};
