import { checkObject, formatValue } from "@dnc/addressing/checks";
import { checkFraction, checkPositive } from "./checks.js";
import { completeOptions } from "./complete-options.js";

/** RMSProp as in TensorFlow: each gradient is divided by the root of the running mean of its square. */
export interface RmsPropOptions {
  /** Name of the optimizer. */
  readonly type: "rmsprop";
  /** Step size, above 0; default: 1e-4. */
  readonly learningRate?: number | undefined;
  /** Decay of the running mean per step, in [0, 1); default: 0.9. */
  readonly decay?: number | undefined;
  /** Added to the mean square inside the root, above 0; default: 1e-10. */
  readonly epsilon?: number | undefined;
  /** Fraction of the previous update that is added, in [0, 1); default: 0. */
  readonly momentum?: number | undefined;
}

/** Adam: the running mean of each gradient is divided by the root of the running mean of its square, both without bias. */
export interface AdamOptions {
  /** Name of the optimizer. */
  readonly type: "adam";
  /** Step size, above 0; default: 1e-3. */
  readonly learningRate?: number | undefined;
  /** Decay of the running mean of the gradients per step, in [0, 1); default: 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the running mean of the squared gradients per step, in [0, 1); default: 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root, above 0; default: 1e-8. */
  readonly epsilon?: number | undefined;
}

/** Configuration of an optimizer. */
export type OptimizerOptions = RmsPropOptions | AdamOptions;

/** Options of RMSProp with every default filled in. */
export type CompleteRmsPropOptions = {
  readonly [Key in keyof RmsPropOptions]-?: Exclude<RmsPropOptions[Key], undefined>;
};

/** Options of Adam with every default filled in. */
export type CompleteAdamOptions = {
  readonly [Key in keyof AdamOptions]-?: Exclude<AdamOptions[Key], undefined>;
};

/** Options of an optimizer with every default filled in. */
export type CompleteOptimizerOptions = CompleteRmsPropOptions | CompleteAdamOptions;

const RMS_PROP = { type: "rmsprop", learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, momentum: 0 } as const;
const ADAM = { type: "adam", learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Fills in the defaults of an optimizer's options.
 *
 * @param options - the optimizer's name and options.
 * @returns all options, checked.
 * @throws TypeError for an unknown optimizer or option, or a value of the wrong kind; RangeError for a number out of range,
 *   as it is or in float32.
 */
export function completeOptimizerOptions(options: RmsPropOptions): CompleteRmsPropOptions;
export function completeOptimizerOptions(options: AdamOptions): CompleteAdamOptions;
export function completeOptimizerOptions(options: OptimizerOptions): CompleteOptimizerOptions;
export function completeOptimizerOptions(options: OptimizerOptions): CompleteOptimizerOptions {
  checkObject("optimizer", options);
  const { type } = options as { readonly type?: unknown };
  if (type !== "rmsprop" && type !== "adam")
    throw new TypeError(`optimizer.type: expected "rmsprop" or "adam", got ${formatValue(type)}`);
  const defaults: CompleteOptimizerOptions = type === "rmsprop" ? RMS_PROP : ADAM;
  const optimizer = completeOptions<CompleteOptimizerOptions>("optimizer", defaults, options);
  for (const [name, value] of Object.entries(optimizer)) {
    if (name === "learningRate" || name === "epsilon") checkPositive(`optimizer.${name}`, value);
    else if (name !== "type") checkFraction(`optimizer.${name}`, value);
  }
  return optimizer;
}

/**
 * Computes how much of a new value enters a running mean: `1 - decay`, in float32 as TensorFlow computes it.
 *
 * @param decay - decay of the mean per step, in [0, 1).
 */
export function newShare(decay: number): number {
  return Math.fround(1 - Math.fround(decay));
}

/**
 * Computes how much of a new value enters one of Adam's running means: `1 - beta`, rounded to float32 once. Unlike `newShare`,
 * where the rounding of 0.999 would change its distance from 1 by 1.3e-5 of it.
 *
 * @param beta - decay of the mean per step, in [0, 1).
 */
export function momentShare(beta: number): number {
  return Math.fround(1 - beta);
}

/** Factors of Adam's means. */
export type BiasCorrections = {
  /** Factor of the mean of the gradients. */
  readonly first: number;
  /** Factor of the mean of the squared gradients. */
  readonly second: number;
};

/**
 * Computes the factors that remove the bias of Adam's running means, which start at 0.
 *
 *     first = 1 / (1 - beta1^t),  second = 1 / (1 - beta2^t)
 *
 * Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization", Algorithm 1.
 *
 * @param options - the decays of the means.
 * @param steps - t, the number of updates including the current one, 1 or more.
 * @returns both factors, computed in float64 and rounded to float32 once.
 */
export function biasCorrections(
  { beta1, beta2 }: Pick<CompleteAdamOptions, "beta1" | "beta2">,
  steps: number,
): BiasCorrections {
  return { first: Math.fround(1 / (1 - beta1 ** steps)), second: Math.fround(1 / (1 - beta2 ** steps)) };
}
