import type { CreateVariable, NamedVariable } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** Number of distinct seeds per controller, one for each of its variables. */
export const SEEDS_PER_CONTROLLER = 64;

/** Description of a variable to create: its name, shape and initial distribution. */
export type Plan = {
  readonly name: string;
  readonly shape: readonly number[];
  /** Standard deviation of the normal distribution before truncation; absent for zeros. */
  readonly stddev?: number;
};

/**
 * Creates a controller's variables, each with its own seed: variable `k` uses `1 + 64 seed + k`.
 *
 * The seeds are never 0, which TensorFlow.js treats as "no seed". Normal values beyond 2 `stddev` are redrawn and the
 * others are not rescaled, so the standard deviation of a truncated normal is 0.8796 `stddev`.
 */
export function makeVariables(
  plans: readonly Plan[],
  seed: number,
  createVariable: CreateVariable = createOwnVariable,
): readonly NamedVariable[] {
  return plans.map(({ name, shape, stddev }, k) => {
    const draw = () =>
      stddev === undefined
        ? tf.zeros([...shape])
        : tf.truncatedNormal([...shape], 0, stddev, "float32", 1 + seed * SEEDS_PER_CONTROLLER + k);
    return { name, variable: createVariable(name, draw) };
  });
}

/** Disposes the variables that are not disposed yet. */
export function disposeVariables(variables: readonly NamedVariable[]): void {
  for (const { variable } of variables) if (!variable.isDisposed) variable.dispose();
}

/** Creates a `tf.Variable`. It shares the data of its initial tensor, so that tensor can be disposed at once. */
function createOwnVariable(_name: string, initial: () => tf.Tensor): tf.Variable {
  const value = tf.tidy(initial);
  const variable = tf.variable(value);
  value.dispose();
  return variable;
}
