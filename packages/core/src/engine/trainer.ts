/** Sequences with targets as plain numbers, time-major. */
export interface BatchArrays {
  /** Number of time steps, 1 or more. */
  readonly timeSteps: number;
  /** Number of sequences, 1 or more. */
  readonly batchSize: number;
  /** `[time, batch, inputSize]`, finite. */
  readonly inputs: Float32Array;
  /** `[time, batch, outputSize]`, each in [0, 1]. */
  readonly targets: Float32Array;
  /** `[time, batch]`: 1 where the step counts for the loss, otherwise 0. */
  readonly mask: Float32Array;
}

/** What one iteration of training found. */
export interface TrainStepResult {
  /** Before the update: summed over outputs and time, mean over the batch. */
  readonly loss: number;
  /** Length of all gradients together, before they were clipped. */
  readonly globalNorm: number;
  /**
   * false: the update was not applied, because loss or norm is not finite, or because that was so in an iteration
   * before whose result nobody had read yet.
   */
  readonly applied: boolean;
  /** Number of sequences of the batch whose masked outputs are all right, where the engine counts them. */
  readonly exactMatch?: number | undefined;
}

/** RMSProp as TensorFlow has it: a gradient is divided by the root of the running mean of its square. */
export interface RmsPropOptions {
  /** Which optimizer. */
  readonly type: "rmsprop";
  /** Step size, above 0; default: 1e-4. */
  readonly learningRate?: number | undefined;
  /** What remains of the mean square at each step, in [0, 1); default: 0.9. */
  readonly decay?: number | undefined;
  /** Added inside the root, above 0; default: 1e-10. */
  readonly epsilon?: number | undefined;
  /** What remains of the previous update, in [0, 1); default: 0. */
  readonly momentum?: number | undefined;
}

/** An optimizer as data. */
export type OptimizerOptions = RmsPropOptions;

/** A loss by its name: `sigmoid` is the reference's masked cross-entropy of bits, in nats. */
export type LossName = "sigmoid";

/** How to train, as data; the defaults are the reference's. */
export interface TrainerOptions {
  /** The optimizer; default: `{ type: "rmsprop" }`. */
  readonly optimizer?: OptimizerOptions | undefined;
  /** Gradients are scaled down to this global norm, above 0; default: 50. */
  readonly maxGradNorm?: number | undefined;
  /** The loss; default: `"sigmoid"`. */
  readonly loss?: LossName | undefined;
}

/** What of a trainer's options decides whether an engine can train in this way. */
export type TrainingKind = Pick<TrainerOptions, "loss" | "optimizer">;

/**
 * What an optimizer keeps of each parameter, by its name: flat, in the order of the core's variables.
 *
 * That of RMSProp is `RmsPropState`.
 */
export type OptimizerState = { readonly [quantity: string]: Float32Array };

/** What RMSProp keeps of each parameter. */
export type RmsPropState = {
  /** Running means of the squares of the gradients, flat, in the order of the core's variables; ones at first. */
  readonly meanSquares: Float32Array;
};

/**
 * Trains a core, one batch at a time: unroll from the zero state, loss, gradients, clipping by global norm, update.
 *
 * The parameters live with the trainer; the core's variables are behind until `writeToVariables`.
 */
export interface Trainer {
  /** What computes, in a few words. */
  readonly description: string;
  /** The optimizer's state as `writeToVariables` left it; what is set here counts from `readFromVariables` on. */
  readonly optimizerState: OptimizerState;
  /**
   * Allocates memory for the largest batch to come.
   *
   * @param timeSteps - the most time steps to come, 1 or more.
   * @param batchSize - the most sequences to come, 1 or more.
   * @throws RangeError if a number is not an integer above 0 or the memory is not available, with the size; TypeError if
   *   it is not a number. Then nothing has changed.
   */
  reserve(timeSteps: number, batchSize: number): void;
  /**
   * Runs one iteration, or starts it.
   *
   * @param batch - inputs and targets; its arrays are copied.
   * @returns the result, if the engine is synchronous; undefined if `flush` will return it.
   * @throws TypeError if an array is not a Float32Array; RangeError if its length does not fit, if an input is not finite,
   *   a target not in [0, 1] or a mask neither 0 nor 1, or as `reserve` does. Then nothing has changed.
   */
  step(batch: BatchArrays): TrainStepResult | undefined;
  /**
   * Waits for the iterations that were started. Once an update was not applied, none is until its result was returned.
   *
   * @returns the results of the calls of `step` since the last `flush` that returned undefined, in their order.
   */
  flush(): Promise<readonly TrainStepResult[]>;
  /**
   * Copies the logits of the last step, before its update; where the engine is synchronous and does not count exact matches.
   *
   * @param timeSteps - the step's number of time steps.
   * @param batchSize - its number of sequences.
   * @returns `[time, batch, outputSize]`.
   */
  readonly logits?: ((timeSteps: number, batchSize: number) => Float32Array) | undefined;
  /** Copies the parameters to the core's variables, and the optimizer's state to `optimizerState`. */
  writeToVariables(): Promise<void> | void;
  /** Takes the parameters from the core's variables, and the optimizer's state from `optimizerState`. */
  readFromVariables(): Promise<void> | void;
  /** Frees the trainer's memory; disposing twice does nothing. */
  dispose(): void;
}
