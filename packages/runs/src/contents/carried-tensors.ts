import type { StoredTensor } from "@dnc/checkpoint";
import type { CarriedState } from "@dnc/training";

/** Prefix of the carried state's names in optimizer.safetensors. */
const PREFIX = "carried/";

/** Converts the network's carried state to tensors of optimizer.safetensors; none if no state is carried. */
export function carriedTensors(state: CarriedState = []): readonly StoredTensor[] {
  return state.map(({ name, shape, values }) => ({
    name: `${PREFIX}${name}`,
    shape: [...shape],
    values: Float32Array.from(values),
  }));
}

/** Splits the tensors of optimizer.safetensors into those of the optimizer and the carried state, if there is one. */
export function splitCarried(tensors: readonly StoredTensor[]): {
  readonly optimizer: readonly StoredTensor[];
  readonly carriedState: CarriedState | undefined;
} {
  const isCarried = ({ name }: StoredTensor) => name.startsWith(PREFIX);
  const carried = tensors.filter(isCarried).map(({ name, shape, values }) => ({
    ...{ name: name.slice(PREFIX.length), shape, values: Array.from(values) },
  }));
  const optimizer = tensors.filter((tensor) => !isCarried(tensor));
  return { optimizer, carriedState: carried.length === 0 ? undefined : carried };
}
