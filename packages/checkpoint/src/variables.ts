import * as tf from "@tensorflow/tfjs-core";
import { formatValue } from "./format-value.js";
import type { StoredTensor } from "./stored-tensor.js";

/** A variable with its name, as networks, controllers and optimizers list them. */
export interface NamedVariable {
  /** Path of the variable within its owner, such as `dnc/lstm/w_gates`; the same in every process. */
  readonly name: string;
  /** The variable, of dtype float32. */
  readonly variable: tf.Variable;
}

/** How many differences an error message lists. */
const MAX_LISTED = 5;

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
 * Assigns tensors to the variables of the same names, in whatever order either are.
 *
 *     const { model } = await parseCheckpoint(files);
 *     assignTensors(network.variables, model);
 *
 * @param variables - of dtype float32; each name once.
 * @param tensors - exactly the variables' names, each with its variable's shape; the values are copied.
 * @throws RangeError if a tensor is missing, superfluous, repeated or of another shape; then no variable has changed.
 */
export function assignTensors(variables: readonly NamedVariable[], tensors: readonly StoredTensor[]): void {
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const faults = differences(variables, tensors, named);
  if (faults.length > 0) {
    const more = faults.length > MAX_LISTED ? `; and ${faults.length - MAX_LISTED} more` : "";
    throw new RangeError(
      `tensors: expected those of the variables, got ${faults.slice(0, MAX_LISTED).join("; ")}${more}`,
    );
  }
  tf.tidy(() => {
    const given = variables.map(({ name }) => {
      const { values, shape } = named.get(name) as StoredTensor;
      return tf.tensor(values.slice(), [...shape], "float32"); // the CPU backend keeps the array that it gets
    });
    for (const [index, { variable }] of variables.entries()) variable.assign(given[index] as tf.Tensor);
  });
}

function differences(
  variables: readonly NamedVariable[],
  tensors: readonly StoredTensor[],
  named: ReadonlyMap<string, StoredTensor>,
): string[] {
  const faults = [
    ...repeated(tensors).map((name) => `${formatValue(name)} twice`),
    ...repeated(variables).map((name) => `two variables ${formatValue(name)}`),
  ];
  for (const { name, variable } of variables) {
    const tensor = named.get(name);
    if (variable.dtype !== "float32") faults.push(`a variable ${formatValue(name)} of ${variable.dtype}`);
    if (!tensor) faults.push(`no ${formatValue(name)}`);
    else if (String(tensor.shape) !== String(variable.shape))
      faults.push(`${formatValue(name)} of [${tensor.shape.join(", ")}] instead of [${variable.shape.join(", ")}]`);
    else if (tensor.values.length !== variable.size)
      faults.push(`${formatValue(name)} with ${tensor.values.length} values instead of ${variable.size}`);
  }
  const known = new Set(variables.map(({ name }) => name));
  for (const name of named.keys()) if (!known.has(name)) faults.push(`${formatValue(name)}, which no variable has`);
  return faults;
}

/** The names that occur more than once. */
function repeated(items: readonly { readonly name: string }[]): string[] {
  const seen = new Set<string>();
  return items.filter(({ name }) => seen.size === seen.add(name).size).map(({ name }) => name);
}
