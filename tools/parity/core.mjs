/** The kind `core-dnc`: the whole network over time, through @dnc/core's `unroll` and `step`, with the loss of @dnc/training. */
import { Dnc, unroll } from "@dnc/core";
import { sigmoidCrossEntropy } from "@dnc/training";
import { accessFields, accessState, memorySizes, memoryVariants } from "./access.mjs";
import { stackSteps } from "./addressing.mjs";
import { configInteger, inputOfShape } from "./case-file.mjs";
import { compare, exact } from "./compare.mjs";
import { assignParams, evaluate, stepsOf } from "./evaluate.mjs";
import { alignSlots } from "./slots.mjs";
import { checkSortFacts } from "./sort-facts.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function coreDnc(file) {
  const [time, batch] = [configInteger(file, "steps"), configInteger(file, "batch")];
  const core = dncOf(file);
  inputOfShape(file, "observations", [time, batch, core.config.inputSize]);
  inputOfShape(file, "target", [time, batch, core.config.outputSize]);
  inputOfShape(file, "mask", [time, batch]);
  try {
    const variables = assignParams(core.variables, file.params);
    const whole = (tensors) => {
      const { outputs, finalState } = unroll(core, tensors.observations, initialState(file, tensors));
      const loss = sigmoidCrossEntropy(outputs, tensors.target, tensors.mask);
      return { output_sequence: outputs, loss, ...prefixed("final/", stateFields(finalState)) };
    };
    const gradient = { objective: ({ loss }) => loss, of: Object.keys(file.grads), variables };
    const { outputs, grads } = await evaluate(file.inputs, whole, gradient.of.length > 0 ? gradient : undefined);
    const steps = await evaluate(file.inputs, (tensors) => eachStep(core, file, tensors));
    const all = { ...outputs, ...steps.outputs };
    const aligned = alignSlots(file, all, (name) => name.startsWith("step/"));
    const facts = checkSortFacts(file, "usage_sort", file.outputs["step/usage"]);
    const clipping = compareClipping(file, core.config.clipValue, all);
    const checks = [...(aligned.checks ?? []), ...facts.checks, ...clipping];
    return { ...aligned, grads, checks, extra: [...aligned.extra, ...facts.extra, "clipped_fraction"] };
  } finally {
    core.dispose();
  }
}

/** Creates the network that a case's config describes. @param {CaseFile} file */
export function dncOf(file) {
  const { clip_value: clipValue } = file.config;
  if (clipValue === undefined) throw new Error("config.clip_value: missing");
  return new Dnc({
    inputSize: configInteger(file, "input_size"),
    outputSize: configInteger(file, "output_size"),
    hiddenSize: configInteger(file, "hidden_size"),
    ...memorySizes(file),
    clipValue,
    memory: memoryVariants(file),
  });
}

function eachStep(core, file, tensors) {
  let state = initialState(file, tensors) ?? core.initialState(tensors.observations.shape[1]);
  const trace = stepsOf(tensors.observations).map((observation) => {
    ({ state } = core.step(observation, state));
    return stateFields(state);
  });
  return prefixed("step/", stackSteps(trace));
}

function initialState(file, tensors) {
  const access = accessState(file, tensors);
  if (access === undefined) return undefined;
  const [readWords, hidden, cell] = ["access_output", "hidden", "cell"].map((name) => {
    if (!tensors[`init/${name}`]) throw new Error(`inputs: missing init/${name}`);
    return tensors[`init/${name}`];
  });
  return { readWords, access, controller: { hidden, cell } };
}

function stateFields({ readWords, access, controller }) {
  return { access_output: readWords, ...accessFields(access), hidden: controller.hidden, cell: controller.cell };
}

function prefixed(prefix, record) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** Checks that the fraction of clipped values equals the reference's. */
function compareClipping({ extra }, clipValue, outputs) {
  const places = { hidden: "step/hidden", final_cell: "final/cell", output: "output_sequence" };
  const bound = clipValue ? Math.fround(clipValue) : Infinity;
  return Object.entries(extra.clipped_fraction ?? {}).map(([name, expected]) => {
    const data = Array.from(outputs[places[name]]?.data ?? []);
    const share = data.filter((x) => Math.abs(x) >= bound).length / data.length;
    return compare(`extra/clipped_fraction/${name}`, number(expected), places[name] && number(share), exact);
  });
}

function number(value) {
  return { shape: [], dtype: "float64", data: [value] };
}
