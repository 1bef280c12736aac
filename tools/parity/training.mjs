/** The kind `training`: iterations on given batches with the training step of @dnc/training. */
import { RmsProp, sigmoidCrossEntropy, trainStep } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { configInteger, configPositive } from "./case-file.mjs";
import { largest, within } from "./compare.mjs";
import { dncOf } from "./core.mjs";
import { engine } from "./engine.mjs";
import { assignParams, readAll } from "./evaluate.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./kinds.mjs").Computed} Computed */

/** @param {CaseFile} file @returns {Promise<Computed>} */
export async function training(file) {
  if (file.config.initial_state !== "zeros")
    throw new Error(`config.initial_state: expected zeros, got ${file.config.initial_state}`);
  if (configInteger(file, "steps") !== file.batches.length)
    throw new Error(`inputs/batches: expected ${file.config.steps} from config, got ${file.batches.length}`);
  const core = dncOf(file);
  const optimizer = new RmsProp(core.variables, optimizerOptions(file));
  try {
    assignParams(core.variables, file.params);
    const learn = { ops: learnWithOps, tfjs: learnWithOps, wasm: learnOnWasm, webgpu: learnOnWebGpu }[engine.name];
    const batches = file.batches.map((values) => checkedBatch(file, values));
    const { loss, norm } = await learn(file, core, optimizer, batches);
    const final = await readVariables(core.variables, (name) => `final/${name}`);
    const rms = await readVariables(optimizer.variables, (name) => name);
    return {
      outputs: { loss: list(loss), global_norm: list(norm), ...final, ...rms },
      rules: { outputs: { ...displacementRules(file), ...meanSquareRules(file) } },
    };
  } finally {
    optimizer.dispose();
    core.dispose();
  }
}

async function learnWithOps(file, core, optimizer, batches) {
  const maxGradNorm = configPositive(file, "max_grad_norm");
  const trainable = { network: core, loss: sigmoidCrossEntropy, optimizer, maxGradNorm };
  const [loss, norm] = [[], []];
  for (const values of batches) {
    const step = await trainStep(trainable, arraysOf(values));
    loss.push(step.loss);
    norm.push(step.globalNorm);
  }
  return { loss, norm };
}

/** The same on the WebAssembly engine, which then writes to the variables of core and optimizer. */
async function learnOnWasm(file, core, optimizer, batches) {
  const { WasmTrainer } = await import("@dnc/engine-wasm");
  const fused = new WasmTrainer(core, { ...trainerOptions(file), threads: engine.threads });
  try {
    const [loss, norm] = [[], []];
    for (const batch of batches) {
      const step = fused.step(arraysOf(batch));
      loss.push(step.loss);
      norm.push(step.globalNorm);
    }
    fused.writeToVariables();
    assignMeanSquares(optimizer, fused.optimizerState.meanSquares);
    return { loss, norm };
  } finally {
    fused.dispose();
  }
}

/** The same on a GPU, which returns losses and norms at the end. */
async function learnOnWebGpu(file, core, optimizer, batches) {
  const { WebGpuTrainer } = await import("@dnc/engine-webgpu");
  const fused = new WebGpuTrainer(core, trainerOptions(file));
  try {
    for (const batch of batches) fused.step(arraysOf(batch));
    const steps = await fused.flush();
    await fused.writeToVariables();
    assignMeanSquares(optimizer, fused.optimizerState.meanSquares);
    return { loss: steps.map(({ loss }) => loss), norm: steps.map(({ globalNorm }) => globalNorm) };
  } finally {
    fused.dispose();
  }
}

function trainerOptions(file) {
  const optimizer = { type: "rmsprop", ...optimizerOptions(file) };
  return { optimizer, maxGradNorm: configPositive(file, "max_grad_norm") };
}

function arraysOf({ observations, target, mask }) {
  const [timeSteps, batchSize] = mask.shape;
  const floats = ({ data }) => Float32Array.from(data);
  return { timeSteps, batchSize, inputs: floats(observations), targets: floats(target), mask: floats(mask) };
}

function assignMeanSquares(optimizer, meanSquares) {
  let at = 0;
  for (const { variable } of optimizer.variables) {
    const values = meanSquares.slice(at, at + variable.size);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    at += variable.size;
  }
}

/** Parses a text such as `RMSProp decay 0.9 momentum 0 epsilon 1e-10, accumulator starts at 1`. */
function optimizerOptions(file) {
  const text = String(file.config.optimizer);
  const [, decay, epsilon] =
    text.match(/^RMSProp decay (\S+) momentum 0 epsilon (\S+), accumulator starts at 1$/) ?? [];
  if (!(Number(decay) < 1) || !(Number(epsilon) > 0)) throw new Error(`config.optimizer: cannot read "${text}"`);
  return { learningRate: configPositive(file, "learning_rate"), decay: Number(decay), epsilon: Number(epsilon) };
}

function checkedBatch(file, { observations, target, mask, ...rest }) {
  const [time, batch] = mask?.shape ?? [];
  const fits =
    Object.keys(rest).length === 0 &&
    batch === configInteger(file, "batch_size") &&
    String(observations?.shape) === String([time, batch, configInteger(file, "input_size")]) &&
    String(target?.shape) === String([time, batch, configInteger(file, "output_size")]);
  if (!fits) throw new Error("inputs/batches: expected observations, target and mask of config's sizes");
  return { observations, target, mask };
}

/**
 * Creates tolerances for the displacements of the variables, which are small: a difference of final values is a
 * difference of displacements.
 *
 * The tolerance is a hundredth of the tensor's largest displacement, or the accumulated rounding of all steps, but at
 * most 1e-6.
 */
function displacementRules(file) {
  return Object.fromEntries(
    Object.entries(file.params).map(([name, { data: initial }]) => {
      const final = file.outputs[`final/${name}`]?.data ?? initial;
      const moved = largest(Array.from(initial, (x, index) => final[index] - x));
      const rounding = (file.batches.length * largest(final)) / 2 ** 24;
      const recorded = file.recorded.double.outputs[`final/${name}`] ?? 0;
      return [`final/${name}`, within(Math.min(1e-6, Math.max(moved / 100, rounding, 5 * recorded)))];
    }),
  );
}

/**
 * Creates tolerances for the mean squares, which start at 1 and decay: the remainder of 1 and the added part are both
 * exact to 1e-6.
 */
function meanSquareRules({ outputs }) {
  const names = Object.keys(outputs).filter((name) => name.startsWith("rms/"));
  return Object.fromEntries(names.map((name) => [name, within(1e-6 * Math.max(1, largest(outputs[name].data)))]));
}

async function readVariables(variables, nameOf) {
  return readAll(Object.fromEntries(variables.map(({ name, variable }) => [nameOf(name), tf.clone(variable)])));
}

function list(numbers) {
  return { shape: [numbers.length], dtype: "float32", data: numbers };
}
