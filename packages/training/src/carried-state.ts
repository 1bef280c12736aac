/** The network's state that training carries from batch to batch, as plain data and as tensors. */
import type { NestedState, RecurrentCell } from "@dnc/core";
import { UNROLL_STATE, type UnrollState } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";

/** One tensor of a carried state, as plain data. */
export type CarriedTensor = {
  /** Name within the state, such as `memory`. */
  readonly name: string;
  /** Shape; the first dimension is the batch. */
  readonly shape: readonly number[];
  /** The numbers, in float32. */
  readonly values: readonly number[];
};

/** A state that is carried from batch to batch, as plain data that can be converted to JSON. */
export type CarriedState = readonly CarriedTensor[];

/** A network, of which only the shape of its state is used. */
type Network<State extends NestedState> = Pick<RecurrentCell<State>, "initialState">;

/**
 * Reads a state from the backend. Tensors of the same key, such as the hidden units of several layers, are concatenated
 * as in the state of an engine; empty ones are left out.
 */
export async function readState(state: NestedState): Promise<CarriedState> {
  const joined = tf.tidy(() =>
    entriesOf(leavesOf(state)).map(({ name, parts }) => ({
      name,
      tensor: parts.length === 1 ? tf.clone(parts[0].tensor) : concatColumns(parts),
    })),
  );
  try {
    return await Promise.all(
      joined.map(async ({ name, tensor }) => ({ name, shape: tensor.shape, values: Array.from(await tensor.data()) })),
    );
  } finally {
    for (const { tensor } of joined) tensor.dispose();
  }
}

/**
 * Creates the tensors of a state from plain data: the inverse of `readState`.
 *
 * @throws RangeError if the data are not those of the network's state.
 */
export function createState<State extends NestedState>(network: Network<State>, carried: CarriedState): State {
  return tf.tidy(() => {
    const template = network.initialState(batchSizeOf(carried));
    const leaves = leavesOf(template);
    const entries = entriesOf(leaves);
    checkCarried(
      entries.map(({ name, parts }) => ({ name, shape: joinedShape(parts) })),
      carried,
    );
    const tensors = new Map<Leaf, tf.Tensor>();
    for (const { name, parts } of entries) {
      const { shape, values } = carried.find((tensor) => tensor.name === name) as CarriedTensor;
      const joined = tf.tensor([...values], [...shape], "float32");
      const widths = parts.map(({ tensor }) => tensor.shape.at(-1) as number);
      const split = parts.length === 1 ? [joined] : tf.split(joined, widths, joined.rank - 1);
      parts.forEach((leaf, index) => {
        tensors.set(leaf, split[index]);
      });
    }
    const rest = leaves[Symbol.iterator]();
    return mapTensors(template, (tensor) => tensors.get(rest.next().value as Leaf) ?? tensor);
  });
}

/**
 * Converts plain data to an engine's carried state, in which tensors that the network does not have are empty.
 *
 * @throws RangeError if the data are not those of the network's state.
 */
export function toEngineState(network: Network<NestedState>, carried: CarriedState): UnrollState<Float32Array> {
  const batchSize = batchSizeOf(carried);
  checkCarried(
    layoutOf(network).map(({ name, shape }) => ({ name, shape: [batchSize, ...shape] })),
    carried,
  );
  const valuesOf = (name: string) => carried.find((tensor) => tensor.name === name)?.values ?? [];
  const entries = UNROLL_STATE.map((name) => [name, Float32Array.from(valuesOf(name))]);
  return Object.fromEntries(entries) as UnrollState<Float32Array>;
}

/** Converts an engine's carried state to plain data, in the shapes of the network's state. */
export function fromEngineState(network: Network<NestedState>, state: UnrollState<Float32Array>): CarriedState {
  return layoutOf(network).map(({ name, shape }) => {
    const values = state[name as keyof typeof state];
    return { name, shape: [values.length / tf.util.sizeFromShape([...shape]), ...shape], values: Array.from(values) };
  });
}

/** Number of sequences of a carried state. */
export function batchSizeOf(carried: CarriedState): number {
  const batchSize = carried[0]?.shape[0];
  if (batchSize === undefined) throw new RangeError("carriedState: expected tensors [batch, ...], got none");
  return batchSize;
}

/** Replaces each tensor of a state and preserves the structure. */
export function mapTensors<State extends NestedState>(state: State, replace: (tensor: tf.Tensor) => tf.Tensor): State {
  const entries = Object.entries(state).map(([key, part]) => [
    key,
    part instanceof tf.Tensor ? replace(part) : mapTensors(part, replace),
  ]);
  return Object.fromEntries(entries) as State;
}

/** A tensor of a nested state and its keys from outermost to innermost. */
type Leaf = { readonly path: readonly string[]; readonly tensor: tf.Tensor };

/** A tensor of the plain data and the leaves of which it consists, concatenated along the last axis. */
type Entry = { readonly name: string; readonly parts: readonly Leaf[] };

/** Name and shape of a tensor. */
type Layout = Pick<CarriedTensor, "name" | "shape">;

function leavesOf(state: NestedState, parents: readonly string[] = []): readonly Leaf[] {
  return Object.entries(state).flatMap(([key, part]) => {
    const path = [...parents, key];
    return part instanceof tf.Tensor ? [{ path, tensor: part }] : leavesOf(part, path);
  });
}

/** Groups leaves that are not empty by their innermost key; those of a key that cannot be concatenated by their path. */
function entriesOf(leaves: readonly Leaf[]): readonly Entry[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    if (leaf.tensor.size === 0) continue;
    const key = leaf.path.at(-1) as string;
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups].flatMap(([name, parts]) => {
    const rows = new Set(parts.map(({ tensor }) => `${tensor.rank}: ${tensor.shape.slice(0, -1)}`));
    return rows.size === 1 ? [{ name, parts }] : parts.map((leaf) => ({ name: leaf.path.join("/"), parts: [leaf] }));
  });
}

/** Names and shapes of a network's state, without the batch dimension. */
function layoutOf(network: Network<NestedState>): readonly Layout[] {
  return tf.tidy(() =>
    entriesOf(leavesOf(network.initialState(1))).map(({ name, parts }) => ({
      name,
      shape: joinedShape(parts).slice(1),
    })),
  );
}

function joinedShape(parts: readonly Leaf[]): number[] {
  const width = parts.reduce((sum, { tensor }) => sum + (tensor.shape.at(-1) as number), 0);
  return [...parts[0].tensor.shape.slice(0, -1), width];
}

function concatColumns(parts: readonly Leaf[]): tf.Tensor {
  return tf.concat(
    parts.map(({ tensor }) => tensor),
    parts[0].tensor.rank - 1,
  );
}

/** Throws a RangeError unless the data are these tensors. */
function checkCarried(expected: readonly Layout[], carried: CarriedState): void {
  for (const { name } of carried)
    if (!expected.some((tensor) => tensor.name === name))
      throw new RangeError(`carriedState: expected ${expected.map((tensor) => tensor.name).join(", ")}, got ${name}`);
  for (const { name, shape } of expected) {
    const tensor = carried.find((each) => each.name === name);
    if (tensor === undefined) throw new RangeError(`carriedState: expected a tensor ${name}, got none`);
    const { values } = tensor;
    if (String(tensor.shape) === String(shape) && values.length === tf.util.sizeFromShape([...shape])) continue;
    const got = `[${tensor.shape.join(", ")}] with ${values.length} numbers`;
    throw new RangeError(`carriedState: expected ${name} of shape [${shape.join(", ")}], got ${got}`);
  }
}
