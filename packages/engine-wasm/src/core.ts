import type * as tf from "@tensorflow/tfjs-core";
import { getEngine } from "./engine.js";
import type { NetworkSizes } from "./network.js";

/** What the engine needs to know of a core: the face of `Dnc` of `@dnc/core`. */
export interface FusedCore {
  /** A whole configuration, as `Dnc` completes it. */
  readonly config: {
    /** Width of an observation. */
    readonly inputSize: number;
    /** Width of an output. */
    readonly outputSize: number;
    /** Number of memory slots N. */
    readonly memorySize: number;
    /** Length W of a memory word. */
    readonly wordSize: number;
    /** Number of read heads R. */
    readonly readHeads: number;
    /** Number of write heads. */
    readonly writeHeads: number;
    /** Number of units in each layer of the controller. */
    readonly hiddenSize: number;
    /** Number of layers of the controller; 1 unless it is `"deep-lstm"`. */
    readonly layers: number;
    /** Bound of controller state and outputs; 0 or null: none. */
    readonly clipValue: number | null;
    /** The controller's type; `"lstm"`, `"deep-lstm"` and `"feed-forward"` are covered. */
    readonly controller: unknown;
  };
  /** Every parameter in the order of `Dnc`: controller, memory access, output layer. */
  readonly variables: readonly {
    /** As `Dnc` calls it, such as `dnc/lstm/w_gates`. */
    readonly name: string;
    /** Of float32; it stays the core's. */
    readonly variable: tf.Variable;
  }[];
}

/**
 * Whether the engine runs this core here.
 *
 * @param core - anything with the configuration of a `Dnc`.
 * @returns true if the engine covers its controller, nothing of a `Dnc` is overridden or replaced, and the machine has
 *   WebAssembly with SIMD and memory for it.
 */
export function isCovered(core: Pick<FusedCore, "config">): boolean {
  return fusedSizes(core) !== undefined && whyNotStock(core) === undefined && getEngine() !== undefined;
}

/**
 * A core's sizes for the kernel.
 *
 * @returns undefined if the kernel does not cover its controller: it knows `lstm`, `deep-lstm` and `feed-forward`.
 */
export function fusedSizes({ config }: Pick<FusedCore, "config">): NetworkSizes | undefined {
  const { controller, clipValue, layers, ...sizes } = config;
  const known = controller === "lstm" || controller === "deep-lstm" || controller === "feed-forward";
  if (!known) return undefined;
  return {
    controller: controller === "feed-forward" ? "feed-forward" : "lstm",
    layers: controller === "deep-lstm" ? layers : 1,
    hiddenSize: sizes.hiddenSize,
    inputSize: sizes.inputSize,
    outputSize: sizes.outputSize,
    memorySize: sizes.memorySize,
    wordSize: sizes.wordSize,
    readHeads: sizes.readHeads,
    writeHeads: sizes.writeHeads,
    clipValue: clipValue ?? 0,
  };
}

/** Under this name a `Dnc` of `@dnc/core` says why only its own steps may run it. */
const WHY_NOT_STOCK = Symbol.for("@dnc/core/whyNotStock");

/**
 * Why a core may do something else than the engine, after the words "expected a stock Dnc, got".
 *
 * @param core - one with steps of its own must be a `Dnc`; a mere description of one, with config and variables, has none.
 * @returns undefined if it may not.
 */
export function whyNotStock(core: object): string | undefined {
  const ask = (core as { readonly [name: symbol]: unknown })[WHY_NOT_STOCK];
  if (typeof ask === "function") return ask(core);
  return "step" in core ? "a core of another class" : undefined;
}
