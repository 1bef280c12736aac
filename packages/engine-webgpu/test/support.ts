/** WebGPU in Node through Dawn, and networks, inputs and states for the tests of this package. */
import { existsSync } from "node:fs";
import { Dnc, type DncState, LstmNetwork, type LstmNetworkConfig, unroll } from "@dnc/core";
import type { RmsPropOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { create, globals } from "webgpu";

/** Software Vulkan of Debian's chromium; without it a real adapter is used, if there is one. */
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/**
 * SwiftShader compiles the driver's own clearing of a workgroup's memory to an instruction for each number; Dawn's is a loop.
 * Bounds checks of every access take 40% of the time to compile; the trainer's tests and the reference cases have them.
 */
const DAWN_OPTIONS = [
  "disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension",
  "enable-dawn-features=disable_robustness",
];

// Dawn must outlive everything created from it.
const held: { gpu?: GPU } = {};

/**
 * Starts Dawn, once per process.
 *
 * @returns whether there is an adapter; if so, `webgpu` is the current backend from now on.
 */
export async function startWebGpu(): Promise<boolean> {
  if (!process.env.VK_ICD_FILENAMES && existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  Object.assign(globalThis, globals);
  held.gpu ??= create(DAWN_OPTIONS) as unknown as GPU;
  // From version 21 on Node has its own navigator, a getter.
  Object.defineProperty(globalThis, "navigator", { value: { gpu: held.gpu }, configurable: true });
  if (!(await held.gpu.requestAdapter())) return false;
  await import("@tensorflow/tfjs-backend-webgpu");
  await tf.setBackend("webgpu");
  await tf.ready();
  return true;
}

/** Creates options of RMSProp with these numbers, otherwise the defaults. */
export function rmsProp(numbers: Omit<RmsPropOptions, "type"> = {}): RmsPropOptions {
  return { type: "rmsprop", ...numbers };
}

/** A network small enough to run often, with mostly different sizes. */
export const TINY = { inputSize: 3, outputSize: 2, memorySize: 7, wordSize: 5, readHeads: 2, hiddenSize: 6, seed: 1 };

export type Config = ConstructorParameters<typeof Dnc>[0];
type Tree = { readonly [key: string]: Tree } | tf.Tensor;

/** Kinds of initial states: `tied` has many slots of the same usage, `onehot` weights that are exactly 0 or 1. */
export type StateKind = "random" | "tied" | "onehot" | "zero";

/** Plain numbers by name. */
export type Numbers = Map<string, Float32Array>;

/** One case to run on several backends: everything in it is plain numbers. */
export interface Case {
  /** Configuration of a `Dnc`, or of an `LstmNetwork` if it has no memory. */
  readonly config: Config | LstmNetworkConfig;
  readonly isBaseline?: boolean;
  readonly time: number;
  readonly batch: number;
  /** `[time, batch]`, default: every step is run. */
  readonly inputMask?: readonly number[];
  readonly kind?: StateKind;
  readonly seed?: number;
  /** Standard deviation of the normal inputs. */
  readonly scale?: number;
  /** Biases to set, by a pattern of their names. */
  readonly biases?: readonly [name: RegExp, value: number];
}

/** Creates a seeded generator of numbers in [0, 1). */
export function uniformNumbers(seed: number): () => number {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function normalNumbers(size: number, seed: number, scale = 1): Float32Array {
  const next = uniformNumbers(seed);
  return Float32Array.from(
    { length: size },
    () => scale * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(6.2832 * next()),
  );
}

/** Lists the tensors of a state by their paths. */
function named(tree: unknown, path = ""): [string, tf.Tensor][] {
  if (tree instanceof tf.Tensor) return [[path, tree]];
  return Object.entries(tree as object).flatMap(([key, child]) => named(child, path ? `${path}.${key}` : key));
}

function stateNumbers(path: string, shape: readonly number[], kind: StateKind, seed: number): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const slots = shape[shape.length - 1];
  const name = path.split(".").at(-1) as string;
  const next = uniformNumbers(seed);
  if (kind === "zero") return new Float32Array(size);
  if (name === "usage") {
    // Exact ties, and usages so small that they are ties too.
    if (kind === "tied")
      return Float32Array.from({ length: size }, () => Math.floor(3 * next()) / (seed % 2 ? 2 : 2e9));
    return Float32Array.from({ length: size }, kind === "onehot" ? () => Math.round(next()) : next);
  }
  if (name === "link") {
    const isDiagonal = (at: number) => Math.floor(at / slots) % slots === at % slots;
    return Float32Array.from({ length: size }, (_, at) => (kind === "random" && !isDiagonal(at) ? next() / slots : 0));
  }
  if (!/[wW]eights$/.test(name)) return normalNumbers(size, seed, name === "memory" ? 1 : 0.5);
  // Without earlier writes and reads, usage is unchanged, including ties.
  const numbers = new Float32Array(size);
  for (let row = 0; row < size && kind !== "tied"; row += slots) {
    if (kind === "onehot") numbers[row + Math.floor(next() * slots)] = 1;
    else {
      const raw = Float32Array.from({ length: slots }, next);
      const sum = raw.reduce((a, b) => a + b, 0.2);
      numbers.set(
        raw.map((x) => x / sum),
        row,
      );
    }
  }
  return numbers;
}

/**
 * Two ways to run a sequence: `unroll`, and `composed`, which always runs step by step, because traces are never
 * computed by the kernel.
 */
export const fused = unroll;
export { Dnc };
export const composed: typeof unroll = ((core: Dnc, inputs: tf.Tensor3D, state?: DncState, options?: object) => {
  const { trace, ...rest } = unroll(core, inputs, state, { ...options, trace: true });
  tf.dispose(trace);
  return rest;
}) as typeof unroll;

/**
 * Computes outputs, final state and the gradients of a random sum of them to inputs, initial state and parameters, on a
 * backend.
 */
export async function resultsOn(backend: string, run: typeof unroll, given: Case): Promise<Numbers> {
  const { config, time, batch, inputMask, kind = "random", seed = 1, scale = 1, biases } = given;
  await tf.setBackend(backend);
  const core = (given.isBaseline ? new LstmNetwork(config) : new Dnc(config)) as Dnc;
  for (const { name, variable } of core.variables)
    if (biases?.[0].test(name) && name.endsWith("/b")) variable.assign(tf.fill(variable.shape, biases[1]));
  const like = core.initialState(batch);
  const shape = [time, batch, config.inputSize];
  const free: [string, tf.Variable][] = [
    ["inputs", tf.variable(tf.tensor(normalNumbers(time * batch * config.inputSize, seed, scale), shape))],
  ];
  for (const [index, [name, tensor]] of named(like).entries())
    free.push([name, tf.variable(tf.tensor(stateNumbers(name, tensor.shape, kind, 100 * seed + index), tensor.shape))]);
  const kept: [string, tf.Tensor][] = [];
  const all = [
    ...free.filter(([, { size }]) => size > 0),
    ...core.variables.map(({ name, variable }) => [name, variable] as const),
  ];
  const { value, grads } = tf.variableGrads(
    () => {
      const [[, inputs], ...rest] = free;
      const { outputs, finalState } = run(
        core,
        inputs as unknown as tf.Tensor3D,
        withTensors(
          like,
          rest.map(([, own]) => own),
        ),
        inputMask && { inputMask: tf.tensor2d([...inputMask], [time, batch]) },
      );
      let sum = tf.scalar(0);
      for (const [index, [name, tensor]] of named({ outputs, ...finalState }).entries()) {
        if (tensor.size === 0) continue; // without links, a state has tensors of no slots
        kept.push([name, tf.keep(tf.clone(tensor))]);
        const weights = tf.tensor(normalNumbers(tensor.size, index + 7), tensor.shape);
        sum = tf.add(sum, tf.sum(tf.mul(tensor, weights)));
      }
      return sum;
    },
    all.map(([, variable]) => variable),
  );
  for (const [name, variable] of all)
    kept.push([`gradient to ${name}`, grads[variable.name] ?? tf.zerosLike(variable)]);
  const found: Numbers = new Map();
  for (const [name, tensor] of kept) found.set(name, (await tensor.data()) as Float32Array);
  tf.dispose([value, like, ...kept.map(([, tensor]) => tensor), ...free.map(([, variable]) => variable)]);
  core.dispose();
  return found;
}

function withTensors(like: DncState, tensors: readonly tf.Tensor[]): DncState {
  let next = 0;
  const replace = (tree: Tree): Tree =>
    tree instanceof tf.Tensor
      ? tensors[next++]
      : Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, replace(child)]));
  return replace(like as Tree) as unknown as DncState;
}

/** Finds the largest difference between results, relative to the largest number of each tensor or to 1. */
export function distance(actual: Numbers, expected: Numbers): { name: string; difference: number } {
  let worst = { name: "", difference: 0 };
  for (const [name, b] of expected) {
    const a = actual.get(name) ?? new Float32Array(0);
    const scale = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (let i = 0; i < b.length; i++) {
      const difference = a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]) / scale;
      if (!(difference <= worst.difference)) worst = { name: `${name}[${i}]: ${a[i]}, not ${b[i]}`, difference };
    }
  }
  return worst;
}
