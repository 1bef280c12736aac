import type { NetworkSizes, UnrollInputs, UnrollOutputs, UnrollState } from "@dnc/access/unroll-op";
import type * as tf from "@tensorflow/tfjs-core";

/** Context of one run of the op's functions. */
export interface UnrollOpsRun {
  /** Sizes of the network. */
  readonly sizes: NetworkSizes;
  /** Whether `backward` may follow, so that `forward` should save its residuals. */
  readonly saveForBackward: boolean;
  /** Whether the gradient to the initial state may be requested; false if the state is the core's initial state. */
  readonly hasStateGradient: boolean;
}

/**
 * Result of the forward pass.
 *
 * @typeParam Residuals - values saved for the backward pass.
 */
export interface UnrollForward<Residuals extends object> {
  /** Outputs of the op. */
  readonly outputs: UnrollOutputs<tf.Tensor>;
  /** Values that `backward` needs. */
  readonly residuals: Residuals;
}

/** Gradients to the inputs of the op, in the shapes of `UnrollInputs`. */
export interface UnrollGradients {
  /** Computes the gradient to the input sequence; a function, because training does not need it. */
  inputs(): tf.Tensor;
  /** Gradient to the initial state; present if the run has `hasStateGradient`. */
  readonly initialState?: UnrollState<tf.Tensor> | undefined;
  /** Gradients to the parameters, in their order. */
  readonly parameters: readonly tf.Tensor[];
}

/**
 * The unroll op as two functions written in TensorFlow.js ops, for any backend.
 *
 * @typeParam Residuals - values that `forward` saves for `backward`: tensors in plain objects and arrays, nested to any
 *   depth.
 */
export interface UnrollOps<Residuals extends object = object> {
  /**
   * Runs a sequence.
   *
   * @param given - inputs, initial state and parameters, float32.
   * @param run - sizes of the network, and which gradients may follow.
   * @returns new tensors, and residuals, which live until `backward` can no longer be called.
   */
  forward(given: UnrollInputs<tf.Tensor>, run: UnrollOpsRun): UnrollForward<Residuals>;
  /**
   * Computes the gradients.
   *
   * @param given - the same tensors as for `forward`; the initial state may be disposed.
   * @param gradients - gradients to the outputs of `forward`.
   * @param residuals - residuals that `forward` returned.
   * @param run - the same context as for `forward`.
   * @returns new tensors; all other tensors are disposed.
   */
  backward(
    given: UnrollInputs<tf.Tensor>,
    gradients: UnrollOutputs<tf.Tensor>,
    residuals: Residuals,
    run: UnrollOpsRun,
  ): UnrollGradients;
}
