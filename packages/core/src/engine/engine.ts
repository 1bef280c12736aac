import type { UnrollKernels } from "@dnc/access/unroll-op";
import type { NetworkConfig, TrainableCore } from "./core.js";
import type { Trainer, TrainerOptions, TrainingKind } from "./trainer.js";
import type { UnrollOps } from "./unroll-ops.js";

/**
 * Computes whole networks faster than step by step, with the same numbers up to rounding.
 *
 * An engine computes a network exactly as the definition does, or says why it does not. It has kernels of its own, or composes
 * those of TensorFlow.js. Where a backend has one of each, that with its own kernels is asked first.
 */
export type Engine = KernelEngine | OpsEngine;

/** What both kinds of engines say of themselves. */
export interface EngineFacts {
  /** A short name, such as `wasm`. */
  readonly name: string;
  /** Names of the TensorFlow.js backends whose tensors it computes with. */
  readonly backends: readonly string[];
  /**
   * Whether the engine computes a network, and trains it in this way.
   *
   * @param config - as `Dnc` completes it.
   * @param options - how to train; default: only `unroll` and `step` are asked about.
   * @returns true, or the reason why not: a sentence such as `controller: expected "lstm", got "gru"`.
   */
  supports(config: NetworkConfig, options?: TrainingKind): true | string;
}

/** An engine with kernels of its own for the unroll op, and a trainer made of them. */
export interface KernelEngine extends EngineFacts {
  /** The kernels of the unroll op, for tensors of these backends. */
  readonly kernels: UnrollKernels;
  /**
   * Creates a trainer.
   *
   * @param core - a network that the engine supports; the trainer reads and writes its variables.
   * @param options - optimizer, clipping and loss.
   * @returns a trainer that has read the variables.
   * @throws TypeError for an unknown option or one of the wrong kind, or if the engine does not support it, with the
   *   reason; RangeError for a number out of range.
   */
  createTrainer(core: TrainableCore, options?: TrainerOptions): Trainer;
}

/**
 * An engine that composes the unroll op of TensorFlow.js ops.
 *
 * It has no trainer: the op has a gradient, so any loss and any optimizer in TensorFlow.js ops trains through it.
 */
export interface OpsEngine extends EngineFacts {
  /** Forward and backward pass of the unroll op. */
  readonly ops: UnrollOps;
}
