/** The kinds `addressing-*`: content weights, linkage, usage and allocation, through the public API of @dnc/addressing. */
import {
  allocationWeights,
  backwardReadWeights,
  contentWeights,
  forwardReadWeights,
  sharpenWeights,
  updateLinkage,
  updateUsage,
  weightedSoftmax,
  writeAllocationWeights,
} from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs";
import { configInteger, inputOfShape } from "./case-file.mjs";
import { close, largest } from "./compare.mjs";
import { engine } from "./engine.mjs";
import { evaluateWeighted, stepsOf } from "./evaluate.mjs";
import { checkSortFacts } from "./sort-facts.mjs";
import { usageZeroFactors } from "./zero-factors.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function cosineWeights(file) {
  const [batch, slots, wordSize, heads] = sizes(file, "batch", "memory_size", "word_size", "num_heads");
  inputOfShape(file, "memory", [batch, slots, wordSize]);
  inputOfShape(file, "keys", [batch, heads, wordSize]);
  inputOfShape(file, "strengths", [batch, heads]);
  const options = { strengthOp: strengthOp(file) };
  const computed = await evaluateWeighted(file, ({ memory, keys, strengths }) => ({
    weights: contentWeights(memory, keys, strengths, options),
  }));
  return { ...computed, sorted: false, ...(engine.backend === "webgpu" ? strengthRules(file) : {}) };
}

/** Largest strength that needs no special tolerance on any backend. */
const STRONG = 100;

/**
 * WGSL allows quotients and roots an error of 2.5 units in the last place, and a strength multiplies the error of a
 * similarity.
 *
 * A weight w of a head with strength b changes by b w (1 - w) per unit of similarity; gradients by b times their size.
 * The tolerance is 4 units (2^-22) in weights and 16 (2^-20) in gradients, which sum several such terms, but at most
 * 5e-4 and 1e-3.
 */
function strengthRules({ inputs, outputs }) {
  const strengths = inputs.strengths.data;
  const most = largest(strengths);
  if (most <= STRONG) return {};
  const slots = outputs.weights.shape.at(-1);
  const usual = close({ sorted: false });
  const weights = (expected) => {
    const tolerance = usual(expected);
    return (index) => {
      const [weight, strength] = [expected.data[index], Math.abs(strengths[Math.floor(index / slots)])];
      return Math.max(tolerance(index), Math.min(5e-4, 2 ** -22 * strength * weight * (1 - weight)));
    };
  };
  const gradient = (expected) => {
    const tolerance = usual(expected);
    const whole = Math.min(1e-3, 2 ** -20 * most) * largest(expected.data);
    return (index) => Math.max(tolerance(index), whole);
  };
  return { rules: { outputs: { weights }, grads: { memory: gradient, keys: gradient, strengths: gradient } } };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function softmaxWeights(file) {
  const [batch, heads, slots] = sizes(file, "batch", "num_heads", "memory_size");
  inputOfShape(file, "activations", [batch, heads, slots]);
  inputOfShape(file, "strengths", [batch, heads]);
  const options = { strengthOp: strengthOp(file) };
  const computed = await evaluateWeighted(file, ({ activations, strengths }) => ({
    weights: weightedSoftmax(activations, strengths, options),
  }));
  return { ...computed, sorted: false };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function temporalLinkage(file) {
  const [batch, slots, writes, reads] = sizes(file, "batch", "memory_size", "num_writes", "num_reads");
  const steps = configInteger(file, "steps");
  inputOfShape(file, "write_weights", [steps, batch, writes, slots]);
  inputOfShape(file, "prev_read_weights", [steps, batch, reads, slots]);
  inputOfShape(file, "init_link", [batch, writes, slots, slots]);
  inputOfShape(file, "init_precedence", [batch, writes, slots]);
  return evaluateWeighted(file, (inputs) => {
    const readWeights = stepsOf(inputs.prev_read_weights);
    let linkage = { link: inputs.init_link, precedenceWeights: inputs.init_precedence };
    const trace = stepsOf(inputs.write_weights).map((written, step) => {
      linkage = updateLinkage(linkage, written);
      return {
        link: linkage.link,
        precedence_weights: linkage.precedenceWeights,
        forward_weights: forwardReadWeights(linkage.link, readWeights[step]),
        backward_weights: backwardReadWeights(linkage.link, readWeights[step]),
      };
    });
    return stackSteps(trace);
  });
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function freenessUsage(file) {
  const [batch, slots, writes, reads] = sizes(file, "batch", "memory_size", "num_writes", "num_reads");
  inputOfShape(file, "write_weights", [batch, writes, slots]);
  inputOfShape(file, "free_gate", [batch, reads]);
  inputOfShape(file, "read_weights", [batch, reads, slots]);
  inputOfShape(file, "prev_usage", [batch, slots]);
  const computed = await evaluateWeighted(file, ({ write_weights, free_gate, read_weights, prev_usage }) => ({
    usage: updateUsage(prev_usage, write_weights, free_gate, read_weights),
  }));
  return { ...computed, ...usageZeroFactors(file) };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function freenessAllocation(file) {
  const listed = inputOfShape(file, "usage", sizes(file, "batch", "memory_size"));
  const computed = await evaluateWeighted(file, ({ usage }) => ({ allocation: allocationWeights(usage) }));
  return { ...computed, ...checkSortFacts(file, "sort", listed) };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function writeAllocation(file) {
  const [batch, slots, writes] = sizes(file, "batch", "memory_size", "num_writes");
  inputOfShape(file, "usage", [batch, slots]);
  inputOfShape(file, "write_gates", [batch, writes]);
  return evaluateWeighted(file, ({ usage, write_gates }) => ({
    allocation_weights: writeAllocationWeights(usage, write_gates),
  }));
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function maskedContent(file) {
  const [batch, slots, wordSize, heads] = sizes(file, "batch", "memory_size", "word_size", "num_heads");
  inputOfShape(file, "memory", [batch, slots, wordSize]);
  inputOfShape(file, "keys", [batch, heads, wordSize]);
  inputOfShape(file, "strengths", [batch, heads]);
  inputOfShape(file, "masks", [batch, heads, wordSize]);
  const options = { strengthOp: strengthOp(file), maskMinimum: file.config.minimum };
  const computed = await evaluateWeighted(file, ({ memory, keys, strengths, masks }) => ({
    weights: contentWeights(memory, keys, strengths, { ...options, masks }),
  }));
  return { ...computed, sorted: false };
}

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function sharpen(file) {
  const [batch, reads, writes, slots] = sizes(file, "batch", "num_reads", "num_writes", "memory_size");
  inputOfShape(file, "weights", [batch, reads, writes, slots]);
  inputOfShape(file, "sharpness", [batch, reads, writes]);
  const computed = await evaluateWeighted(file, ({ weights, sharpness }) => ({
    sharpened: sharpenWeights(weights, sharpness),
  }));
  return { ...computed, sorted: false };
}

/**
 * Stacks the results of each step over time.
 *
 * @param {Record<string, tf.Tensor>[]} trace - one record per step.
 */
export function stackSteps(trace) {
  return Object.fromEntries(Object.keys(trace[0]).map((name) => [name, tf.stack(trace.map((step) => step[name]))]));
}

function sizes(file, ...keys) {
  return keys.map((key) => configInteger(file, key));
}

/** Reads the option, which two of the reference's functions spell differently. */
function strengthOp({ config }) {
  return config.strength_op ?? config.strengths_op;
}
