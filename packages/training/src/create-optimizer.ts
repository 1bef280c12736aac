import type { NamedVariable } from "@dnc/core";
import { completeOptimizerOptions, type OptimizerOptions } from "@dnc/core/engine";
import { Adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";
import { RmsProp } from "./rms-prop.js";

/**
 * Creates an optimizer from plain data, such as the contents of a run's config.
 *
 *     const optimizer = createOptimizer({ type: "adam", learningRate: 2e-3 }, network.variables);
 *     await train({ network, task, optimizer, iterations: 1000 });
 *
 * @param options - `type`, "rmsprop" or "adam", and its hyperparameters; default: those of `RmsProp` and `Adam`.
 * @param variables - The variables to update; they still belong to the caller.
 * @returns A new optimizer, which the caller disposes.
 * @throws TypeError for an unknown type or option, or a value of the wrong kind; RangeError for a number out of range.
 */
export function createOptimizer(options: OptimizerOptions, variables: readonly NamedVariable[]): Optimizer {
  const complete = completeOptimizerOptions(options);
  if (complete.type === "adam") {
    const { type: _, ...hyperparameters } = complete;
    return new Adam(variables, hyperparameters);
  }
  const { type: _, ...hyperparameters } = complete;
  return new RmsProp(variables, hyperparameters);
}
