/** A cell of the table: a row computed by an engine and compared with the definition, or the reason why not. */
import { unroll } from "@dnc/core";
import { supportsCore } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs";
import {
  batchesOf,
  numbersOf,
  resultsOf,
  stepByStep,
  trainedByDefinition,
  trainedByEngine,
  trainedThroughOp,
} from "./definition.mjs";
import { createNetwork } from "./table.mjs";

const STEPS = 20;
/** Number of trainings by which `spreadsOf` finds out how far results move by themselves. */
const CHANGES = 8;
/** A unit in the last place of 1, in float32. */
const ULP = 2 ** -23;
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
 * @param {Record<string, number[]>} [spreads] - what each number moves by itself, twice which is allowed in addition: see `spreadsOf`.
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
    const difference = compare(part, found[part], values, share, spreads[part]);
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
 * Computes how far each of the definition's own results of a row moves if every input changes by about one unit in the last place of 1,
 * up or down: where Adam divides a gradient that is nothing but rounding by itself, or a slope is 1e6, no two orders of addition agree.
 *
 * @returns {Promise<Record<string, number[]>>} by part, the largest change of each number in `CHANGES` trainings.
 */
export async function spreadsOf(row) {
  const batches = batchesOf(row, STEPS);
  const expected = partsOf(await once(trained, row, () => trainedByDefinition(row, batches)));
  const spreads = {};
  await tf.setBackend("cpu");
  for (let change = 0; change < CHANGES; change++) {
    const moved = batches.map((batch, index) => {
      const changes = numbersOf(batch.inputs.length, 1000 * change + index, (next) => (next() < 0.5 ? -ULP : ULP));
      return { ...batch, inputs: batch.inputs.map((x, i) => Math.fround(x + changes[i])) };
    });
    for (const [part, values] of Object.entries(partsOf(await trainedByDefinition(row, moved))))
      spreads[part] = values.map((x, i) => Math.max(Math.abs(x - expected[part][i]), spreads[part]?.[i] ?? 0));
  }
  return spreads;
}

/** Returns the first difference of more than a share of the largest number, or of 1, and twice the number's own spread. */
function compare(name, actual, expected, share, spreads) {
  if (actual?.length !== expected.length) return `${name}: expected ${expected.length} numbers, got ${actual?.length}`;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (const [index, value] of expected.entries()) {
    const allowed = share * scale + 2 * (spreads?.[index] ?? 0);
    if (!(actual[index] === value || Math.abs(actual[index] - value) <= allowed))
      return `${name}[${index}]: expected ${value}, got ${actual[index]}, allowed ${allowed}`;
  }
  return undefined;
}
