import type { NamedVariable } from "@dnc/core";
import { checkFraction, checkPositive, formatValue, type OptimizerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { FlatTensors } from "./flat-tensors.js";
import type { Optimizer } from "./optimizer.js";

/** What the optimizers have in common: the variables that they update, their learning rate, and their state. */
export abstract class VariableOptimizer implements Optimizer {
  /** The variables that `apply` updates; they belong to the caller. */
  readonly targets: readonly NamedVariable[];
  /** All variables of the state, one after another quantity, each in the order of the updated variables. */
  abstract readonly variables: readonly NamedVariable[];
  /** The same variables by quantity. */
  abstract readonly state: Readonly<Record<string, readonly NamedVariable[]>>;
  /** Concatenates all variables, or their gradients, to one vector. */
  readonly flat: FlatTensors;
  readonly #size: number;
  #learningRate: number;

  /**
   * @param targets - The variables that `apply` updates; they still belong to the caller.
   * @param learningRate - Step size, above 0, checked.
   */
  constructor(targets: readonly NamedVariable[], learningRate: number) {
    this.targets = targets;
    this.#learningRate = learningRate;
    this.#size = targets.reduce((sum, { variable }) => sum + variable.size, 0);
    this.flat = new FlatTensors(targets.map(({ variable }) => variable.shape));
  }

  /** Name and hyperparameters, as an engine takes them. */
  abstract get options(): OptimizerOptions;

  /** Learning rate of the following updates, above 0; a schedule may change it. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /**
   * Sets the learning rate of the following updates.
   *
   * @param learningRate - Above 0.
   */
  set learningRate(learningRate: number) {
    checkPositive("learningRate", learningRate);
    this.#learningRate = learningRate;
  }

  /** Reads the part of the state that `apply` needs as numbers: none, unless a subclass has such a part. */
  async prepare(): Promise<void> {}

  /**
   * Updates every variable.
   *
   * @param gradients - One per variable, in their order; they still belong to the caller.
   * @throws RangeError if their number or a shape differs; then nothing has changed.
   */
  apply(gradients: readonly tf.Tensor[]): void {
    if (gradients.length !== this.targets.length)
      throw new RangeError(`gradients: expected ${this.targets.length} tensors, got ${gradients.length}`);
    gradients.forEach(({ shape }, index) => {
      const expected = this.targets[index].variable.shape;
      if (String(shape) !== String(expected))
        throw new RangeError(`gradients[${index}]: expected [${expected.join(", ")}], got [${shape.join(", ")}]`);
    });
    const flat = this.flat.join(gradients);
    this.applyFlat(flat);
    flat.dispose();
  }

  /**
   * Updates every variable, like `apply`.
   *
   * @param gradient - Gradient of all variables, concatenated by `flat`; it still belongs to the caller.
   * @throws RangeError if its size differs; then nothing has changed.
   */
  applyFlat(gradient: tf.Tensor1D): void {
    if (gradient.size !== this.#size)
      throw new RangeError(`gradient: expected [${this.#size}], got [${gradient.shape.join(", ")}]`);
    tf.tidy(() => {
      const step = this.update(gradient);
      this.assign(this.targets, tf.sub(this.join(this.targets), step) as tf.Tensor1D);
    });
  }

  /** Disposes the state, but not the variables that are updated. */
  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
  }

  /**
   * Updates the state and computes what is subtracted from the variables.
   *
   * @param gradient - Gradient of all variables.
   */
  protected abstract update(gradient: tf.Tensor1D): tf.Tensor;

  /**
   * Creates the variables of a quantity of the state, one per updated variable.
   *
   * @param prefix - Prefix of their names.
   * @param initial - Their initial value.
   */
  protected createVariables(prefix: string, initial: number): readonly NamedVariable[] {
    return this.targets.map(({ name, variable }) => ({
      name: `${prefix}/${name}`,
      variable: tf.tidy(() => tf.variable(tf.fill(variable.shape, initial), false)),
    }));
  }

  /**
   * Concatenates variables.
   *
   * @param variables - One per updated variable, of the same shapes.
   * @returns A new vector.
   */
  protected join(variables: readonly NamedVariable[]): tf.Tensor1D {
    return this.flat.join(variables.map(({ variable }) => variable));
  }

  /**
   * Assigns the parts of a vector to variables.
   *
   * @param variables - One per updated variable, of the same shapes.
   * @param values - As `join` returns it.
   */
  protected assign(variables: readonly NamedVariable[], values: tf.Tensor1D): void {
    this.flat.split(values).forEach((value, index) => {
      variables[index].variable.assign(value);
    });
  }
}

/** Throws a TypeError unless these are named variables. */
export function checkTargets(targets: readonly NamedVariable[]): void {
  if (!Array.isArray(targets))
    throw new TypeError(`targets: expected an array of named variables, got ${formatValue(targets)}`);
  targets.forEach((target: Partial<NamedVariable> | undefined, index) => {
    if (typeof target?.name === "string" && target.variable instanceof tf.Variable) return;
    throw new TypeError(`targets[${index}]: expected { name, variable }, got ${formatValue(target)}`);
  });
}

/** Fills in the defaults of hyperparameters and checks them: learning rate and epsilon are positive, others in [0, 1). */
export function completeHyperparameters<Name extends string>(
  options: { readonly [Key in Name]?: number | undefined },
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options: expected an object, got ${formatValue(options)}`);
  for (const key of Object.keys(options))
    if (!Object.hasOwn(defaults, key))
      throw new TypeError(`unknown option key "${key}"; expected one of ${Object.keys(defaults).join(", ")}`);
  const complete: Record<Name, number> = { ...defaults };
  for (const name of Object.keys(defaults) as Name[]) {
    const value = options[name] === undefined ? defaults[name] : options[name];
    if (name === "learningRate" || name === "epsilon") checkPositive(name, value);
    else checkFraction(name, value);
    complete[name] = value;
  }
  return complete;
}
