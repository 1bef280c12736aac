import type { NamedVariable } from "@dnc/core";
import type { OptimizerOptions } from "@dnc/core/engine";
import type * as tf from "@tensorflow/tfjs-core";
import type { FlatTensors } from "./flat-tensors.js";

/** Updates variables by their gradients. `createOptimizer` creates one from plain data. */
export interface Optimizer {
  /** The variables that `apply` updates; `train` refuses others than those of its network. Absent: not checked. */
  readonly targets?: readonly NamedVariable[] | undefined;
  /** All variables of the state, in a stable order with stable names, for checkpoints. */
  readonly variables: readonly NamedVariable[];
  /**
   * The same variables by quantity, under the names of an engine's `OptimizerState`, such as `meanSquares`: one for each
   * variable that is updated, in the same order, or a single one that has its own shape.
   */
  readonly state: Readonly<Record<string, readonly NamedVariable[]>>;
  /** Name and hyperparameters, as an engine takes them. */
  readonly options: OptimizerOptions;
  /** Learning rate of the following updates, above 0; a schedule may change it. */
  learningRate: number;
  /** Concatenates all variables, or their gradients, to one vector. */
  readonly flat: FlatTensors;
  /**
   * Reads the part of the state that `apply` needs as numbers. Await it before the next `apply` after the variables of the
   * state were assigned; `trainStep` does.
   */
  prepare(): Promise<void>;
  /**
   * Updates every variable.
   *
   * @param gradients - One per variable, in their order; they still belong to the caller.
   * @throws RangeError if their number or a shape differs; Error if `prepare` is needed. Then nothing has changed.
   */
  apply(gradients: readonly tf.Tensor[]): void;
  /**
   * Updates every variable, like `apply`.
   *
   * @param gradient - Gradient of all variables, concatenated by `flat`; it still belongs to the caller.
   * @throws RangeError if its size differs; then nothing has changed.
   */
  applyFlat(gradient: tf.Tensor1D): void;
  /** Disposes the state, but not the variables that are updated. */
  dispose(): void;
}

/**
 * Checks that an optimizer updates the variables of a network: with equal sizes those of another would be updated silently.
 *
 * @param optimizer - the optimizer; not checked without `targets`.
 * @param variables - the network's variables.
 * @param label - the optimizer's name in messages.
 * @throws TypeError if they are not the same, in the same order.
 */
export function checkOptimizer({ targets }: Optimizer, variables: readonly NamedVariable[], label = "optimizer"): void {
  if (targets === undefined) return;
  const expected = `${label}: expected one of network.variables, got one of`;
  if (targets.length !== variables.length)
    throw new TypeError(`${expected} ${targets.length} variables instead of ${variables.length}`);
  targets.forEach(({ name, variable }, index) => {
    const own = variables[index];
    if (variable === own.variable) return;
    const got =
      name === own.name
        ? `another variable ${JSON.stringify(name)}`
        : `${JSON.stringify(name)} instead of ${JSON.stringify(own.name)}`;
    throw new TypeError(`${expected} ${got}`);
  });
}
