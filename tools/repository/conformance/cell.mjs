/** A cell of the table: a row computed by an engine and compared with the definition, or the reason why not. */
import { unroll } from "@dnc/core";
import { supportsCore } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs";
import {
  batchesOf,
  resultsOf,
  stepByStep,
  trainedByDefinition,
  trainedByEngine,
  trainedThroughOp,
} from "./definition.mjs";
import { createNetwork } from "./table.mjs";

const STEPS = 20;
/** How many times the spread of the definition's own results an engine may differ in addition. */
const SPREADS = 2;
/**
 * Tolerance relative to the largest number of a tensor, or to 1. It is larger for words of one number, whose
 * similarities are 1 or -1 up to an epsilon, and for what passes through sharpened links, whose slope reaches 1e6.
 */
const closeness = ({ wordSize, memory }) => (memory?.sharpness ? 5e-4 : wordSize === 1 ? 2e-4 : 5e-5);

/** Why an engine refuses a row's network; undefined if it computes it. */
export function whyNotNetwork(engine, { network }) {
  return whyNot(engine, network);
}

/** Why an engine's trainer refuses a row; undefined if it trains it. */
export function whyNotTraining(engine, { network, training }) {
  return whyNot(engine, network, training);
}

function whyNot(engine, network, training) {
  const core = createNetwork(network);
  try {
    const supported = supportsCore(engine, core, training);
    return supported === true ? undefined : supported;
  } finally {
    core.dispose();
  }
}

/** What the definition computes of a row, which all engines share. Both maps are by the row's own objects. */
const sequences = new WeakMap();
const trained = new WeakMap();

/** @param {WeakMap} found @param {() => Promise} compute - on the CPU. */
async function once(found, key, compute) {
  if (!found.has(key)) {
    await tf.setBackend("cpu");
    found.set(key, await compute());
  }
  return found.get(key);
}

/**
 * Compares outputs, final state and all gradients of a row's network with the definition.
 *
 * @returns {Promise<string | undefined>} the first difference.
 */
export async function compareSequence({ backend }, { network }) {
  const expected = await once(sequences, network, () => resultsOf(network, stepByStep));
  await tf.setBackend(backend);
  const actual = await resultsOf(network, unroll);
  if (String([...actual.keys()]) !== String([...expected.keys()])) return `names: ${[...actual.keys()]}`;
  for (const [name, values] of expected) {
    const difference = compare(name, actual.get(name), values, closeness(network));
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/**
 * Compares twenty training steps of a row with the definition: losses, norms, parameters and the optimizer's state.
 *
 * @param {Record<string, number>} [spreads] - differences that are allowed in addition, by part: see `spreadsOf`.
 * @returns {Promise<string | undefined>} the first difference.
 */
export async function compareTraining(engine, { backend }, row, spreads = {}) {
  const batches = batchesOf(row, STEPS);
  const expected = await once(trained, row, () => trainedByDefinition(row, batches));
  await tf.setBackend(backend);
  const isTrainer = "createTrainer" in engine;
  const actual = await (isTrainer ? trainedByEngine(engine, row, batches) : trainedThroughOp(row, batches));
  if (!actual.steps.every(({ applied }) => applied)) return "applied: expected every update to be applied";
  if (Object.keys(actual.state).length !== Object.keys(expected.state).length)
    return `optimizer state: expected ${Object.keys(expected.state)}, got ${Object.keys(actual.state)}`;
  const found = partsOf(actual);
  for (const [part, values] of Object.entries(partsOf(expected))) {
    const share = part === "parameters" ? STEPS * row.training.optimizer.learningRate * 1e-2 : 1e-4;
    const difference = compare(part, found[part], values, share, SPREADS * (spreads[part] ?? 0));
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Results of training, each part a list of numbers. */
function partsOf({ steps, parameters, state }) {
  const [losses, norms] = [steps.map(({ loss }) => loss), steps.map(({ globalNorm }) => globalNorm)];
  return { loss: losses, globalNorm: norms, parameters, ...state };
}

/**
 * Computes how far the definition's own results of a row move if all inputs are changed by about one unit in the last place: where
 * Adam divides a gradient that is nothing but rounding by itself, or a slope is 1e6, no two orders of addition agree.
 *
 * @returns {Promise<Record<string, number>>} by part, the largest change of a number.
 */
export async function spreadsOf(row) {
  const batches = batchesOf(row, STEPS);
  const expected = partsOf(await once(trained, row, () => trainedByDefinition(row, batches)));
  const spreads = {};
  await tf.setBackend("cpu");
  for (const change of [1.2e-7, -6e-8, 2.4e-7]) {
    const moved = batches.map((batch) => ({
      ...batch,
      inputs: batch.inputs.map((x) => Math.fround(x * (1 + change))),
    }));
    for (const [part, values] of Object.entries(partsOf(await trainedByDefinition(row, moved))))
      spreads[part] = values.reduce(
        (most, x, i) => Math.max(most, Math.abs(x - expected[part][i])),
        spreads[part] ?? 0,
      );
  }
  return spreads;
}

/** Returns the first difference of more than a share of the largest number, or of 1, and what is allowed in addition. */
function compare(name, actual, expected, share, addition = 0) {
  if (actual?.length !== expected.length) return `${name}: expected ${expected.length} numbers, got ${actual?.length}`;
  const allowed = share * expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1) + addition;
  for (const [index, value] of expected.entries())
    if (!(actual[index] === value || Math.abs(actual[index] - value) <= allowed))
      return `${name}[${index}]: expected ${value}, got ${actual[index]}, allowed ${allowed}`;
  return undefined;
}
