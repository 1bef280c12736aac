import type { StoredTensor } from "@dnc/checkpoint";
import { assignTensors, readTensors } from "@dnc/checkpoint";
import type { ValueTraining } from "@dnc/training";

/** Prefixes of the names in optimizer.safetensors of a value network, and of its optimizer. */
const NETWORK = "value/network/";
const OPTIMIZER = "value/optimizer/";

/** Reads a value network and its optimizer as tensors of optimizer.safetensors; none if there is no such network. */
export async function valueTensors(value: ValueTraining | undefined): Promise<readonly StoredTensor[]> {
  if (value === undefined) return [];
  return [
    ...withPrefix(NETWORK, await readTensors(value.network.variables)),
    ...withPrefix(OPTIMIZER, await readTensors(value.optimizer.variables)),
  ];
}

/**
 * Restores a value network and its optimizer, if there is one.
 *
 * @param tensors - Those of optimizer.safetensors.
 * @returns The tensors that are not theirs.
 * @throws RangeError if they do not fit.
 */
export function restoreValue(
  value: ValueTraining | undefined,
  tensors: readonly StoredTensor[],
): readonly StoredTensor[] {
  if (value === undefined) return tensors;
  assignTensors(value.network.variables, withoutPrefix(NETWORK, tensors));
  assignTensors(value.optimizer.variables, withoutPrefix(OPTIMIZER, tensors));
  return tensors.filter(({ name }) => !name.startsWith(NETWORK) && !name.startsWith(OPTIMIZER));
}

function withPrefix(prefix: string, tensors: readonly StoredTensor[]): readonly StoredTensor[] {
  return tensors.map((tensor) => ({ ...tensor, name: prefix + tensor.name }));
}

function withoutPrefix(prefix: string, tensors: readonly StoredTensor[]): readonly StoredTensor[] {
  const own = tensors.filter(({ name }) => name.startsWith(prefix));
  return own.map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }));
}
