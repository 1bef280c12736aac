import type { UnrollState } from "@dnc/access/unroll-op";
import type { OptimizerOptions } from "./optimizer-options.js";

/** A batch of sequences and their targets as plain arrays, time-major. */
export interface BatchArrays {
  /** Number of time steps, 1 or more. */
  readonly timeSteps: number;
  /** Number of sequences, 1 or more. */
  readonly batchSize: number;
  /** `[time, batch, inputSize]`, finite. */
  readonly inputs: Float32Array;
  /**
   * `[time, batch, outputSize]`, finite; for loss `sigmoid` each in [0, 1], for `softmax` each at least 0: the
   * probabilities of a group, or a 1 and zeros.
   */
  readonly targets: Float32Array;
  /** `[time, batch]`: 1 where the time step counts in the loss, otherwise 0. It must be 0 where a step is not run. */
  readonly mask: Float32Array;
  /**
   * `[batch]`, each from 0 to `timeSteps`: number of time steps that are run for each sequence; default: all. After them its
   * state stays as it is, and its outputs are zeros.
   */
  readonly lengths?: Uint32Array | undefined;
  /**
   * `[time, batch]`: 1 where the time step is run for the sequence; default: every step is run. Where it is 0 the
   * sequence's state stays as it is, and its outputs are zeros. A batch has `lengths` or `inputMask`, not both.
   */
  readonly inputMask?: Float32Array | undefined;
  /**
   * For a trainer that carries the state: whether the batch starts new sequences, from the initial state, instead of
   * continuing those of the batch before; default: false. The first batch always does. true is refused by a trainer
   * that does not carry the state.
   */
  readonly newSequences?: boolean | undefined;
}

/** Result of one training iteration. */
export interface TrainStepResult {
  /**
   * Loss before the update per sequence, for `sigmoid` and `softmax` in nats: summed over outputs and time, averaged over
   * the batch.
   */
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

/**
 * Name of a loss. Each is multiplied by the mask, summed over time and averaged over the batch.
 *
 * `sigmoid`: the reference's cross-entropy of bits, in nats. `softmax`: the cross-entropy of groups of outputs, in nats;
 * for each group minus the sum of target times log softmax of the group's logits. `squared`: half the squared difference of logit and target. `linear`: logit times target, so that the targets
 * are the gradient, for a loss that is computed elsewhere.
 */
export type LossName = "sigmoid" | "softmax" | "squared" | "linear";

/** Configuration of a trainer; the defaults are the reference's. */
export interface TrainerOptions {
  /** The optimizer; default: `{ type: "rmsprop" }`. */
  readonly optimizer?: OptimizerOptions | undefined;
  /** Largest global norm of the gradients, above 0; larger gradients are scaled down to it; default: 50. */
  readonly maxGradNorm?: number | undefined;
  /** The loss; default: `"sigmoid"`. */
  readonly loss?: LossName | undefined;
  /**
   * For loss `softmax`: sizes of the consecutive groups into which the outputs are split, each 1 or more, adding up to the
   * number of outputs; default: one group of all outputs.
   */
  readonly groupSizes?: readonly number[] | undefined;
  /**
   * Whether each batch starts from the final state of the batch before, without a gradient through it (truncated
   * backpropagation through time); default: false, each starts from the initial state.
   */
  readonly carryState?: boolean | undefined;
}

/** The options that decide whether an engine supports this kind of training. */
export type TrainingKind = Pick<TrainerOptions, "loss" | "groupSizes" | "optimizer" | "carryState">;

/**
 * State of an optimizer. A quantity of the variables has one number per parameter, flat, in the order of the core's
 * variables.
 */
export type OptimizerState = RmsPropState | AdamState;

/** State of RMSProp. */
export type RmsPropState = {
  /** Running means of the squared gradients, flat, in the order of the core's variables; initially 1. */
  readonly meanSquares: Float32Array;
  /** The last updates, flat, in the order of the core's variables; initially 0. Absent without momentum. */
  readonly momentum?: Float32Array | undefined;
};

/** State of Adam. */
export type AdamState = {
  /** Running means of the gradients, flat, in the order of the core's variables, with their bias; initially 0. */
  readonly firstMoments: Float32Array;
  /** Running means of the squared gradients, flat, in the order of the core's variables, with their bias; initially 0. */
  readonly secondMoments: Float32Array;
  /** `[1]`: the number of updates so far; initially 0. */
  readonly steps: Float32Array;
};

/**
 * Trains a core, one batch at a time: unroll, loss, gradients, clipping by global norm, update. The unroll starts from the
 * initial state or, with `carryState`, from the final state of the batch before.
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
   * With `carryState`: the state after the last batch as of the last `writeToVariables`, flat; undefined before the
   * first batch, and without `carryState`. A state assigned here takes effect with `readFromVariables`, and undefined
   * makes the next batch start from the initial state.
   */
  carriedState?: UnrollState<Float32Array> | undefined;
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
   * @throws The errors of `checkBatch`, or as for `reserve`. After an error nothing has changed.
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
  /** Copies the parameters to the core's variables, the optimizer's state to `optimizerState` and the carried state to `carriedState`. */
  writeToVariables(): Promise<void> | void;
  /** Copies the parameters from the core's variables, the optimizer's state from `optimizerState`, and the carried state from `carriedState`. */
  readFromVariables(): Promise<void> | void;
  /** Frees the trainer's memory; disposing twice does nothing. */
  dispose(): void;
}
