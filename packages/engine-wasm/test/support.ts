/** Networks, inputs and states for the tests of this package, and both paths through them. */
import { Dnc, type DncState, type UnrollOptions, unroll } from "@dnc/core";
import {
  type BatchArrays,
  type RmsPropOptions,
  type RmsPropState,
  supportsCore,
  type TrainableCore,
} from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { type WasmTrainer, wasmEngine } from "../src/index.js";

/** Creates options of RMSProp with these numbers, otherwise the defaults. */
export function rmsProp(numbers: Omit<RmsPropOptions, "type"> = {}): RmsPropOptions {
  return { type: "rmsprop", ...numbers };
}

/** Whether the engine supports a core. */
export function isSupported(core: Pick<TrainableCore, "config">): boolean {
  return supportsCore(wasmEngine, core) === true;
}

/** A network small enough to run often, with mostly different sizes. */
export const TINY = { inputSize: 3, outputSize: 2, memorySize: 7, wordSize: 5, readHeads: 2, hiddenSize: 6, seed: 1 };

type Config = ConstructorParameters<typeof Dnc>[0];
type Tree = { readonly [key: string]: Tree } | tf.Tensor;

/** Kinds of initial states: `tied` has many slots of the same usage, `onehot` weights that are exactly 0 or 1. */
export type StateKind = "random" | "tied" | "onehot" | "zero";

/** Results of a sequence and their gradients, by name. */
export type Results = Map<string, tf.Tensor>;

/** Creates seeded normal numbers. TensorFlow.js treats seed 0 as no seed. */
export function normal(shape: readonly number[], seed: number, scale = 1): tf.Tensor {
  return tf.randomNormal([...shape], 0, scale, "float32", seed + 1);
}

/** Lists the tensors of a state by their paths. */
export function named(tree: unknown, path = ""): [string, tf.Tensor][] {
  if (tree instanceof tf.Tensor) return [[path, tree]];
  return Object.entries(tree as object).flatMap(([key, child]) => named(child, path ? `${path}.${key}` : key));
}

/** Creates a state before the first step. */
export function makeState(core: Dnc, batch: number, kind: StateKind, seed: number): DncState {
  return tf.tidy(() => {
    let next = 100 * seed;
    const fill = (tree: Tree, path: string): Tree => {
      if (tree instanceof tf.Tensor) return filled(tree.shape, path, kind, ++next);
      return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, fill(child, key)]));
    };
    return fill(core.initialState(batch) as Tree, "") as unknown as DncState;
  });
}

function filled(shape: number[], name: string, kind: StateKind, seed: number): tf.Tensor {
  if (shape.includes(0)) return tf.zeros(shape); // what a network does not have
  const slots = shape[shape.length - 1];
  const uniform = () => tf.randomUniform(shape, 0, 1, "float32", seed);
  if (kind === "zero") return tf.zeros(shape);
  if (name === "usage") {
    // Exact ties, and usages so small that they are ties too.
    if (kind === "tied") return tf.div(tf.floor(tf.mul(uniform(), 3)), seed % 2 ? 2 : 2e9);
    return kind === "onehot" ? tf.round(uniform()) : uniform();
  }
  if (name === "link") {
    if (kind !== "random") return tf.zeros(shape);
    return tf.mul(tf.div(uniform(), slots), tf.sub(1, tf.eye(slots)));
  }
  if (!/[wW]eights$/.test(name)) return normal(shape, seed, name === "memory" ? 1 : 0.5);
  // Without earlier writes and reads, usage is unchanged, including ties.
  if (kind === "tied") return tf.zeros(shape);
  if (kind === "onehot") {
    const chosen = tf.argMax(uniform(), -1);
    return tf.cast(tf.oneHot(tf.cast(chosen, "int32"), slots), "float32");
  }
  const raw = uniform();
  return tf.div(raw, tf.add(tf.sum(raw, -1, true), 0.2));
}

/** Sets all biases whose names match. */
export function setBiases(core: Dnc, name: RegExp, value: number): void {
  for (const { name: own, variable } of core.variables)
    if (name.test(own) && own.endsWith("/b")) variable.assign(tf.fill(variable.shape, value));
}

/** Runs `unroll` step by step: traces are never computed by the kernel. */
export function composed(core: Dnc, inputs: tf.Tensor3D, state?: DncState, options: Omit<UnrollOptions, "trace"> = {}) {
  const { trace, ...rest } = unroll(core, inputs, state, { ...options, trace: true });
  tf.dispose(trace);
  return rest;
}

type Unroll = (core: Dnc, inputs: tf.Tensor3D, state?: DncState) => { outputs: tf.Tensor3D; finalState: DncState };

/**
 * Computes outputs, final state and the gradients of a random sum of them to inputs, initial state and parameters.
 *
 * @param isOf - selects the outputs in the sum; default: all.
 */
export function results(
  run: Unroll,
  core: Dnc,
  inputs: tf.Tensor3D,
  state: DncState,
  isOf: (name: string) => boolean = () => true,
): Results {
  const found: Results = new Map();
  const free = [["inputs", inputs] as const, ...named(state)].map(([name, tensor]) => {
    return [name, tf.variable(tensor)] as const;
  });
  const [[, first], ...rest] = free;
  const all = [...free, ...core.variables.map(({ name, variable }) => [name, variable] as const)];
  const { value, grads } = tf.variableGrads(
    () => {
      const { outputs, finalState } = run(core, first as unknown as tf.Tensor3D, withTensors(state, rest));
      const parts = named({ outputs, ...finalState }).map(([name, tensor], index) => {
        found.set(name, tf.keep(tf.clone(tensor)));
        return isOf(name) ? tf.sum(tf.mul(tensor, normal(tensor.shape, index))) : tf.scalar(0);
      });
      return tf.addN(parts) as tf.Scalar;
    },
    all.map(([, variable]) => variable),
  );
  for (const [name, variable] of all) found.set(`gradient to ${name}`, grads[variable.name] ?? tf.zerosLike(variable));
  value.dispose();
  tf.dispose(free.map(([, variable]) => variable));
  return found;
}

function withTensors(state: DncState, tensors: readonly (readonly [string, tf.Tensor])[]): DncState {
  let next = 0;
  const replace = (tree: Tree): Tree =>
    tree instanceof tf.Tensor
      ? tensors[next++][1]
      : Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, replace(child)]));
  return replace(state as Tree) as unknown as DncState;
}

/** Computes the largest difference between results, relative to the largest number of each tensor or to 1. */
export function distance(actual: Results, expected: Results, isOf: (name: string) => boolean = () => true) {
  let worst = { name: "", difference: 0 };
  for (const [name, tensor] of expected) {
    if (!isOf(name)) continue;
    const [a, b] = [actual.get(name)?.dataSync() ?? [], tensor.dataSync()];
    const scale = Math.max(1, ...b.map(Math.abs));
    for (let i = 0; i < b.length; i++) {
      const difference = a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]) / scale;
      if (!(difference <= worst.difference)) worst = { name: `${name}[${i}]: ${a[i]}, not ${b[i]}`, difference };
    }
  }
  return worst;
}

/** Samples a batch of random bits, with a mask that is not all ones. */
export function makeBatch(timeSteps: number, batchSize: number, seed: number, core: Config = TINY): BatchArrays {
  return tf.tidy(() => {
    const bits = (width: number, from: number) =>
      Float32Array.from(tf.round(tf.randomUniform([timeSteps * batchSize * width], 0, 1, "float32", from)).dataSync());
    const [inputs, targets] = [bits(core.inputSize, 3 * seed + 1), bits(core.outputSize, 3 * seed + 2)];
    const mask = bits(1, 3 * seed + 3);
    mask[0] = 1;
    return { timeSteps, batchSize, inputs, targets, mask };
  });
}

/** The mean squares of a trainer with RMSProp. */
export function meanSquaresOf(training: WasmTrainer): Float32Array {
  return (training.optimizerState as RmsPropState).meanSquares;
}

/** Reads all parameters and the optimizer's state; equal only if every bit is. */
export function parametersOf(core: Dnc, training: WasmTrainer): number[][] {
  training.writeToVariables();
  return [
    ...core.variables.map(({ variable }) => Array.from(variable.dataSync())),
    ...Object.values(training.optimizerState).map((values) => Array.from(values as Float32Array)),
  ];
}

/** Runs steps until that many threads take part. */
export async function awaitThreads(training: WasmTrainer, batch: BatchArrays, count: number): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    training.step(batch);
    if (training.threadsUsed === count) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`threads: expected ${count} within 20 seconds, got ${training.threadsUsed}`);
}

export { Dnc };
