/** The kind `access-step`: one or more steps of @dnc/access's memory. */
import { MemoryAccess } from "@dnc/access";
import * as tf from "@tensorflow/tfjs";
import { stackSteps } from "./addressing.mjs";
import { configInteger, inputOfShape } from "./case-file.mjs";
import { close, compare } from "./compare.mjs";
import { assignParams, evaluate, evaluateWeighted, stepsOf } from "./evaluate.mjs";
import { alignSlots } from "./slots.mjs";
import { checkSortFacts } from "./sort-facts.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** The reference's names of the interface parameters, and ours. */
const CONTROLS = {
  read_content_keys: "readKeys",
  read_content_strengths: "readStrengths",
  write_content_keys: "writeKeys",
  write_content_strengths: "writeStrengths",
  write_vectors: "writeVectors",
  erase_vectors: "eraseVectors",
  free_gate: "freeGate",
  allocation_gate: "allocationGate",
  write_gate: "writeGate",
  read_mode: "readMode",
  write_masks: "writeMasks",
  read_masks: "readMasks",
  forward_sharpness: "forwardSharpness",
  backward_sharpness: "backwardSharpness",
};

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function accessStep(file) {
  const batch = configInteger(file, "batch");
  const inputSize = configInteger(file, "input_size");
  const sizes = memorySizes(file);
  inputOfShape(file, "inputs", [configInteger(file, "steps"), batch, inputSize]);
  const access = new MemoryAccess({ inputSize, ...sizes, ...memoryVariants(file) });
  try {
    const variables = assignParams(access.variables, file.params);
    const steps = (tensors) => {
      let state = accessState(file, tensors) ?? access.initialState(batch);
      const trace = stepsOf(tensors.inputs).map((inputs) => {
        const step = access.step(inputs, state);
        state = step.state;
        return { read_words: step.output, ...accessFields(state) };
      });
      return stackSteps(trace);
    };
    const { outputs, grads, objective } = await evaluateWeighted(file, steps, variables);
    const aligned = alignSlots(file, outputs, () => true);
    const facts = checkSortFacts(file, "usage_sort", file.outputs.usage);
    const checks = [...(aligned.checks ?? []), ...facts.checks, ...(await compareControls(file, access))];
    return { ...aligned, grads, objective, checks, extra: [...aligned.extra, ...facts.extra, "controls_step0"] };
  } finally {
    access.dispose();
  }
}

/** Reads sizes of memory and heads from a case's config. */
export function memorySizes(file) {
  return {
    memorySize: configInteger(file, "memory_size"),
    wordSize: configInteger(file, "word_size"),
    readHeads: configInteger(file, "num_reads"),
    writeHeads: configInteger(file, "num_writes"),
  };
}

/** Reads the variants of the memory from a case's config; none are named in cases of the base network. */
export function memoryVariants({ config }) {
  const { masking, deallocation, sharpness, links } = config;
  return { masking: masking ?? false, deallocation, sharpness, links };
}

/** Reads the initial state of a case from the inputs `init/*`; undefined if the case has none. */
export function accessState({ config, inputs }, tensors) {
  const linked = config.links === false ? [] : ["link", "precedence_weights"];
  const names = ["memory", "read_weights", "write_weights", ...linked, "usage"];
  const missing = names.filter((name) => !inputs[`init/${name}`]);
  if (missing.length === names.length && config.initial_state === "zeros") return undefined;
  if (missing.length > 0) throw new Error(`inputs: missing init/${missing.join(", init/")}`);
  const [batch, writes] = [config.batch, config.num_writes];
  return {
    memory: tensors["init/memory"],
    readWeights: tensors["init/read_weights"],
    writeWeights: tensors["init/write_weights"],
    linkage: {
      link: tensors["init/link"] ?? tf.zeros([batch, writes, 0, 0]),
      precedenceWeights: tensors["init/precedence_weights"] ?? tf.zeros([batch, writes, 0]),
    },
    usage: tensors["init/usage"],
  };
}

/** Returns a state's tensors by the reference's names. */
export function accessFields({ memory, readWeights, writeWeights, linkage, usage }) {
  return {
    memory,
    read_weights: readWeights,
    write_weights: writeWeights,
    ...(linkage.link.size > 0 && { link: linkage.link, precedence_weights: linkage.precedenceWeights }),
    usage,
  };
}

async function compareControls({ inputs, extra }, access) {
  const expected = extra.controls_step0;
  if (expected === undefined) return [];
  const { outputs } = await evaluate({ inputs: inputs.inputs }, (tensors) => {
    const controls = access.interfaceParameters(stepsOf(tensors.inputs)[0]);
    const present = Object.entries(CONTROLS).filter(([, ours]) => controls[ours] !== undefined);
    return Object.fromEntries(present.map(([theirs, ours]) => [theirs, controls[ours]]));
  });
  return Object.entries(expected).map(([name, values]) =>
    compare(`extra/controls_step0/${name}`, values, outputs[name], close()),
  );
}
