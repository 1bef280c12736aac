import { checkDecay, checkPositive } from "./checks.js";
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
  const { decay, ...positive } = complete;
  for (const [name, value] of Object.entries(positive)) checkPositive(name, value);
  checkDecay(decay);
  return complete;
}
