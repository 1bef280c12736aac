/** Decides who computes: an engine of the current backend, or the definition. */
import * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "../dnc-state.js";
import type { UnrollResult } from "../unroll-result.js";
import type { UnrollableCore } from "./core.js";
import type { Engine } from "./engine.js";
import { enginePackage, missingEngine } from "./missing-engine.js";
import { supportsStandardNetwork } from "./network.js";
import { findEngines } from "./registry.js";
import { whyNotStockParts } from "./stock.js";
import { unrollByEngine } from "./unroll-by-engine.js";
import { isDnc, whyNotStock } from "./why-not-stock.js";

/** Runs a sequence `[time, batch, inputSize]` as one op; without a state from the initial one. */
type SequenceOp = (inputs: tf.Tensor3D, state?: DncState) => UnrollResult<DncState>;

/** Runs a step `[batch, inputSize]` as one op. */
type StepOp = (inputs: tf.Tensor2D, state: DncState) => { output: tf.Tensor2D; state: DncState };

declare const console: { warn(message: string): void };

const warned = new Set<string>();

/**
 * How a sequence of a core runs as one op.
 *
 * @returns undefined if it runs step by step; if the core is a `Dnc`, the reason is said once.
 */
export function sequenceOp(core: object): SequenceOp | undefined {
  if (!isDnc(core)) return undefined;
  const dnc = core as object as UnrollableCore;
  const engines = findEngines();
  if (engines.length === 0) warnOfMissingEngine(dnc);
  const engine = chooseEngine(dnc, engines);
  if (!engine || !isStock(whyNotStock(core))) return undefined;
  return (inputs, state) => unrollByEngine(engine, dnc, inputs, state);
}

/**
 * How a step of a core runs as one op, given that it is the class's own.
 *
 * An engine with its own kernels keeps what the backward pass needs of one sequence alone, so under a gradient it runs no
 * steps. One of TensorFlow.js ops prepares the weights itself, so where the caller has prepared them it is not faster.
 *
 * @param isPrepared - whether the caller shares prepared weights between steps.
 * @returns undefined if it runs by its definition.
 */
export function stepOp(core: UnrollableCore, isPrepared: boolean): StepOp | undefined {
  const hasTape = tf.engine().isTapeOn();
  const candidates = findEngines().filter((engine) => ("kernels" in engine ? !hasTape : !isPrepared));
  const engine = chooseEngine(core, candidates);
  if (!engine || !isStock(whyNotStockParts(core))) return undefined;
  return (inputs, state) => runStep((sequence) => unrollByEngine(engine, core, sequence, state), inputs);
}

/** A step as a sequence of one. */
function runStep(run: (sequence: tf.Tensor3D) => UnrollResult<DncState>, inputs: tf.Tensor2D) {
  return tf.tidy(() => {
    const { outputs, finalState } = run(tf.expandDims(inputs, 0) as tf.Tensor3D);
    return { output: tf.squeeze(outputs, [0]) as tf.Tensor2D, state: finalState };
  });
}

/** The first engine that computes the network; why the one that is asked first does not is said once. */
function chooseEngine({ config }: UnrollableCore, engines: readonly Engine[]): Engine | undefined {
  for (const [index, engine] of engines.entries()) {
    const supported = engine.supports(config);
    if (supported === true) return engine;
    if (index === 0) warnOnce(`@dnc/core: engine ${engine.name} does not compute this network: ${supported}.`);
  }
  return undefined;
}

/** Warns once that an engine would run a network's sequences, if there is one for the backend. */
function warnOfMissingEngine(core: UnrollableCore): void {
  if (enginePackage() === undefined || supportsStandardNetwork(core.config) !== true || whyNotStock(core) !== undefined)
    return;
  warnOnce(`@dnc/core: ${missingEngine()}. It runs sequences as one op, several times faster.`);
}

function isStock(reason: string | undefined): boolean {
  if (reason !== undefined)
    warnOnce(`@dnc/core: expected a stock Dnc to run as one op, got ${reason}; such a core runs step by step.`);
  return reason === undefined;
}

function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(message);
}
