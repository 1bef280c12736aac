/** The definition of a network, step by step, and of training, with plain numbers as inputs and results. */
import { unroll } from "@dnc/core";
import { createOptimizer, lossFunction, trainStep } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { optimizerOf } from "./optimizers.mjs";
import { createNetwork } from "./table.mjs";

const TIME = 3;
const BATCH = 2;
const MAX_GRAD_NORM = 50;

/** Runs a sequence as a loop of steps: traces are never computed by an op. */
export function stepByStep(core, inputs, state) {
  const { outputs, finalState } = unroll(core, inputs, state, { trace: true });
  return { outputs, finalState };
}

/**
 * Computes outputs, final state and the gradients of a weighted sum of them, by name.
 *
 * @param {typeof unroll} run - function that runs the sequence.
 * @returns {Promise<Map<string, Float32Array>>}
 */
export async function resultsOf(config, run) {
  const core = createNetwork(config);
  const like = core.initialState(BATCH);
  const free = [
    ["inputs", tf.variable(tensorOf([TIME, BATCH, config.inputSize], 1, normal))],
    ...named(like)
      .filter(([, { size }]) => size > 0)
      .map(([name, { shape }], index) => [name, tf.variable(stateTensor(name, shape, 2 + index))]),
  ];
  const all = [...free, ...core.variables.map(({ name, variable }) => [name, variable])];
  const kept = [];
  const { value, grads } = tf.variableGrads(
    () => {
      const [[, inputs], ...rest] = free;
      const tensors = rest.map(([, variable]) => variable);
      const { outputs, finalState } = run(core, inputs, withTensors(like, tensors));
      const filled = named({ outputs, ...finalState }).filter(([, { size }]) => size > 0);
      const terms = filled.map(([name, tensor], index) => {
        kept.push([name, tf.keep(tf.clone(tensor))]);
        return tf.sum(tf.mul(tensor, tensorOf(tensor.shape, 50 + index, normal)));
      });
      return terms.reduce((sum, term) => tf.add(sum, term)); // addN of many is wrong on WebGPU
    },
    all.map(([, variable]) => variable),
  );
  for (const [name, variable] of all)
    kept.push([`gradient to ${name}`, grads[variable.name] ?? tf.zerosLike(variable)]);
  const found = new Map();
  for (const [name, tensor] of kept) found.set(name, await tensor.data());
  tf.dispose([value, like, kept.map(([, tensor]) => tensor), free.map(([, variable]) => variable)]);
  core.dispose();
  return found;
}

/** Samples batches of random bits, of changing lengths, with masks that are not all ones. */
export function batchesOf({ network: { inputSize, outputSize } }, count) {
  return Array.from({ length: count }, (_, index) => {
    const timeSteps = 1 + ((index + 2) % TIME);
    const rows = timeSteps * BATCH;
    const bits = (width, seed) => numbersOf(rows * width, 1000 * seed + index, (next) => Math.round(next()));
    const mask = bits(1, 3);
    mask[0] = 1;
    return { timeSteps, batchSize: BATCH, inputs: bits(inputSize, 1), targets: bits(outputSize, 2), mask };
  });
}

/** Trains by definition: gradients of the loop of steps, clipping and the optimizer in plain numbers. */
export async function trainedByDefinition({ network, training }, batches) {
  const core = createNetwork(network);
  const variables = core.variables.map(({ variable }) => variable);
  const optimizer = optimizerOf(
    training.optimizer,
    variables.map(({ size }) => size).reduce((a, b) => a + b),
  );
  const steps = [];
  for (const batch of batches) {
    const { value, grads } = tf.variableGrads(() => lossOf(core, batch, training), variables);
    const gradient = variables.flatMap(({ name }) => [...grads[name].dataSync()]);
    const globalNorm = Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0));
    steps.push({ loss: value.dataSync()[0], globalNorm });
    const scale = Math.min(1, MAX_GRAD_NORM / globalNorm);
    const updates = optimizer.updates(gradient.map((x) => x * scale));
    let at = 0;
    for (const variable of variables) {
      const values = Float32Array.from(variable.dataSync(), (x, index) => x - updates[at + index]);
      at += variable.size;
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
    tf.dispose([value, grads]);
  }
  const parameters = await parametersOf(core);
  core.dispose();
  return { steps, parameters, state: optimizer.state };
}

/** Trains with an engine's trainer, on the current backend. */
export async function trainedByEngine(engine, { network, training }, batches) {
  const core = createNetwork(network);
  const trainer = engine.createTrainer(core, { ...training, maxGradNorm: MAX_GRAD_NORM });
  try {
    const now = batches.map((batch) => trainer.step(batch)).filter((result) => result !== undefined);
    const steps = [...now, ...(await trainer.flush())];
    await trainer.writeToVariables();
    const state = Object.entries(trainer.optimizerState).map(([name, values]) => [name, [...values]]);
    return { steps, parameters: await parametersOf(core), state: Object.fromEntries(state) };
  } finally {
    trainer.dispose();
    core.dispose();
  }
}

/** Trains with `@dnc/training`, through the op of the current backend's engine. */
export async function trainedThroughOp({ network: config, training }, batches) {
  const network = createNetwork(config);
  const optimizer = createOptimizer(training.optimizer, network.variables);
  const loss = lossFunction({ ...training, timeAverage: false, logProbInBits: false });
  const parts = { network, loss, optimizer, maxGradNorm: MAX_GRAD_NORM };
  const steps = [];
  for (const batch of batches) steps.push(await trainStep(parts, batch));
  const parameters = await parametersOf(network);
  const state = {};
  for (const [name, variables] of Object.entries(optimizer.state)) state[name] = await parametersOf({ variables });
  optimizer.dispose();
  network.dispose();
  return { steps, parameters, state };
}

async function parametersOf(core) {
  const values = await Promise.all(core.variables.map(({ variable }) => variable.data()));
  return values.flatMap((each) => [...each]);
}

function lossOf(core, { timeSteps, batchSize, inputs, targets, mask }, { loss, groupSizes }) {
  const { inputSize, outputSize } = core.config;
  const x = stepByStep(core, tf.tensor3d(inputs, [timeSteps, batchSize, inputSize])).outputs;
  const z = tf.tensor3d(targets, [timeSteps, batchSize, outputSize]);
  const each = tf.sum(LOSSES[loss](x, z, groupSizes), 2);
  return tf.div(tf.sum(tf.mul(each, tf.tensor2d(mask, [timeSteps, batchSize]))), batchSize);
}

/** The loss of each output, before it is masked. */
const LOSSES = {
  sigmoid: (x, z) => tf.add(tf.sub(tf.relu(x), tf.mul(x, z)), tf.log1p(tf.exp(tf.neg(tf.abs(x))))),
  linear: (x, z) => tf.mul(x, z),
  squared: (x, z) => tf.mul(0.5, tf.square(tf.sub(x, z))),
  softmax: (x, z, groupSizes) => {
    const [logits, targets] =
      groupSizes.length === 1 ? [[x], [z]] : [tf.split(x, groupSizes, 2), tf.split(z, groupSizes, 2)];
    return tf.concat(
      logits.map((group, index) => tf.neg(tf.mul(targets[index], tf.logSoftmax(group)))),
      2,
    );
  },
};

/** Creates a plausible state without ties. */
function stateTensor(path, shape, seed) {
  const name = path.split(".").at(-1);
  const slots = shape.at(-1);
  if (name === "usage") return tensorOf(shape, seed, (next) => next());
  if (!/^(link|\w*Weights)$/.test(name)) return tensorOf(shape, seed, normal);
  const raw = tensorOf(shape, seed, (next) => next());
  const weights = tf.div(raw, tf.add(tf.sum(raw, -1, true), 0.2));
  return name === "link" ? tf.mul(weights, tf.sub(1, tf.eye(slots))) : weights;
}

function tensorOf(shape, seed, draw) {
  return tf.tensor(numbersOf(tf.util.sizeFromShape(shape), seed, draw), shape);
}

export function numbersOf(size, seed, draw) {
  const next = uniform(seed);
  return Float32Array.from({ length: size }, () => draw(next));
}

function normal(next) {
  return 0.7 * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Creates a seeded generator of numbers in [0, 1). */
function uniform(seed) {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Lists the tensors of a state by their paths. */
function named(tree, path = "") {
  if (tree instanceof tf.Tensor) return [[path, tree]];
  return Object.entries(tree).flatMap(([key, child]) => named(child, path ? `${path}.${key}` : key));
}

function withTensors(like, tensors) {
  const rest = tensors[Symbol.iterator]();
  const replace = (tree) =>
    tree instanceof tf.Tensor
      ? tree.size > 0
        ? rest.next().value
        : tree
      : Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, replace(child)]));
  return replace(like);
}
