/** The kinds `repeat-copy-*`: loss, data and readable strings of @dnc/tasks, and the loss of @dnc/training with its gradients. */
import { encodeRepeatCopy, meanLoss, predictedBits, repeatCopy } from "@dnc/tasks";
import { sigmoidCrossEntropy } from "@dnc/training";
import { configInteger, configPositive, inputOfShape } from "./case-file.mjs";
import { compare, exact, failed } from "./compare.mjs";
import { evaluate } from "./evaluate.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** The reference's variants of the loss. */
const LOSSES = {
  sum_nats: {},
  sum_bits: { logProbInBits: true },
  timeavg_nats: { timeAverage: true },
  timeavg_bits: { timeAverage: true, logProbInBits: true },
};

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function repeatCopyCost(file) {
  const shape = [configInteger(file, "time"), configInteger(file, "batch")];
  inputOfShape(file, "mask", shape);
  for (const name of ["logits", "target"]) inputOfShape(file, name, [...shape, configInteger(file, "output_size")]);
  const computed = { outputs: {}, grads: {}, checks: [] };
  for (const [variant, options] of Object.entries(LOSSES)) {
    const listed = Object.keys(file.grads).filter((name) => name.startsWith(`${variant}/`));
    const cost = ({ logits, target, mask }) => ({ cost: sigmoidCrossEntropy(logits, target, mask, options) });
    const of = listed.map((name) => name.slice(variant.length + 1));
    const gradient = of.length > 0 ? { objective: (outputs) => outputs.cost, of } : undefined;
    const { outputs, grads } = await evaluate(file.inputs, cost, gradient);
    computed.outputs[variant] = outputs.cost;
    computed.checks.push(compareLossOnArrays(file, variant, options));
    for (const [name, values] of Object.entries(grads)) computed.grads[`${variant}/${name}`] = values;
  }
  return computed;
}

/** Compares the loss of @dnc/tasks, which is computed on plain arrays. */
function compareLossOnArrays({ inputs, outputs }, variant, options) {
  const [timeSteps, batchSize] = inputs.mask.shape;
  const [logits, targets, mask] = [inputs.logits, inputs.target, inputs.mask].map(floats);
  const loss = meanLoss(logits, { timeSteps, batchSize, targets, mask }, options);
  const within =
    ({ data }) =>
    () =>
      Math.max(1e-6, 1e-6 * Math.abs(data[0]));
  const what = `outputs/${variant} on arrays`;
  return outputs[variant] ? compare(what, outputs[variant], valuesOf([loss], []), within) : failed(what, "missing");
}

/**
 * Tolerance of a repeat count divided by norm_max: one unit in the last place, because the reference multiplies
 * instead.
 */
const REPEAT_TOLERANCE = 1e-7;

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function repeatCopyData(file) {
  const numBits = configInteger(file, "num_bits");
  const normMax = configPositive(file, "norm_max");
  const { patterns, num_repeats: repeats } = file.extra;
  const batch = encodeRepeatCopy({ patterns, repeats }, { normMax });
  const given = { model_output: undefined, logits: undefined };
  for (const name of Object.keys(given))
    given[name] = floats(inputOfShape(file, name, [batch.timeSteps, batch.batchSize, numBits + 1]));
  const output = predictedBits(given.logits, batch.mask);
  const render = (...args) => taskOf(file, normMax).render(batch, ...args);
  return {
    outputs: {
      human_readable: render(),
      human_readable_whole_batch: render(undefined, { wholeBatch: true }),
      human_readable_with_output: render(given.model_output),
      human_readable_with_output_whole_batch: render(given.model_output, { wholeBatch: true }),
      human_readable_with_unrounded_logits: render(given.logits),
    },
    checks: [
      ...checkExtra(file, numBits),
      ...compareBatch(file, batch, numBits),
      compareModelOutput(file, valuesOf(output, [batch.timeSteps, batch.batchSize, numBits + 1])),
    ],
    extra: ["patterns", "num_repeats", "sequence_lengths"],
  };
}

function taskOf(file, normMax) {
  return repeatCopy({
    batchSize: configInteger(file, "batch_size"),
    numBits: configInteger(file, "num_bits"),
    minLength: configInteger(file, "min_length"),
    maxLength: configInteger(file, "max_length"),
    minRepeats: configInteger(file, "min_repeats"),
    maxRepeats: configInteger(file, "max_repeats"),
    normMax,
  });
}

/** Checks that the sampled values are within the limits of the config. */
function checkExtra(file, numBits) {
  const { patterns, num_repeats: repeats, sequence_lengths: lengths } = file.extra;
  const size = configInteger(file, "batch_size");
  const between = (values, least, most) =>
    Array.isArray(values) &&
    values.length === size &&
    values.every((x) => Number.isInteger(x) && x >= file.config[least] && x <= file.config[most]);
  const claims = {
    sequence_lengths:
      between(lengths, "min_length", "max_length") && patterns.every(({ length }, i) => length === lengths[i]),
    num_repeats: between(repeats, "min_repeats", "max_repeats"),
    patterns: patterns.length === size && patterns.flat().every((bits) => bits.length === numBits),
  };
  return Object.entries(claims)
    .filter(([, holds]) => !holds)
    .map(([name]) => failed(`extra/${name}`, "does not fit config and patterns"));
}

function compareBatch({ inputs }, { timeSteps, batchSize, ...arrays }, numBits) {
  const isRepeat = (index) => index % (numBits + 2) === numBits + 1;
  const rules = {
    observations: () => (index) => (isRepeat(index) ? REPEAT_TOLERANCE : 0),
    target: exact,
    mask: exact,
  };
  const ours = {
    observations: valuesOf(arrays.inputs, [timeSteps, batchSize, numBits + 2]),
    target: valuesOf(arrays.targets, [timeSteps, batchSize, numBits + 1]),
    mask: valuesOf(arrays.mask, [timeSteps, batchSize]),
  };
  return Object.entries(rules).map(([name, rule]) => {
    if (!inputs[name]) return failed(`inputs/${name}`, "missing");
    return compare(`inputs/${name}`, inputs[name], ours[name], rule);
  });
}

/** Compares exactly, except that a probability of one half, up to rounding, may become 0 or 1. */
function compareModelOutput({ inputs }, actual) {
  const { logits, mask, model_output: expected } = inputs;
  const width = logits.shape[2];
  const isHalf = (index) => {
    const probability = mask.data[Math.floor(index / width)] / (1 + Math.exp(-logits.data[index]));
    return Math.abs(probability - 0.5) <= 2 ** -23;
  };
  const isBit = (x) => x === 0 || x === 1;
  const alternative = (index) => (isHalf(index) && isBit(expected.data[index]) ? 1 - expected.data[index] : undefined);
  return compare("inputs/model_output", expected, actual, exact, alternative);
}

function floats({ data }) {
  return Float32Array.from(data);
}

function valuesOf(data, shape) {
  return { shape, dtype: "float32", data };
}
