/** The kinds `repeat-copy-*`: cost, data and readable strings of @dnc/tasks. */
import { encodeRepeatCopy, maskedSigmoidCrossEntropy, modelOutput, repeatCopy } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { configInteger, configPositive, inputOfShape } from "./case-file.mjs";
import { compare, exact, failed } from "./compare.mjs";
import { evaluate, toTensor } from "./evaluate.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** The reference's variants of the cost. */
const COSTS = {
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
  const computed = { outputs: {}, grads: {} };
  for (const [variant, options] of Object.entries(COSTS)) {
    const listed = Object.keys(file.grads).filter((name) => name.startsWith(`${variant}/`));
    const cost = ({ logits, target, mask }) => ({ cost: maskedSigmoidCrossEntropy(logits, target, mask, options) });
    const of = listed.map((name) => name.slice(variant.length + 1));
    const gradient = of.length > 0 ? { objective: (outputs) => outputs.cost, of } : undefined;
    const { outputs, grads } = await evaluate(file.inputs, cost, gradient);
    computed.outputs[variant] = outputs.cost;
    for (const [name, values] of Object.entries(grads)) computed.grads[`${variant}/${name}`] = values;
  }
  return computed;
}

/** A repeat count divided by norm_max may be off by one unit in the last place: the reference multiplies instead. */
const REPEAT_TOLERANCE = 1e-7;

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function repeatCopyData(file) {
  const numBits = configInteger(file, "num_bits");
  const normMax = configPositive(file, "norm_max");
  const { patterns, num_repeats: repeats } = file.extra;
  const batch = encodeRepeatCopy({ patterns, repeats }, { normMax });
  const given = { model_output: undefined, logits: undefined };
  for (const name of Object.keys(given))
    given[name] = toTensor(inputOfShape(file, name, [...batch.mask.shape, numBits + 1]));
  const output = modelOutput(given.logits, batch.mask);
  try {
    const draw = (...args) => taskOf(file, normMax).render(batch, ...args);
    return {
      outputs: {
        human_readable: await draw(),
        human_readable_whole_batch: await draw(undefined, { wholeBatch: true }),
        human_readable_with_output: await draw(given.model_output),
        human_readable_with_output_whole_batch: await draw(given.model_output, { wholeBatch: true }),
        human_readable_with_unrounded_logits: await draw(given.logits),
      },
      checks: [
        ...checkExtra(file, numBits),
        ...(await compareBatch(file, batch, numBits)),
        compareModelOutput(file, await valuesOf(output)),
      ],
      extra: ["patterns", "num_repeats", "sequence_lengths"],
    };
  } finally {
    tf.dispose([batch, given, output]);
  }
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

/** What was drawn must be what the config allows. */
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

async function compareBatch({ inputs }, batch, numBits) {
  const isRepeat = (index) => index % (numBits + 2) === numBits + 1;
  const rules = {
    observations: () => (index) => (isRepeat(index) ? REPEAT_TOLERANCE : 0),
    target: exact,
    mask: exact,
  };
  const comparisons = Object.entries(rules).map(async ([name, rule]) => {
    if (!inputs[name]) return failed(`inputs/${name}`, "missing");
    return compare(`inputs/${name}`, inputs[name], await valuesOf(batch[name]), rule);
  });
  return Promise.all(comparisons);
}

/** Exactly, except that an answer of one half, to rounding, may become 0 or 1. */
function compareModelOutput({ inputs }, actual) {
  const { logits, mask, model_output: expected } = inputs;
  const width = logits.shape[2];
  const isHalf = (index) => {
    const answer = mask.data[Math.floor(index / width)] / (1 + Math.exp(-logits.data[index]));
    return Math.abs(answer - 0.5) <= 2 ** -23;
  };
  const isBit = (x) => x === 0 || x === 1;
  const alternative = (index) => (isHalf(index) && isBit(expected.data[index]) ? 1 - expected.data[index] : undefined);
  return compare("inputs/model_output", expected, actual, exact, alternative);
}

async function valuesOf(tensor) {
  return { shape: tensor.shape, dtype: tensor.dtype, data: await tensor.data() };
}
