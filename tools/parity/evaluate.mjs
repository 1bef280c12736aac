/** Runs TensorFlow.js computations on the tensors of a case, forward and backward. */
import * as tf from "@tensorflow/tfjs";

/** @typedef {import("./case-file.mjs").Values} Values */
/** @typedef {import("./case-file.mjs").NamedValues} NamedValues */

/**
 * Evaluates a function of named tensors, and the gradient of an objective.
 *
 * An input on which the objective does not depend has the gradient 0.
 *
 * @param {NamedValues} inputs
 * @param {(tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>} compute
 * @param {object} [gradient] - default: no gradient is computed.
 * @param {(outputs: Record<string, tf.Tensor>) => tf.Scalar} gradient.objective
 * @param {string[]} gradient.of - names of inputs and variables to differentiate by; others are ignored.
 * @param {Record<string, tf.Variable>} [gradient.variables] - variables that `compute` uses.
 * @returns {Promise<{ outputs: NamedValues, grads: NamedValues }>}
 */
export async function evaluate(inputs, compute, gradient) {
  const tensors = toTensors(inputs);
  /** @type {Record<string, tf.Tensor>} */
  const outputs = {};
  const forward = () => {
    const computed = compute(tensors);
    for (const [name, tensor] of Object.entries(computed)) outputs[name] = tf.keep(tf.clone(tensor));
    return computed;
  };
  if (!gradient) {
    tf.tidy(() => void forward());
    tf.dispose(tensors);
    return { outputs: await readAll(outputs), grads: {} };
  }
  const known = { ...tensors, ...gradient.variables };
  const names = gradient.of.filter((name) => known[name]?.dtype === "float32");
  const sources = names.map((name) => known[name]);
  const { value, grads } = tf.valueAndGrads(() => {
    const nothing = sources.map((source) => tf.mul(0, tf.sum(source)));
    return sumOf([gradient.objective(forward()), ...nothing]);
  })(sources);
  tf.dispose([tensors, value]);
  const namedGrads = Object.fromEntries(names.map((name, index) => [name, grads[index]]));
  return { outputs: await readAll(outputs), grads: await readAll(namedGrads) };
}

/**
 * Evaluates a case whose objective is `sum over k of sum(outputs[k] * cotangents[k])`, as for most kinds.
 *
 * @param {import("./case-file.mjs").CaseFile} file
 * @param {(tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>} compute
 * @param {Record<string, tf.Variable>} [variables] - variables that `compute` uses.
 * @returns {Promise<{ outputs: NamedValues, grads: NamedValues, objective?: number }>}
 */
export async function evaluateWeighted({ inputs, cotangents, grads }, compute, variables = {}) {
  const of = Object.keys(grads);
  if (of.length === 0) return evaluate(inputs, compute);
  const weights = Object.entries(cotangents);
  if (weights.length === 0) throw new Error("inputs/cotangents: missing, but gradients are listed");
  const objective = (outputs) =>
    sumOf(
      weights.map(([name, values]) => {
        if (!outputs[name]) throw new Error(`inputs/cotangents/${name}: there is no such output`);
        return tf.sum(tf.mul(outputs[name], toTensor(values)));
      }),
    );
  const evaluated = await evaluate(inputs, compute, { objective, of, variables });
  const terms = weights.map(([name, { data }]) => dot(evaluated.outputs[name].data, data));
  return { ...evaluated, objective: terms.reduce((sum, term) => sum + term) };
}

/** @param {Values} values */
export function toTensor({ data, shape, dtype }) {
  return dtype === "int32"
    ? tf.tensor(Int32Array.from(data), shape, "int32")
    : tf.tensor(Float32Array.from(data), shape, "float32");
}

/** @param {NamedValues} named */
export function toTensors(named) {
  return Object.fromEntries(Object.entries(named).map(([name, values]) => [name, toTensor(values)]));
}

/**
 * Returns the slices along the first axis.
 *
 * Not `tf.unstack`, which has no gradient for a single slice.
 *
 * @param {tf.Tensor} tensor
 */
export function stepsOf(tensor) {
  const [time, ...rest] = tensor.shape;
  const begin = (step) => [step, ...rest.map(() => 0)];
  return Array.from({ length: time }, (_, step) => tf.reshape(tf.slice(tensor, begin(step), [1, ...rest]), rest));
}

/** Reads tensors and disposes them. @param {Record<string, tf.Tensor>} tensors @returns {Promise<NamedValues>} */
export async function readAll(tensors) {
  const read = async ([name, tensor]) => {
    const values = { shape: tensor.shape, dtype: tensor.dtype, data: await tensor.data() };
    tensor.dispose();
    return [name, values];
  };
  return Object.fromEntries(await Promise.all(Object.entries(tensors).map(read)));
}

/**
 * Assigns the case's parameters to a model, after checking that names and shapes are equal.
 *
 * @param {readonly { name: string, variable: tf.Variable }[]} variables
 * @param {NamedValues} params
 * @returns {Record<string, tf.Variable>} the variables by name.
 */
export function assignParams(variables, params) {
  const byName = Object.fromEntries(variables.map(({ name, variable }) => [name, variable]));
  const [ours, theirs] = [Object.keys(byName), Object.keys(params)];
  const different = [...ours.filter((name) => !params[name]), ...theirs.filter((name) => !byName[name])];
  if (different.length > 0) throw new Error(`params: not on both sides: ${different.join(", ")}`);
  for (const [name, variable] of Object.entries(byName)) {
    if (String(variable.shape) !== String(params[name].shape))
      throw new Error(`params/${name}: the model has [${variable.shape}], the case [${params[name].shape}]`);
    tf.tidy(() => variable.assign(toTensor(params[name])));
  }
  return byName;
}

/** Adds one by one: WebGPU can bind only a few tensors to one kernel. */
function sumOf(terms) {
  return terms.reduce((sum, term) => tf.add(sum, term));
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[i] * b[i];
  return sum;
}
