import * as tf from "@tensorflow/tfjs-core";
import type { StoredTensor } from "./stored-tensor.js";
import { tensorDifferences } from "./tensor-differences.js";

/** A variable with its name, as networks, controllers and optimizers list them. */
export interface NamedVariable {
  /** Path of the variable within its owner, such as `dnc/lstm/w_gates`; the same in every process. */
  readonly name: string;
  /** The variable, of dtype float32. */
  readonly variable: tf.Variable;
}

/**
 * Reads the values of variables from the backend.
 *
 *     const model = await readTensors(network.variables);
 *     await saveCheckpoint("checkpoints", { model, optimizer: [], state: { step: 100 } });
 *
 * @param variables - of dtype float32; they must not change before the promise is fulfilled.
 * @returns copies, in the same order: later changes of the variables do not affect them.
 * @throws TypeError if a variable has another dtype.
 */
export async function readTensors(variables: readonly NamedVariable[]): Promise<StoredTensor[]> {
  for (const { name, variable } of variables)
    if (variable.dtype !== "float32") throw new TypeError(`${name}: expected float32, got ${variable.dtype}`);
  return Promise.all(
    variables.map(async ({ name, variable }) => ({
      name,
      shape: [...variable.shape],
      values: ((await variable.data()) as Float32Array).slice(), // the CPU backend returns its own array
    })),
  );
}

/**
 * Assigns tensors to the variables of the same names, regardless of order.
 *
 *     const { model } = await parseCheckpoint(files);
 *     assignTensors(network.variables, model);
 *
 * @param variables - of dtype float32; each name once.
 * @param tensors - exactly the variables' names, each with its variable's shape; the values are copied.
 * @throws RangeError if a tensor is missing, superfluous, repeated or of another shape; then no variable has changed.
 */
export function assignTensors(variables: readonly NamedVariable[], tensors: readonly StoredTensor[]): void {
  const expected = variables.map(({ name, variable: { shape, dtype } }) => ({ name, shape, dtype }));
  const differences = tensorDifferences(expected, tensors);
  if (differences !== undefined) throw new RangeError(`tensors: expected those of the variables, got ${differences}`);
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  tf.tidy(() => {
    const given = variables.map(({ name }) => {
      const { values, shape } = named.get(name) as StoredTensor;
      return tf.tensor(values.slice(), [...shape], "float32"); // the CPU backend keeps the array that it gets
    });
    for (const [index, { variable }] of variables.entries()) variable.assign(given[index] as tf.Tensor);
  });
}
