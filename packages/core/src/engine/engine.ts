import type { NetworkSizes, UnrollKernels } from "@dnc/access/unroll-op";
import type { NetworkConfig, TrainableCore } from "./core.js";
import type { Trainer, TrainerOptions, TrainingKind } from "./trainer.js";
import type { UnrollOps } from "./unroll-ops.js";

/**
 * An engine: computes a network over whole sequences, faster than step by step, with the same numbers up to rounding.
 *
 * An engine either computes a network exactly as the definition does or returns the reason why it does not support it.
 * It has custom kernels or composes TensorFlow.js ops. If a backend has one of each, the one with custom kernels is
 * tried first.
 */
export type Engine = KernelEngine | OpsEngine;

/** Properties that both kinds of engines have. */
export interface EngineFacts {
  /** A short name, such as `wasm`. */
  readonly name: string;
  /** Names of the TensorFlow.js backends that it runs on. */
  readonly backends: readonly string[];
  /**
   * Whether the engine supports a network and, if requested, this kind of training.
   *
   * @param config - a configuration with every default filled in.
   * @param options - loss and optimizer; default: training is not considered, only `unroll` and `step`.
   * @returns true, or the reason why not, such as `controller: expected "lstm", got "gru"`.
   */
  supports(config: NetworkConfig, options?: TrainingKind): true | string;
  /**
   * Whether the unroll op supports a network and an input mask.
   *
   * @param sizes - attributes of the op.
   * @returns true, or the reason why not.
   */
  supportsSizes(sizes: NetworkSizes): true | string;
}

/** An engine with custom kernels for the unroll op, and a trainer that uses them. */
export interface KernelEngine extends EngineFacts {
  /** The kernels of the unroll op. */
  readonly kernels: UnrollKernels;
  /**
   * Creates a trainer.
   *
   * @param core - a network that the engine supports; the trainer reads and writes its variables.
   * @param options - optimizer, clipping and loss.
   * @returns a trainer whose parameters are those of the variables.
   * @throws TypeError for an unknown option or one of the wrong kind, or with the reason if the engine does not support
   *   network or options; RangeError for a number out of range.
   */
  createTrainer(core: TrainableCore, options?: TrainerOptions): Trainer;
}

/**
 * An engine that composes the unroll op of TensorFlow.js ops.
 *
 * It has no trainer: the op is differentiable, so any loss and optimizer written in TensorFlow.js ops can train through
 * it.
 */
export interface OpsEngine extends EngineFacts {
  /** The forward and backward pass of the unroll op. */
  readonly ops: UnrollOps;
}
