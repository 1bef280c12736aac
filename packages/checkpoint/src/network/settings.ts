import type { CompleteLstmNetworkConfig, ControllerType, DncConfig } from "@dnc/core";
import { formatValue } from "../format-value.js";
import { type CheckpointState, STATE_FILE } from "../state/state-json.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";

/**
 * The settings that describe a network, by their names in `config.json` and in the `config` of `state.json`. Those names
 * are the flags of `dnc train`; a missing setting has the flag's default, which is that of `DncConfig`.
 */
export type NetworkSettings = {
  /** Kind of the network: a `Dnc`, or an `LstmNetwork`, which has none of the memory's settings; default: `"dnc"`. */
  readonly network?: "dnc" | "lstm" | undefined;
  /** Width of the controller, or of each of its layers; default: 64. */
  readonly hidden_size?: number | undefined;
  /** Number of memory slots N; default: 16. */
  readonly memory_size?: number | undefined;
  /** Length W of a memory word; default: 16. */
  readonly word_size?: number | undefined;
  /** Number of read heads R; default: 4. */
  readonly num_read_heads?: number | undefined;
  /** Number of write heads; default: 1. */
  readonly num_write_heads?: number | undefined;
  /** Bound of the controller's state, its output and the logits; 0: no clipping; default: 20. */
  readonly clip_value?: number | undefined;
  /** Type of the controller; default: `"lstm"`. */
  readonly controller?: ControllerType | undefined;
  /** Number of layers of a deep LSTM or of an `LstmNetwork`; default: as many as the tensors have. */
  readonly layers?: number | undefined;
  /** Whether heads mask what they compare; a number is the smallest factor of a component; default: false. */
  readonly masking?: boolean | number | undefined;
  /** Whether slots that are freed are also erased; default: false. */
  readonly deallocation?: boolean | undefined;
  /** Whether read heads sharpen forward and backward weights; default: false. */
  readonly sharpness?: boolean | undefined;
  /** Whether there are no temporal links; default: false. */
  readonly no_links?: boolean | undefined;
  /** What the memory holds before the first step: a number in every component, or `"random"`; default: 0. */
  readonly initial_memory?: number | "random" | undefined;
  /** Seed of the initial weights, and of a random initial memory; default: 0. */
  readonly seed?: number | undefined;
};

/** The part of a `DncConfig` that settings describe; the task adds `inputSize` and `outputSize`. */
export type NetworkConfig = Omit<DncConfig, "inputSize" | "outputSize">;

/** Names of settings and their names in a `DncConfig`. */
const NAMES = {
  hidden_size: "hiddenSize",
  memory_size: "memorySize",
  word_size: "wordSize",
  num_read_heads: "readHeads",
  num_write_heads: "writeHeads",
  clip_value: "clipValue",
  controller: "controller",
  layers: "layers",
  seed: "seed",
} as const satisfies Partial<Record<keyof NetworkSettings, keyof NetworkConfig>>;

/** Settings that are variants of the memory, or say that there is none. */
const VARIANTS = ["masking", "deallocation", "sharpness", "no_links", "initial_memory"] as const;

/** Their values in a network without a memory. */
const NONE = { masking: false, deallocation: false, sharpness: false, no_links: false, initial_memory: 0 };

const NAMED = Object.keys(NAMES) as (keyof typeof NAMES)[];
const KEYS: readonly (keyof NetworkSettings)[] = ["network", ...NAMED, ...VARIANTS];
const NETWORKS: readonly unknown[] = ["dnc", "lstm"];
const CONTROLLERS: readonly unknown[] = ["lstm", "deep-lstm", "gru", "feed-forward"] satisfies ControllerType[];

/** As in `DncConfig`. */
export const MAX_LAYERS = 32;

/** As in `DncConfig`. */
const MAX_SEED = 2 ** 31;

/**
 * Turns settings into the configuration of a network.
 *
 *     const network = new Dnc({ ...networkConfig(settings), inputSize: 6, outputSize: 5 });
 *
 * @param settings - may have other keys, such as those of the task, which are ignored.
 * @returns the settings that are given, under the names of `DncConfig`; `new Dnc` checks them.
 */
export function networkConfig(settings: NetworkSettings): NetworkConfig {
  const isGiven = (key: keyof NetworkSettings) => Object.hasOwn(settings, key) && settings[key] !== undefined;
  const named = Object.fromEntries(NAMED.filter(isGiven).map((key) => [NAMES[key], settings[key]])) as NetworkConfig;
  return VARIANTS.some(isGiven) ? { ...named, memory: memoryVariants(settings) } : named;
}

function memoryVariants({
  masking,
  deallocation,
  sharpness,
  no_links,
  initial_memory,
}: NetworkSettings): DncConfig["memory"] {
  return {
    ...(masking !== undefined && { masking: typeof masking === "number" ? { minimum: masking } : masking }),
    ...(deallocation !== undefined && { deallocation }),
    ...(sharpness !== undefined && { sharpness }),
    ...(no_links !== undefined && { links: !no_links }),
    ...(initial_memory !== undefined && { initialMemory: initial_memory }),
  };
}

/**
 * Turns a network's configuration into settings, the inverse of `networkConfig`. Saved as the `config` of a checkpoint's
 * state, they let `loadNetwork` open the checkpoint:
 *
 *     const state = { step: 100, config: networkSettings(network.config) };
 *     await saveCheckpoint("checkpoints", { model: await readTensors(network.variables), optimizer: [], state });
 *
 * @param config - such as `network.config`, of a `Dnc` or an `LstmNetwork`. `inputSize` and `outputSize` are left out: the
 *   tensors have them, and `layers` of a network with one layer.
 * @returns plain JSON.
 * @throws TypeError if `controller` or `access` is a function, which JSON cannot represent.
 */
export function networkSettings(config: NetworkConfig | CompleteLstmNetworkConfig): NetworkSettings {
  const { controller, clipValue, layers, seed, hiddenSize, memory } = config;
  const depth = layers === undefined || layers === 1 ? {} : { layers };
  const clip_value = clipValue === null ? 0 : clipValue;
  if (memory === false) return { network: "lstm", hidden_size: hiddenSize, clip_value, ...depth, seed };
  if (typeof controller === "function")
    throw new TypeError("config.controller: expected the name of a controller, got a function");
  if ("access" in config && config.access !== undefined)
    throw new TypeError("config.access: expected none, got a function");
  const { layers: _, ...values } = { ...config, clipValue: clip_value };
  const given = NAMED.filter((key) => key !== "layers" && values[NAMES[key] as keyof typeof values] !== undefined);
  const named = given.map((key) => [key, values[NAMES[key] as keyof typeof values]] as const);
  return { ...Object.fromEntries(named), ...depth, ...variantSettings(memory) };
}

/** Returns the variants that differ from the memory of the paper. */
function variantSettings(variants: DncConfig["memory"] & {} = {}): NetworkSettings {
  const { masking, deallocation, sharpness, links, initialMemory = 0 } = variants;
  const minimum = typeof masking === "object" ? (masking.minimum ?? 0) : 0;
  return {
    ...(masking ? { masking: minimum === 0 ? true : minimum } : {}),
    ...(deallocation ? { deallocation } : {}),
    ...(sharpness ? { sharpness } : {}),
    ...(links === false ? { no_links: true } : {}),
    ...(initialMemory === 0 ? {} : { initial_memory: initialMemory }),
  };
}

/** Settings as stored in a file. */
export interface StoredSettings {
  /** Untrusted. */
  readonly value: unknown;
  /** Name of the file. */
  readonly file: string;
  /** Key of the settings in the file; absent if the file consists of them. */
  readonly key?: string;
}

/** Returns the settings in a checkpoint's state. */
export function stateSettings({ config }: CheckpointState): StoredSettings {
  return { value: config, file: STATE_FILE, key: "config" };
}

/**
 * Checks that a file has valid settings. Keys that are not settings of a network are ignored.
 *
 * @throws UnreadableCheckpointError naming the file and the setting, what was expected and what the file has.
 */
export function checkedSettings({ value, file, key: parent }: StoredSettings): NetworkSettings {
  const label = (...keys: readonly string[]) =>
    [file, [parent ?? [], keys].flat().join(".")].filter(Boolean).join(": ");
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnreadableCheckpointError(`${label()}: expected an object of settings, got ${formatValue(value)}`);
  const settings = value as Record<string, unknown>;
  const given = KEYS.filter((key) => Object.hasOwn(settings, key));
  for (const key of given) {
    const expected = expectation(key, settings[key]);
    if (expected === undefined) continue;
    throw new UnreadableCheckpointError(`${label(key)}: expected ${expected}, got ${formatValue(settings[key])}`);
  }
  if (settings.sharpness === true && settings.no_links === true)
    throw new UnreadableCheckpointError(`${label("sharpness")}: expected false without links, got true`);
  const variant =
    settings.network === "lstm" && VARIANTS.find((key) => given.includes(key) && settings[key] !== NONE[key]);
  if (variant) {
    const got = formatValue(settings[variant]);
    throw new UnreadableCheckpointError(
      `${label(variant)}: expected ${NONE[variant]} for an LSTM, which has no memory, got ${got}`,
    );
  }
  return Object.fromEntries(given.map((key) => [key, settings[key]]));
}

/** Describes what a setting must be; undefined if the value is valid. */
function expectation(key: keyof NetworkSettings, value: unknown): string | undefined {
  switch (key) {
    case "network":
      return NETWORKS.includes(value) ? undefined : `one of ${NETWORKS.map(formatValue).join(", ")}`;
    case "layers":
      return isInteger(value, 1, MAX_LAYERS) ? undefined : `an integer from 1 to ${MAX_LAYERS}`;
    case "masking":
      return typeof value === "boolean" || isFraction(value) ? undefined : "true, false or a number in [0, 1)";
    case "deallocation":
    case "sharpness":
    case "no_links":
      return typeof value === "boolean" ? undefined : "true or false";
    case "initial_memory":
      return value === "random" || (typeof value === "number" && Number.isFinite(Math.fround(value)))
        ? undefined
        : '"random" or a number that is finite in float32';
    case "controller":
      return CONTROLLERS.includes(value) ? undefined : `one of ${CONTROLLERS.map(formatValue).join(", ")}`;
    case "clip_value":
      return isClipValue(value) ? undefined : "a number of at least 0 in float32";
    case "seed":
      return isInteger(value, 0, MAX_SEED) ? undefined : `an integer from 0 to ${MAX_SEED}`;
    default:
      return isInteger(value, 1, Number.MAX_SAFE_INTEGER) ? undefined : "a positive integer";
  }
}

function isInteger(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** Whether a number is in [0, 1), and in float32 too. */
function isFraction(value: unknown): boolean {
  if (typeof value !== "number" || !(value >= 0 && value < 1)) return false;
  const rounded = Math.fround(value);
  return rounded < 1 && (value === 0 || rounded !== 0);
}

/** Whether a number is 0, or is neither 0 nor infinite after rounding to float32. */
function isClipValue(value: unknown): boolean {
  if (typeof value !== "number" || !(value >= 0)) return false;
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) && (value === 0 || rounded !== 0);
}
