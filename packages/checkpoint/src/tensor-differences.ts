import { formatValue } from "./format-value.js";
import type { StoredTensor } from "./stored-tensor.js";

/** A tensor that is expected in a file. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Data type; default: float32, the only one in files. */
  readonly dtype?: string | undefined;
}

/** Maximum number of differences in an error message. */
const MAX_LISTED = 5;

/**
 * Compares tensors with the expected ones, by name, regardless of order.
 *
 * @returns the first five differences, for an error message after "got"; undefined if there is none.
 */
export function tensorDifferences(
  expected: readonly ExpectedTensor[],
  tensors: readonly StoredTensor[],
): string | undefined {
  const found = differences(expected, tensors);
  if (found.length === 0) return undefined;
  const more = found.length > MAX_LISTED ? `; and ${found.length - MAX_LISTED} more` : "";
  return `${found.slice(0, MAX_LISTED).join("; ")}${more}`;
}

function differences(expected: readonly ExpectedTensor[], tensors: readonly StoredTensor[]): string[] {
  const named = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const found = [
    ...repeated(tensors).map((name) => `${formatValue(name)} twice`),
    ...repeated(expected).map((name) => `two variables ${formatValue(name)}`),
  ];
  for (const { name, shape, dtype = "float32" } of expected) {
    const tensor = named.get(name);
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (dtype !== "float32") found.push(`a variable ${formatValue(name)} of ${dtype}`);
    if (!tensor) found.push(`no ${formatValue(name)}`);
    else if (String(tensor.shape) !== String(shape))
      found.push(`${formatValue(name)} of [${tensor.shape.join(", ")}] instead of [${shape.join(", ")}]`);
    else if (tensor.values.length !== size)
      found.push(`${formatValue(name)} with ${tensor.values.length} values instead of ${size}`);
  }
  const known = new Set(expected.map(({ name }) => name));
  for (const name of named.keys()) if (!known.has(name)) found.push(`${formatValue(name)}, which no variable has`);
  return found;
}

/** Lists the names that occur more than once. */
function repeated(items: readonly { readonly name: string }[]): string[] {
  const seen = new Set<string>();
  return items.filter(({ name }) => seen.size === seen.add(name).size).map(({ name }) => name);
}
