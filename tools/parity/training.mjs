/** The kind `training`: iterations on given batches with the training step of @dnc/training. */
import { createOptimizer, lossFunction, trainStep } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { configInteger, configPositive, lossOf } from "./case-file.mjs";
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
  const optimizer = createOptimizer(optimizerOptions(file), core.variables);
  try {
    assignParams(core.variables, file.params);
    const onKernel = { wasm: learnOnKernel, native: learnOnKernel };
    const learn = { ops: learnWithOps, tfjs: learnWithOps, ...onKernel, webgpu: learnOnWebGpu }[engine.name];
    const batches = file.batches.map((values) => checkedBatch(file, values));
    const { loss, norm } = await learn(file, core, optimizer, batches);
    const final = await readVariables(core.variables, (name) => `final/${name}`);
    const state = await readVariables(optimizer.variables, (name) => name);
    return {
      outputs: { loss: list(loss), global_norm: list(norm), ...final, ...state },
      rules: { outputs: { ...displacementRules(file), ...meanSquareRules(file), ...momentRules(file) } },
    };
  } finally {
    optimizer.dispose();
    core.dispose();
  }
}

async function learnWithOps(file, core, optimizer, batches) {
  const maxGradNorm = configPositive(file, "max_grad_norm");
  const loss = lossFunction({ ...lossOf(file), timeAverage: false, logProbInBits: false });
  const trainable = { network: core, loss, optimizer, maxGradNorm };
  const steps = [];
  for (const values of batches) steps.push(await trainStep(trainable, arraysOf(values)));
  return { loss: steps.map((step) => step.loss), norm: steps.map((step) => step.globalNorm) };
}

/** The same on an engine of the C kernel, which then writes to the variables of core and optimizer. */
async function learnOnKernel(file, core, optimizer, batches) {
  const isNative = engine.name === "native";
  const Trainer = isNative
    ? (await import("@dnc/engine-native")).NativeTrainer
    : (await import("@dnc/engine-wasm")).WasmTrainer;
  const fused = new Trainer(core, { ...trainerOptions(file), threads: engine.threads });
  try {
    const [loss, norm] = [[], []];
    for (const batch of batches) {
      const step = fused.step(arraysOf(batch));
      loss.push(step.loss);
      norm.push(step.globalNorm);
    }
    fused.writeToVariables();
    assignState(optimizer, fused.optimizerState);
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
    assignState(optimizer, fused.optimizerState);
    return { loss: steps.map(({ loss }) => loss), norm: steps.map(({ globalNorm }) => globalNorm) };
  } finally {
    fused.dispose();
  }
}

function trainerOptions(file) {
  return { optimizer: optimizerOptions(file), maxGradNorm: configPositive(file, "max_grad_norm"), ...lossOf(file) };
}

function arraysOf({ observations, target, mask }) {
  const [timeSteps, batchSize] = mask.shape;
  const floats = ({ data }) => Float32Array.from(data);
  return { timeSteps, batchSize, inputs: floats(observations), targets: floats(target), mask: floats(mask) };
}

/** Assigns an engine's state of the optimizer, each quantity flat, to the optimizer's variables. */
function assignState(optimizer, state) {
  for (const [quantity, variables] of Object.entries(optimizer.state)) {
    let at = 0;
    for (const { variable } of variables) {
      const values = state[quantity].slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      at += variable.size;
    }
  }
}

/** The optimizer of a case: its name with hyperparameters in the config, or all of it in a sentence. */
function optimizerOptions(file) {
  const { optimizer: type, momentum, decay, beta1, beta2 } = file.config;
  const rates = () => ({
    learningRate: configPositive(file, "learning_rate"),
    epsilon: configPositive(file, "epsilon"),
  });
  if (type === "rmsprop") return { type, ...rates(), decay, momentum };
  if (type === "adam") return { type, ...rates(), beta1, beta2 };
  return { type: "rmsprop", ...hyperparameters(file) };
}

/** Parses a text such as `RMSProp decay 0.9 momentum 0 epsilon 1e-10, accumulator starts at 1`. */
function hyperparameters(file) {
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
 * most 1e-6; for Adam five times what moving everything by one unit in the last place changes, if that is more.
 */
function displacementRules(file) {
  return Object.fromEntries(
    Object.entries(file.params).map(([name, { data: initial }]) => {
      const final = file.outputs[`final/${name}`]?.data ?? initial;
      const moved = largest(Array.from(initial, (x, index) => final[index] - x));
      const rounding = (file.batches.length * largest(final)) / 2 ** 24;
      const { double, perturbed } = file.recorded;
      const recorded = double.outputs[`final/${name}`] ?? 0;
      const tolerance = Math.min(1e-6, Math.max(moved / 100, rounding, 5 * recorded));
      // Adam divides by the size of the gradient, which magnifies rounding where that is near zero.
      const magnified = file.config.optimizer === "adam" ? 5 * (perturbed.outputs[`final/${name}`] ?? 0) : 0;
      return [`final/${name}`, within(Math.max(tolerance, magnified))];
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

/**
 * Creates tolerances for momentum and Adam's means, which start at 0: a part of the tensor's largest value.
 */
function momentRules({ outputs, recorded }) {
  const names = Object.keys(outputs).filter((name) => /^(momentum|adam_m|adam_v)\//.test(name));
  const tolerance = (name) => Math.max(1e-5 * largest(outputs[name].data), 5 * (recorded.perturbed.outputs[name] ?? 0));
  return Object.fromEntries(names.map((name) => [name, within(tolerance(name))]));
}

async function readVariables(variables, nameOf) {
  return readAll(Object.fromEntries(variables.map(({ name, variable }) => [nameOf(name), tf.clone(variable)])));
}

function list(numbers) {
  return { shape: [numbers.length], dtype: "float32", data: numbers };
}
