import * as tf from "@tensorflow/tfjs-core";
import { shown } from "./shown.js";
import type { StoredTensor } from "./stored-tensor.js";

/** A variable under its name, as a core, a controller or an optimizer lists them. */
export interface NamedVariable {
  /** Path of the variable within its owner, such as `dnc/lstm/w_gates`; the same in every process. */
  readonly name: string;
  /** The variable itself, of float32. */
  readonly variable: tf.Variable;
}

/** How many differences an error lists. */
const MAX_LISTED = 5;

/**
 * All values of variables, off the backend, in the same order.
 *
 * @param variables - of float32; they must not change before the promise is fulfilled.
 * @returns copies: what happens to the variables afterwards does not change them.
 * @throws TypeError if a variable is of another dtype.
 */
export async function readTensors(variables: readonly NamedVariable[]): Promise<StoredTensor[]> {
  for (const { name, variable } of variables)
    if (variable.dtype !== "float32") throw new TypeError(`${name}: expected float32, got ${variable.dtype}`);
  return Promise.all(
    variables.map(async ({ name, variable }) => ({
      name,
      shape: [...variable.shape],
      values: ((await variable.data()) as Float32Array).slice(), // the CPU backend hands out its own array
    })),
  );
}

/**
 * Gives each variable the tensor of its name, whatever the order of either.
 *
 * @param variables - of float32; each name once.
 * @param tensors - exactly those names, each with its variable's shape; copied.
 * @throws RangeError if a tensor is missing, left over, there twice or of another shape: then no variable has changed.
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
      return tf.tensor(values.slice(), [...shape], "float32"); // the CPU backend keeps the array it is given
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
    ...repeated(tensors).map((name) => `${shown(name)} twice`),
    ...repeated(variables).map((name) => `two variables ${shown(name)}`),
  ];
  for (const { name, variable } of variables) {
    const tensor = named.get(name);
    if (variable.dtype !== "float32") faults.push(`a variable ${shown(name)} of ${variable.dtype}`);
    if (!tensor) faults.push(`no ${shown(name)}`);
    else if (String(tensor.shape) !== String(variable.shape))
      faults.push(`${shown(name)} of [${tensor.shape.join(", ")}] instead of [${variable.shape.join(", ")}]`);
    else if (tensor.values.length !== variable.size)
      faults.push(`${shown(name)} with ${tensor.values.length} values instead of ${variable.size}`);
  }
  const known = new Set(variables.map(({ name }) => name));
  for (const name of named.keys()) if (!known.has(name)) faults.push(`${shown(name)}, which no variable has`);
  return faults;
}

/** The names that come more than once. */
function repeated(items: readonly { readonly name: string }[]): string[] {
  const seen = new Set<string>();
  return items.filter(({ name }) => seen.size === seen.add(name).size).map(({ name }) => name);
}
