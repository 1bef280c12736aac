import { registerUnrollOp, unrollOpOwner } from "@dnc/access/unroll-op";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainableCore } from "./core.js";
import type { Engine } from "./engine.js";
import { opOwner, registerOp } from "./run-op.js";
import type { TrainingKind } from "./trainer.js";
import { whyNotStock } from "./why-not-stock.js";

/**
 * Registers an engine for its backends, replacing an earlier one of the same kind.
 *
 *     registerEngine(engine); // an engine's package does this when it is imported
 *     const { outputs } = unroll(new Dnc({ inputSize: 6, outputSize: 5 }), tf.zeros([9, 16, 6])); // runs on the engine
 *
 * Engines are stored in the kernel registry of TensorFlow.js, so that every copy of this package finds them.
 * `tf.unregisterKernel("DncUnroll", backend)` removes an engine with custom kernels from a backend,
 * `tf.unregisterKernel("DncUnrollOps", backend)` one of TensorFlow.js ops.
 *
 * @param engine - the engine; its package calls this when it is imported.
 */
export function registerEngine(engine: Engine): void {
  if ("kernels" in engine) registerUnrollOp(engine.kernels, engine.backends, engine);
  else registerOp(engine.backends, engine);
}

/**
 * Finds the engines of a backend.
 *
 * @param backend - the name of a TensorFlow.js backend; default: the current one.
 * @returns zero to two engines in the order in which they are tried: first the one with custom kernels, then the one of
 *   TensorFlow.js ops.
 */
export function findEngines(backend: string = tf.getBackend()): readonly Engine[] {
  return [unrollOpOwner(backend), opOwner(backend)].filter((owner) => owner !== undefined) as Engine[];
}

/**
 * Finds the engine that is tried first on a backend.
 *
 * @param backend - the name of a TensorFlow.js backend; default: the current one.
 * @returns the engine; undefined if there is none.
 */
export function findEngine(backend: string = tf.getBackend()): Engine | undefined {
  return findEngines(backend).at(0);
}

/**
 * Whether an engine supports a core and, if requested, this kind of training.
 *
 * @param engine - an engine, or an object with its `supports`.
 * @param core - a `Dnc` with nothing overridden or replaced, or a plain object with its config and variables.
 * @param options - loss and optimizer; default: training is not considered, only `unroll` and `step`.
 * @returns true, or the reason why not.
 */
export function supportsCore(
  engine: Pick<Engine, "supports">,
  core: Pick<TrainableCore, "config">,
  options?: TrainingKind,
): true | string {
  const supported = engine.supports(core.config, options);
  if (supported !== true) return supported;
  const reason = whyNotStock(core);
  return reason === undefined ? true : `core: expected a stock Dnc, got ${reason}`;
}
