import type { CreateVariable, NamedVariable } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** How many variables of one controller can have a seed of their own. */
export const SEEDS_PER_CONTROLLER = 64;

/** A variable that is to be made: its name and how to draw its initial value. */
export type Plan = {
  readonly name: string;
  readonly shape: readonly number[];
  /** Standard deviation of the normal distribution before truncation; absent for zeros. */
  readonly stddev?: number;
};

/**
 * Makes a controller's variables, each from its own seed: variable `k` uses `1 + 64 seed + k`.
 *
 * The seeds are never 0, which TensorFlow.js takes for "no seed". Normal values beyond 2 `stddev` are redrawn and
 * the rest is not rescaled, so the standard deviation of a truncated normal is 0.8796 `stddev`.
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

/** Disposes variables that are not disposed yet. */
export function disposeVariables(variables: readonly NamedVariable[]): void {
  for (const { variable } of variables) if (!variable.isDisposed) variable.dispose();
}

/** A variable shares its first tensor's data, so that the tensor can go at once. */
function createOwnVariable(_name: string, initial: () => tf.Tensor): tf.Variable {
  const value = tf.tidy(initial);
  const variable = tf.variable(value);
  value.dispose();
  return variable;
}
