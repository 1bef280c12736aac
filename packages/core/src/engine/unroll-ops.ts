import type { NetworkSizes, UnrollInputs, UnrollOutputs, UnrollState } from "@dnc/access/unroll-op";
import type * as tf from "@tensorflow/tfjs-core";

/** One run of the op's functions. */
export interface UnrollOpsRun {
  /** The network. */
  readonly sizes: NetworkSizes;
  /** Whether `backward` may follow, so that its residuals are worth keeping. */
  readonly saveForBackward: boolean;
  /** Whether the gradient to the initial state may be asked for: not if it is the core's own. */
  readonly hasStateGradient: boolean;
}

/**
 * Result of the forward pass.
 *
 * @typeParam Residuals - what it computes for the backward pass.
 */
export interface UnrollForward<Residuals extends object> {
  /** What the op returns. */
  readonly outputs: UnrollOutputs<tf.Tensor>;
  /** What `backward` needs. */
  readonly residuals: Residuals;
}

/** Gradients to what the op took, in the shapes of `UnrollInputs`. */
export interface UnrollGradients {
  /** Computes the gradient to the inputs, which training does not ask for. */
  inputs(): tf.Tensor;
  /** Only where the run has `hasStateGradient`. */
  readonly initialState?: UnrollState<tf.Tensor> | undefined;
  /** In the order of the parameters. */
  readonly parameters: readonly tf.Tensor[];
}

/**
 * The unroll op as two functions that compute with ops of TensorFlow.js, on any backend.
 *
 * @typeParam Residuals - what `forward` computes for `backward`: tensors at any depth of plain objects and arrays.
 */
export interface UnrollOps<Residuals extends object = object> {
  /**
   * Runs a sequence.
   *
   * @param given - of float32.
   * @param run - the network, and what may follow.
   * @returns new tensors, and the residuals, which stay until `backward` cannot be called any more.
   */
  forward(given: UnrollInputs<tf.Tensor>, run: UnrollOpsRun): UnrollForward<Residuals>;
  /**
   * Computes the gradients.
   *
   * @param given - as `forward` had it; the initial state may be disposed.
   * @param gradients - to what `forward` returned.
   * @param residuals - what `forward` returned.
   * @param run - as `forward` had it.
   * @returns new tensors; whatever else is made is disposed.
   */
  backward(
    given: UnrollInputs<tf.Tensor>,
    gradients: UnrollOutputs<tf.Tensor>,
    residuals: Residuals,
    run: UnrollOpsRun,
  ): UnrollGradients;
}
