import { toFloat32 } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** Named values, nested to any depth. */
export type Nested<Leaf> = { readonly [key: string]: Leaf | Nested<Leaf> };

/** State of a cell: named tensors, `[batch, ...]`, nested to any depth. */
export type NestedState = { readonly [key: string]: tf.Tensor | NestedState };

/** Replaces each value and preserves the structure. */
export function mapNested<Leaf, Other>(nested: Nested<Leaf>, replace: (leaf: Leaf) => Other): Nested<Other> {
  const entries = Object.entries(nested).map(([key, part]) => [
    key,
    isNested(part) ? mapNested(part, replace) : replace(part),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Lists all values, depth first.
 *
 * @param order - an object of the same structure whose keys determine the order; default: `nested`.
 */
export function flattenNested<Leaf>(nested: Nested<Leaf>, order: Nested<unknown> = nested): Leaf[] {
  return Object.entries(order).flatMap(([key, part]) => {
    const found = nested[key];
    return isNested(part) && isNested(found) ? flattenNested(found, part) : [found as Leaf];
  });
}

/** Inverts `flattenNested`: returns the structure of `template` with these values, in the order of its keys. */
export function unflattenNested<Leaf>(template: Nested<unknown>, leaves: readonly Leaf[]): Nested<Leaf> {
  const rest = leaves[Symbol.iterator]();
  return mapNested(template, () => rest.next().value as Leaf);
}

/** Converts a state to float32; tensors that are float32 are returned unchanged. */
export function stateAsFloat32<State extends NestedState>(state: State): State {
  const entries = Object.entries(state).map(([key, part]) => [
    key,
    part instanceof tf.Tensor ? toFloat32(part) : stateAsFloat32(part),
  ]);
  return Object.fromEntries(entries);
}

function isNested<Leaf>(part: Leaf | Nested<Leaf>): part is Nested<Leaf> {
  return Object.getPrototypeOf(part) === Object.prototype;
}
