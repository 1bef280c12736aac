import * as tf from "@tensorflow/tfjs-core";
import type { StoredTensor } from "./stored-tensor.js";

/** A variable under its name, as a core, a controller or an optimizer lists them. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** All values of variables, off the backend, in the same order. */
export async function readTensors(variables: readonly NamedVariable[]): Promise<StoredTensor[]> {
  return Promise.all(
    variables.map(async ({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: (await variable.data()) as Float32Array,
    })),
  );
}

/**
 * Gives each variable the tensor of its name.
 *
 * @throws RangeError if a tensor is missing, left over or of another shape: then no variable has changed.
 */
export function assignTensors(variables: readonly NamedVariable[], tensors: readonly StoredTensor[]): void {
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, variable } of variables) {
    const { values, shape } = named.get(name) as StoredTensor;
    tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
  }
}
