import type { Controller, CreateVariable } from "@dnc/controller";

/** The controllers that come with the package. */
export type ControllerType = "lstm" | "deep-lstm" | "gru" | "feed-forward";

/**
 * Makes a controller of one's own for the sizes that the core has.
 *
 * @param config - `inputSize` is the width of an observation plus all read words.
 */
export type ControllerFactory = (
  config: { readonly inputSize: number; readonly seed: number },
  createVariable?: CreateVariable,
) => Controller;

/** A Differentiable Neural Computer; the defaults are the reference's. */
export interface DncConfig {
  /** Width of an observation. */
  inputSize: number;
  /** Width of an output. */
  outputSize: number;
  /** Number of memory slots N, 1 or more; 16. */
  memorySize?: number;
  /** Length W of a memory word, 1 or more; 16. */
  wordSize?: number;
  /** Number of read heads R, 1 or more; 4. */
  readHeads?: number;
  /** Number of write heads, 1 or more; 1. */
  writeHeads?: number;
  /** Width of the controller, of each layer of a deep one; 1 or more; 64. Not for a controller of one's own. */
  hiddenSize?: number;
  /** Number of layers; 1 or more; 3 for `"deep-lstm"`, and 1 for the others, which have just one. */
  layers?: number;
  /** Controller output and state and the logits are clipped to [-clipValue, clipValue]; 0 or null: not at all; 20. */
  clipValue?: number | null;
  /** The controller's type, or a function that makes one; `"lstm"`. */
  controller?: ControllerType | ControllerFactory;
  /** Fixes the initial weights; an integer of at least 0; 0. */
  seed?: number;
}

const DEFAULTS = {
  memorySize: 16,
  wordSize: 16,
  readHeads: 4,
  writeHeads: 1,
  hiddenSize: 64,
  layers: 1,
  clipValue: 20,
  controller: "lstm",
  seed: 0,
} as const;

/** Layers of a deep LSTM that is not told otherwise. */
const DEEP_LAYERS = 3;

/**
 * A configuration with all its defaults.
 *
 * @throws TypeError for an unknown key or a value of the wrong kind; RangeError for a number out of range.
 */
export function completeConfig(config: DncConfig): Readonly<Required<DncConfig>> {
  if (config === null || typeof config !== "object" || Array.isArray(config))
    throw new TypeError(`config: expected an object, got ${JSON.stringify(config)}`);
  const known = ["inputSize", "outputSize", ...Object.keys(DEFAULTS)];
  for (const key of Object.keys(config))
    if (!known.includes(key)) throw new TypeError(`unknown config key "${key}"; expected one of ${known.join(", ")}`);
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  const complete = { ...DEFAULTS, ...given } as Required<DncConfig>;
  for (const [name, value] of Object.entries(complete)) {
    if (name === "clipValue") checkClipValue(value);
    else if (name === "controller") checkController(value);
    else checkInteger(name, value, name === "seed" ? 0 : 1);
  }
  for (const name of ["inputSize", "outputSize"] as const) checkInteger(name, complete[name], 1);
  if (complete.controller === "deep-lstm") complete.layers = config.layers ?? DEEP_LAYERS;
  else if (complete.layers !== 1)
    throw new RangeError(`layers: expected 1 unless controller is "deep-lstm", got ${shown(complete.layers)}`);
  return complete;
}

function checkInteger(name: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  const expected = least === 1 ? "a positive integer" : `an integer of at least ${least}`;
  throw new RangeError(`${name}: expected ${expected}, got ${shown(value)}`);
}

function checkClipValue(value: unknown): void {
  if (value === null || (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`clipValue: expected a number of at least 0, or null, got ${shown(value)}`);
}

function checkController(value: unknown): void {
  if (typeof value === "function") return;
  if (value === "lstm" || value === "deep-lstm" || value === "gru" || value === "feed-forward") return;
  throw new TypeError(
    `controller: expected "lstm", "deep-lstm", "gru", "feed-forward" or a function, got ${shown(value)}`,
  );
}

function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  return typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);
}
