/**
 * Reads a reference case file strictly: unknown contents are an error.
 *
 * A tensor in the file is `{ shape, dtype, data }`. Its numbers must be finite, fill the shape, and be exact in that
 * dtype: a "float32" number that is not exact in float32 was not written by the reference.
 */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

/** @typedef {{ shape: number[], dtype: "float32" | "float64" | "int32", data: ArrayLike<number> }} Values */
/** @typedef {Record<string, Values>} NamedValues */

/**
 * @typedef {object} CaseFile
 * @property {string} name - name of the file without `.json`.
 * @property {string} kind - the part of the name before `__`.
 * @property {Record<string, unknown>} config
 * @property {NamedValues} inputs - the tensors in `inputs`.
 * @property {NamedValues} cotangents - `inputs.cotangents`.
 * @property {NamedValues[]} batches - `inputs.batches`.
 * @property {NamedValues} params
 * @property {Record<string, Values | string>} outputs
 * @property {NamedValues} grads
 * @property {Record<string, any>} extra
 * @property {{ outputs: NamedValues, grads: NamedValues }} double - the same quantities from a float64 graph, if
 *   present.
 * @property {Record<"double" | "perturbed", { outputs: Record<string, number>, grads: Record<string, number> }>} recorded -
 *   largest differences to the float64 graph, and to a float32 graph whose inputs differ by one unit in the last place.
 */

const SECTIONS = {
  case: "string",
  notes: "string",
  config: "object",
  inputs: "object",
  params: "object",
  outputs: "object",
  grads: "object",
  outputs_f64: "object",
  grads_f64: "object",
  f64_max_abs_diff: "object",
  f32_perturbed_max_abs_diff: "object",
  extra: "object",
};

/**
 * @param {string} path
 * @returns {Promise<CaseFile>}
 * @throws Error that names the place in the file and the problem.
 */
export async function readCaseFile(path) {
  const name = basename(path, ".json");
  const file = JSON.parse(await readFile(path, "utf8"));
  if (!isObject(file)) throw new Error(`expected an object, got ${show(file)}`);
  for (const [section, value] of Object.entries(file)) {
    if (!(section in SECTIONS)) throw new Error(`unknown section "${section}"`);
    if (SECTIONS[section] === "string" ? typeof value !== "string" : !isObject(value))
      throw new Error(`${section}: expected ${SECTIONS[section]}, got ${show(value)}`);
  }
  const { config = {}, inputs = {}, params = {}, outputs = {}, grads = {}, extra = {} } = file;
  if (config.seed !== undefined) integer("config.seed", config.seed);
  const { cotangents = {}, batches = [], ...plainInputs } = inputs;
  if (!Array.isArray(batches)) throw new Error(`inputs/batches: expected a list, got ${show(batches)}`);
  return {
    name,
    kind: kindOf(name),
    config,
    inputs: readTensors("inputs", plainInputs),
    cotangents: readTensors("inputs/cotangents", cotangents),
    batches: batches.map((batch, index) => readTensors(`inputs/batches/${index}`, batch)),
    params: readTensors("params", params),
    outputs: readOutputs(outputs),
    grads: readTensors("grads", grads),
    extra: readExtra("extra", extra),
    double: {
      outputs: readTensors("outputs_f64", file.outputs_f64 ?? {}),
      grads: readTensors("grads_f64", file.grads_f64 ?? {}),
    },
    recorded: {
      double: readRecorded("f64_max_abs_diff", file.f64_max_abs_diff),
      perturbed: readRecorded("f32_perturbed_max_abs_diff", file.f32_perturbed_max_abs_diff),
    },
  };
}

/** Parses the kind from a file name: `<kind>__<variant>`. */
export function kindOf(name) {
  return name.split("__")[0];
}

/**
 * Reads an integer from the case's config.
 *
 * @param {CaseFile} file
 * @param {string} key
 */
export function configInteger({ config }, key) {
  return integer(`config.${key}`, config[key]);
}

/**
 * Reads a positive number from the case's config.
 *
 * @param {CaseFile} file
 * @param {string} key
 */
export function configPositive({ config }, key) {
  const value = config[key];
  if (!isFiniteNumber(value) || value <= 0)
    throw new Error(`config.${key}: expected a positive number, got ${show(value)}`);
  return value;
}

/**
 * Reads the loss from the case's config; sigmoid if it names none, or describes the reference's in a sentence.
 *
 * @param {CaseFile} file
 * @returns {{ loss: "sigmoid" | "softmax" | "squared", groupSizes?: number[] }}
 */
export function lossOf({ config }) {
  const { loss, groupSizes } = config;
  if (loss === "squared") return { loss };
  if (loss !== "softmax") return { loss: "sigmoid" };
  if (!Array.isArray(groupSizes)) throw new Error(`config.groupSizes: expected a list, got ${show(groupSizes)}`);
  return { loss, groupSizes: groupSizes.map((size, index) => integer(`config.groupSizes[${index}]`, size)) };
}

/**
 * Returns an input of the case, after checking its shape.
 *
 * @param {CaseFile} file
 * @param {string} name
 * @param {number[]} shape
 */
export function inputOfShape({ inputs }, name, shape) {
  const values = inputs[name];
  if (!values) throw new Error(`inputs/${name}: missing`);
  if (String(values.shape) !== String(shape))
    throw new Error(`inputs/${name}: expected [${shape}] from config, got [${values.shape}]`);
  return values;
}

function readOutputs(outputs) {
  const entries = Object.entries(outputs);
  const strings = entries.filter(([, value]) => typeof value === "string");
  const tensors = entries.filter(([, value]) => typeof value !== "string");
  return { ...Object.fromEntries(strings), ...readTensors("outputs", Object.fromEntries(tensors)) };
}

function readTensors(where, tensors) {
  if (!isObject(tensors)) throw new Error(`${where}: expected an object, got ${show(tensors)}`);
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [name, readTensor(`${where}/${name}`, value)]),
  );
}

/** Reads tensors at any depth; everything else is unchanged. */
function readExtra(where, value) {
  if (!isObject(value)) return value;
  if ("data" in value) return readTensor(where, value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readExtra(`${where}/${name}`, inner)]));
}

const DTYPES = { float32: (x) => Math.fround(x) === x, float64: () => true, int32: (x) => (x | 0) === x };

/** @returns {Values} */
function readTensor(where, value) {
  if (!isObject(value) || !Array.isArray(value.shape) || !Array.isArray(value.data))
    throw new Error(`${where}: expected a tensor, got ${show(value)}`);
  const { shape, dtype, data } = value;
  if (!Object.hasOwn(DTYPES, dtype)) throw new Error(`${where}: unknown dtype ${show(dtype)}`);
  const size = shape.reduce((product, length, axis) => product * integer(`${where}: shape[${axis}]`, length), 1);
  if (data.length !== size) throw new Error(`${where}: shape [${shape}] needs ${size} numbers, got ${data.length}`);
  for (const [index, x] of data.entries()) {
    if (!isFiniteNumber(x)) throw new Error(`${where}: expected a finite number at ${index}, got ${show(x)}`);
    if (!DTYPES[dtype](x)) throw new Error(`${where}: ${x} at ${index} is not a ${dtype}`);
  }
  return { shape, dtype, data };
}

function readRecorded(where, { outputs = {}, grads = {} } = {}) {
  for (const [section, differences] of Object.entries({ outputs, grads }))
    for (const [name, value] of Object.entries(differences))
      if (!isFiniteNumber(value) || value < 0)
        throw new Error(`${where}/${section}/${name}: expected a number of at least 0, got ${show(value)}`);
  return { outputs, grads };
}

function integer(where, value) {
  if (!Number.isInteger(value) || value < 0) throw new Error(`${where}: expected an integer, got ${show(value)}`);
  return value;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFiniteNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

function show(value) {
  return JSON.stringify(value)?.slice(0, 60) ?? String(value);
}
