/** Chooses what computes a core: an engine of the current backend, or the definition. */
import * as tf from "@tensorflow/tfjs-core";
import type { NestedState } from "../state.js";
import type { UnrollResult } from "../unroll-result.js";
import type { UnrollableCore } from "./core.js";
import type { Engine } from "./engine.js";
import { missingEngine, wouldCompute } from "./missing-engine.js";
import { networkSizes } from "./network.js";
import { findEngines } from "./registry.js";
import { whyNotStockParts } from "./stock.js";
import { type Sequence, traceByEngine, unrollByEngine } from "./unroll-by-engine.js";
import { isDnc, whyNotStock } from "./why-not-stock.js";

/** Runs a sequence `[time, batch, inputSize]` as one op; default state: the core's initial state. */
type SequenceOp = (inputs: tf.Tensor3D, state?: NestedState) => UnrollResult<NestedState>;

/** Runs a step `[batch, inputSize]` as one op. */
type StepOp = (inputs: tf.Tensor2D, state: NestedState) => { output: tf.Tensor2D; state: NestedState };

declare const console: { warn(message: string): void };

const warned = new Set<string>();

/**
 * Finds a function that runs a sequence of a core as one op.
 *
 * @param inputMask - `[time, batch]`: which steps to run; default: all.
 * @returns undefined if the core must run step by step; for a `Dnc` the reason is printed once.
 */
export function sequenceOp(core: object, inputMask?: tf.Tensor2D): SequenceOp | undefined {
  if (!isDnc(core)) return undefined;
  const dnc = core as object as UnrollableCore;
  const engines = findEngines();
  if (engines.length === 0) warnOfMissingEngine(dnc);
  const engine = chooseEngine(dnc, engines, inputMask !== undefined);
  if (!engine || !isStock(whyNotStock(core))) return undefined;
  return (inputs, state) => unrollByEngine(engine, dnc, { inputs, state, inputMask });
}

/**
 * Traces a sequence of a core with an engine of the current backend.
 *
 * @param quantities - names of the quantities of the trace.
 * @returns undefined if the definition must run: there is a gradient, the core is not stock, or no engine has all the quantities.
 */
export function traceOfSequence(
  core: object,
  sequence: Sequence,
  quantities: readonly string[],
): ReturnType<typeof traceByEngine> {
  if (!isDnc(core) || tf.engine().isTapeOn()) return undefined;
  const dnc = core as object as UnrollableCore;
  const engine = findEngines().find((each) => supportsSequence(each, dnc, sequence.inputMask !== undefined) === true);
  return engine && whyNotStock(core) === undefined ? traceByEngine(engine, dnc, sequence, quantities) : undefined;
}

/**
 * Finds a function that runs one step of a core as one op. The core's `step` must be the class's own method.
 *
 * An engine with custom kernels keeps residuals for one sequence only, so it runs no single steps under a gradient. An
 * engine of TensorFlow.js ops prepares the weights itself, so it is not faster if the caller has prepared them.
 *
 * @param isPrepared - whether the caller shares prepared weights between steps.
 * @returns undefined if the definition must run.
 */
export function stepOp(core: UnrollableCore, isPrepared: boolean): StepOp | undefined {
  const hasTape = tf.engine().isTapeOn();
  const candidates = findEngines().filter((engine) => ("kernels" in engine ? !hasTape : !isPrepared));
  const engine = chooseEngine(core, candidates);
  if (!engine || !isStock(whyNotStockParts(core))) return undefined;
  return (inputs, state) => runStep((sequence) => unrollByEngine(engine, core, { inputs: sequence, state }), inputs);
}

/** Runs a step as a sequence of length 1. */
function runStep(run: (sequence: tf.Tensor3D) => UnrollResult<NestedState>, inputs: tf.Tensor2D) {
  return tf.tidy(() => {
    const { outputs, finalState } = run(tf.expandDims(inputs, 0) as tf.Tensor3D);
    return { output: tf.squeeze(outputs, [0]) as tf.Tensor2D, state: finalState };
  });
}

/** Finds the first engine that supports the network. If the engine tried first does not, its reason is printed once. */
function chooseEngine(core: UnrollableCore, engines: readonly Engine[], hasMask = false): Engine | undefined {
  for (const [index, engine] of engines.entries()) {
    const supported = supportsSequence(engine, core, hasMask);
    if (supported === true) return engine;
    if (index === 0) warnOnce(`@dnc/core: engine ${engine.name} does not support this network: ${supported}.`);
  }
  return undefined;
}

function supportsSequence(engine: Engine, { config }: UnrollableCore, hasMask: boolean): true | string {
  const supported = engine.supports(config);
  return supported === true && hasMask ? engine.supportsSizes({ ...networkSizes(config), inputMask: true }) : supported;
}

/** Warns once that an engine would run a network's sequences, if there is one for the backend. */
function warnOfMissingEngine(core: UnrollableCore): void {
  if (!wouldCompute(core.config) || whyNotStock(core) !== undefined) return;
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
