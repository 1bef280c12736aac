/** A batch of sequences and their targets as plain arrays, time-major. */
export interface BatchArrays {
  /** Number of time steps, 1 or more. */
  readonly timeSteps: number;
  /** Number of sequences, 1 or more. */
  readonly batchSize: number;
  /** `[time, batch, inputSize]`, finite. */
  readonly inputs: Float32Array;
  /** `[time, batch, outputSize]`, each in [0, 1]. */
  readonly targets: Float32Array;
  /** `[time, batch]`: 1 where the time step counts in the loss, otherwise 0. */
  readonly mask: Float32Array;
}

/** Result of one training iteration. */
export interface TrainStepResult {
  /** Loss before the update, in nats per sequence: summed over outputs and time, averaged over the batch. */
  readonly loss: number;
  /** Global norm of the gradients before clipping. */
  readonly globalNorm: number;
  /**
   * Whether the update was applied. false: loss or norm is not finite, or that was the case in an earlier iteration
   * whose result has not been read yet.
   */
  readonly applied: boolean;
  /**
   * Number of sequences in the batch whose masked outputs are all correct; absent if the engine does not count them.
   */
  readonly exactMatch?: number | undefined;
}

/** RMSProp as in TensorFlow: each gradient is divided by the root of the running mean of its square. */
export interface RmsPropOptions {
  /** Name of the optimizer. */
  readonly type: "rmsprop";
  /** Step size, above 0; default: 1e-4. */
  readonly learningRate?: number | undefined;
  /** Decay of the running mean per step, in [0, 1); default: 0.9. */
  readonly decay?: number | undefined;
  /** Added to the mean square inside the root, above 0; default: 1e-10. */
  readonly epsilon?: number | undefined;
  /** Fraction of the previous update that is added, in [0, 1); default: 0. */
  readonly momentum?: number | undefined;
}

/** Configuration of an optimizer. */
export type OptimizerOptions = RmsPropOptions;

/** Name of a loss. `sigmoid`: the reference's masked cross-entropy of bits, in nats. */
export type LossName = "sigmoid";

/** Configuration of a trainer; the defaults are the reference's. */
export interface TrainerOptions {
  /** The optimizer; default: `{ type: "rmsprop" }`. */
  readonly optimizer?: OptimizerOptions | undefined;
  /** Largest global norm of the gradients, above 0; larger gradients are scaled down to it; default: 50. */
  readonly maxGradNorm?: number | undefined;
  /** The loss; default: `"sigmoid"`. */
  readonly loss?: LossName | undefined;
}

/** The options that decide whether an engine supports this kind of training. */
export type TrainingKind = Pick<TrainerOptions, "loss" | "optimizer">;

/**
 * State of an optimizer: for each quantity by name one number per parameter, flat, in the order of the core's variables.
 *
 * RMSProp has {@link RmsPropState}.
 */
export type OptimizerState = { readonly [quantity: string]: Float32Array };

/** State of RMSProp. */
export type RmsPropState = {
  /** Running means of the squared gradients, flat, in the order of the core's variables; initially 1. */
  readonly meanSquares: Float32Array;
};

/**
 * Trains a core, one batch at a time: unroll from the zero state, loss, gradients, clipping by global norm, update.
 *
 * The trainer holds the parameters; the core's variables are out of date until `writeToVariables` is called.
 */
export interface Trainer {
  /** Short description of backend and device. */
  readonly description: string;
  /**
   * The optimizer's state as of the last `writeToVariables`; changes made here take effect with `readFromVariables`.
   */
  readonly optimizerState: OptimizerState;
  /**
   * Allocates memory for the largest batch.
   *
   * @param timeSteps - the largest number of time steps, 1 or more.
   * @param batchSize - the largest number of sequences, 1 or more.
   * @throws RangeError if an argument is not a positive integer, or with the size if there is not enough memory;
   *   TypeError if it is not a number. After an error nothing has changed.
   */
  reserve(timeSteps: number, batchSize: number): void;
  /**
   * Runs one iteration, or starts it.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns the result, if the engine is synchronous; undefined if `flush` will return it.
   * @throws TypeError if an array is not a Float32Array; RangeError if an array has the wrong length, an input is not
   *   finite, a target is not in [0, 1] or a mask is neither 0 nor 1, or as for `reserve`. After an error nothing has
   *   changed.
   */
  step(batch: BatchArrays): TrainStepResult | undefined;
  /**
   * Waits for the iterations that were started. After an update that was not applied, none is applied until its result
   * has been returned.
   *
   * @returns the results of those calls of `step` since the last `flush` that returned undefined, in order.
   */
  flush(): Promise<readonly TrainStepResult[]>;
  /**
   * Sets the learning rate of the following steps, for a schedule; absent if the engine cannot change it.
   *
   * @param learningRate - above 0.
   */
  readonly setLearningRate?: ((learningRate: number) => void) | undefined;
  /**
   * Copies the logits of the last step, before its update; present if the engine is synchronous and does not count
   * exact matches itself.
   *
   * @param timeSteps - the step's number of time steps.
   * @param batchSize - its number of sequences.
   * @returns `[time, batch, outputSize]`.
   */
  readonly logits?: ((timeSteps: number, batchSize: number) => Float32Array) | undefined;
  /** Copies the parameters to the core's variables, and the optimizer's state to `optimizerState`. */
  writeToVariables(): Promise<void> | void;
  /** Copies the parameters from the core's variables, and the optimizer's state from `optimizerState`. */
  readFromVariables(): Promise<void> | void;
  /** Frees the trainer's memory; disposing twice does nothing. */
  dispose(): void;
}
