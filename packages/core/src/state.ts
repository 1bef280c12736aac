import type * as tf from "@tensorflow/tfjs-core";

/** Values under names at any depth, mirroring how a core is composed. */
export type Nested<Leaf> = { readonly [key: string]: Leaf | Nested<Leaf> };

/** A state of any depth: tensors, `[batch, ...]`, under names. */
export type NestedState = Nested<tf.Tensor>;

/** The same structure with each value replaced. */
export function mapNested<Leaf, Other>(nested: Nested<Leaf>, replace: (leaf: Leaf) => Other): Nested<Other> {
  const entries = Object.entries(nested).map(([key, part]) => [
    key,
    isNested(part) ? mapNested(part, replace) : replace(part),
  ]);
  return Object.fromEntries(entries);
}

/** All values, in the order of the keys, depth first. */
export function flattenNested<Leaf>(nested: Nested<Leaf>): Leaf[] {
  return Object.values(nested).flatMap((part) => (isNested(part) ? flattenNested(part) : [part]));
}

/** The inverse of `flattenNested`: the structure of `template` with these values. */
export function unflattenNested<Leaf>(template: Nested<unknown>, leaves: readonly Leaf[]): Nested<Leaf> {
  const rest = leaves[Symbol.iterator]();
  return mapNested(template, () => rest.next().value as Leaf);
}

function isNested<Leaf>(part: Leaf | Nested<Leaf>): part is Nested<Leaf> {
  return Object.getPrototypeOf(part) === Object.prototype;
}
