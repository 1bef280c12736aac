import { toFloat32 } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";

/** Values under names at any depth, mirroring how a core is composed. */
export type Nested<Leaf> = { readonly [key: string]: Leaf | Nested<Leaf> };

/** A state of any depth: tensors, `[batch, ...]`, under names. */
export type NestedState = { readonly [key: string]: tf.Tensor | NestedState };

/** Replaces each value and keeps the structure. */
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
 * @param order - has the same structure; its keys decide the order. Default: `nested` itself.
 */
export function flattenNested<Leaf>(nested: Nested<Leaf>, order: Nested<unknown> = nested): Leaf[] {
  return Object.entries(order).flatMap(([key, part]) => {
    const found = nested[key];
    return isNested(part) && isNested(found) ? flattenNested(found, part) : [found as Leaf];
  });
}

/** The inverse of `flattenNested`: the structure of `template` with these values, in the order of its keys. */
export function unflattenNested<Leaf>(template: Nested<unknown>, leaves: readonly Leaf[]): Nested<Leaf> {
  const rest = leaves[Symbol.iterator]();
  return mapNested(template, () => rest.next().value as Leaf);
}

/** Converts a state to float32; tensors of float32 are returned as they are. */
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
