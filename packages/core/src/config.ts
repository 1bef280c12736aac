import {
  type Access,
  type CompleteMemoryVariants,
  completeVariants,
  type MemoryVariants,
  VARIANT_KEYS,
} from "@dnc/access";
import { checkInteger, checkKeys, formatValue } from "@dnc/addressing/checks";
import type { Controller, CreateVariable } from "@dnc/controller";

/** The built-in controllers. */
export type ControllerType = "lstm" | "deep-lstm" | "gru" | "feed-forward";

/**
 * Creates a custom controller for the sizes of a core.
 *
 * @param config - `inputSize`: the width of an input plus all read words; `seed`: determines the initial values.
 * @param createVariable - creates each variable; default: new `tf.Variable`s, which the core disposes.
 * @returns a controller whose `inputSize` is that of `config`; the core disposes it.
 */
export type ControllerFactory = (
  config: { readonly inputSize: number; readonly seed: number },
  createVariable?: CreateVariable,
) => Controller;

/**
 * Creates a custom memory access for the sizes of a core.
 *
 * @param config - `inputSize`: the width of the controller's output; the sizes and variants of the core's configuration, which
 *   a custom access may ignore, but for `readHeads` and `wordSize`: it reads words `[batch, readHeads, wordSize]`; `seed`:
 *   determines the initial values.
 * @param createVariable - creates each variable; default: new `tf.Variable`s, which the core disposes.
 * @returns an access whose `inputSize` is that of `config`; the core disposes it.
 */
export type AccessFactory = (
  config: CompleteMemoryVariants & {
    readonly inputSize: number;
    readonly memorySize: number;
    readonly wordSize: number;
    readonly readHeads: number;
    readonly writeHeads: number;
    readonly seed: number;
  },
  createVariable?: CreateVariable,
) => Access;

/**
 * Configuration of a {@link Dnc}; the defaults are the reference's.
 *
 *     const config: DncConfig = { inputSize: 6, outputSize: 5, memorySize: 32, wordSize: 16, readHeads: 4 };
 *     const core = new Dnc({ ...config, controller: "deep-lstm", layers: 2, memory: { masking: true }, seed: 1 });
 */
export interface DncConfig {
  /** Width of an input. */
  inputSize: number;
  /** Width of an output. */
  outputSize: number;
  /** Number of memory slots N, 1 or more; default: 16. */
  memorySize?: number | undefined;
  /** Length W of a memory word, 1 or more; default: 16. */
  wordSize?: number | undefined;
  /** Number of read heads R, 1 or more; default: 4. */
  readHeads?: number | undefined;
  /** Number of write heads, 1 or more; default: 1. */
  writeHeads?: number | undefined;
  /**
   * Number of units of the controller, per layer of a deep one; 1 or more; default: 64. Ignored for a custom
   * controller.
   */
  hiddenSize?: number | undefined;
  /** Number of layers of `"deep-lstm"`, 1 to 32; default: 3. The other controllers have one layer. */
  layers?: number | undefined;
  /**
   * Bound to which the controller's output and state and the logits are clipped, [-clipValue, clipValue]; 0 or null
   * disables clipping; default: 20.
   */
  clipValue?: number | null | undefined;
  /** The controller's type, or a function that creates a custom one; default: `"lstm"`. */
  controller?: ControllerType | ControllerFactory | undefined;
  /** Variants of the memory; default: none, the memory of the paper. */
  memory?: MemoryVariants | undefined;
  /** A function that creates a custom memory access; default: a `MemoryAccess`. */
  access?: AccessFactory | undefined;
  /** Determines the initial weights; an integer from 0 to 2^31; default: 0. */
  seed?: number | undefined;
}

/** A configuration of a Differentiable Neural Computer with every default filled in. */
export type CompleteDncConfig = {
  readonly [Key in Exclude<keyof DncConfig, "memory" | "access">]-?: Exclude<DncConfig[Key], undefined>;
} & {
  /** Variants of the memory. */
  readonly memory: CompleteMemoryVariants;
  /** The function that creates a custom memory access, if there is one. */
  readonly access?: AccessFactory | undefined;
};

const DEFAULTS = {
  memorySize: 16,
  wordSize: 16,
  readHeads: 4,
  writeHeads: 1,
  hiddenSize: 64,
  clipValue: 20,
  controller: "lstm",
  seed: 0,
} as const;

/** Default number of layers of a deep LSTM. */
const DEEP_LAYERS = 3;

/** Largest seed, the same as for controllers. */
const MAX_SEED = 2 ** 31;

const SIZES = ["inputSize", "outputSize", "memorySize", "wordSize", "readHeads", "writeHeads", "hiddenSize"] as const;

/** All keys of a configuration. */
export const CONFIG_KEYS: readonly string[] = [
  ...SIZES,
  "layers",
  "clipValue",
  "controller",
  "memory",
  "access",
  "seed",
];

/**
 * Fills in the defaults of a configuration and checks it.
 *
 * @throws TypeError for an unknown key or a value of the wrong kind; RangeError for a number out of range.
 */
export function completeConfig(config: DncConfig): CompleteDncConfig {
  checkKeys("config", config, CONFIG_KEYS);
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  const complete = { layers: given.controller === "deep-lstm" ? DEEP_LAYERS : 1, ...DEFAULTS, ...given };
  const { clipValue, controller, layers, seed, memory: _, access, ...sizes } = complete as CompleteDncConfig;
  for (const name of SIZES) checkInteger(name, sizes[name], 1);
  checkClipValue(clipValue);
  checkController(controller);
  checkInteger("layers", layers, 1);
  if (controller !== "deep-lstm" && layers !== 1)
    throw new RangeError(`layers: expected 1 unless controller is "deep-lstm", got ${layers}`);
  checkInteger("seed", seed, 0, MAX_SEED);
  const memory = completeMemory(config.memory);
  if (access !== undefined && typeof access !== "function")
    throw new TypeError(`access: expected a function, got ${formatValue(access)}`);
  return { ...sizes, layers, clipValue, controller, memory, ...(access && { access }), seed };
}

function completeMemory(memory: MemoryVariants = {}): CompleteMemoryVariants {
  checkKeys("memory", memory, VARIANT_KEYS);
  return completeVariants(memory, "memory.");
}

/** Checks the bound of clipping: a finite number of at least 0, as it is and in float32, or null. */
export function checkClipValue(value: unknown): void {
  const message = `clipValue: expected a number of at least 0, or null, got ${formatValue(value)}`;
  if (value !== null && typeof value !== "number") throw new TypeError(message);
  if (value !== null && !(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new RangeError(message);
  const rounded = Math.fround(value ?? 0);
  if (rounded === Number.POSITIVE_INFINITY || (value && rounded === 0))
    throw new RangeError(`${message}, which is ${rounded} in float32`);
}

function checkController(value: unknown): void {
  const types: readonly unknown[] = ["lstm", "deep-lstm", "gru", "feed-forward"] satisfies ControllerType[];
  if (typeof value === "function" || types.includes(value)) return;
  const names = types.map(formatValue).join(", ");
  throw new TypeError(`controller: expected ${names} or a function, got ${formatValue(value)}`);
}
