import { registerUnrollOp, unrollOpOwner } from "@dnc/access/unroll-op";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainableCore } from "./core.js";
import type { Engine } from "./engine.js";
import { opOwner, registerOp } from "./run-op.js";
import type { TrainingKind } from "./trainer.js";
import { whyNotStock } from "./why-not-stock.js";

/**
 * Makes an engine compute on its backends from now on, in place of the one of its kind before.
 *
 * It stands in TensorFlow.js's own registry of kernels, so that every copy of this package finds it there:
 * `tf.unregisterKernel("DncUnroll", backend)` takes an engine with its own kernels away from a backend,
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
 * @returns none, one or two, in the order in which they are asked: that with its own kernels, that of TensorFlow.js ops.
 */
export function findEngines(backend: string = tf.getBackend()): readonly Engine[] {
  return [unrollOpOwner(backend), opOwner(backend)].filter((owner) => owner !== undefined) as Engine[];
}

/**
 * Finds the engine of a backend that is asked first.
 *
 * @param backend - the name of a TensorFlow.js backend; default: the current one.
 * @returns the engine; undefined if there is none.
 */
export function findEngine(backend: string = tf.getBackend()): Engine | undefined {
  return findEngines(backend).at(0);
}

/**
 * Whether an engine computes a core and trains it in this way.
 *
 * @param engine - an engine, or its `supports` alone.
 * @param core - a `Dnc` of which nothing is overridden or replaced, or a plain description of one: config and variables.
 * @param options - how to train; default: only `unroll` and `step` are asked about.
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
