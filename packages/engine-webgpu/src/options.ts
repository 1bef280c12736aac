import type { OptimizerOptions } from "./wgsl/update.js";

/** How to train; the defaults are the reference's. */
export interface FusedTrainingOptions {
  /** Step size of RMSProp, above 0; 1e-4. */
  learningRate?: number | undefined;
  /** What remains of RMSProp's mean square at each step, in [0, 1); 0.9. */
  decay?: number | undefined;
  /** Added inside RMSProp's root, above 0; 1e-10. */
  epsilon?: number | undefined;
  /** Gradients are scaled down to this global norm, above 0; 50. */
  maxGradNorm?: number | undefined;
}

const DEFAULTS: OptimizerOptions = { learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, maxGradNorm: 50 };

/**
 * Options with their defaults.
 *
 * @throws TypeError for an unknown option or one of the wrong kind; RangeError for a number out of range.
 */
export function checkedOptions(options: FusedTrainingOptions): OptimizerOptions {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(DEFAULTS, name)) throw new TypeError(`options: unknown key "${name}"`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const complete = { ...DEFAULTS, ...(Object.fromEntries(given) as Partial<OptimizerOptions>) };
  for (const [name, value] of Object.entries(complete))
    if (typeof value !== "number") throw new TypeError(`${name}: expected a number, got ${shown(value)}`);
  const { decay, ...positive } = complete;
  for (const [name, value] of Object.entries(positive))
    if (!(value > 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name}: expected a finite number above 0, got ${value}`);
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`decay: expected a number in [0, 1), got ${decay}`);
  return complete;
}

/** @throws RangeError if a number is not an integer above 0. */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name}: expected an integer above 0, got ${value}`);
}

/** @throws RangeError if an array has not the length that its batch says. */
export function checkLength(name: string, array: Float32Array, expected: number): void {
  if (array.length !== expected) throw new RangeError(`${name}: expected ${expected} numbers, got ${array.length}`);
}

/** A value for an error message. */
export function shown(value: unknown): string {
  return typeof value === "function" ? "a function" : String(JSON.stringify(value));
}
