/** What can be asked of two neighbouring blocks, as objects and as bits. */
import type { BlockBoard } from "./board.js";

/** The relations, in the order of their input channels. */
export const RELATIONS = ["above", "below", "left of", "right of"] as const satisfies readonly BlockRelation[];

/** How a block lies to a neighbour: directly above or below it, or directly to its left or right in the same row. */
export type BlockRelation = "above" | "below" | "left of" | "right of";

/** A demand on the board: `block` lies in this relation to `other`. */
export type BlockConstraint = {
  /** Number of a block, 1 to 6. */
  readonly block: number;
  /** How it shall lie to the other one. */
  readonly relation: BlockRelation;
  /** Number of another block, 1 to 6. */
  readonly other: number;
};

/** Pairs of neighbours as bits: of each pair the block above with the one below it, and the left one with the right one. */
export type Facts = { readonly above: number; readonly left: number };

/** Ordered pairs of different blocks of six, which fit the bits of an integer. */
const PAIRS: readonly (readonly [number, number])[] = [1, 2, 3, 4, 5, 6].flatMap((a) =>
  [1, 2, 3, 4, 5, 6].filter((b) => b !== a).map((b) => [a, b] as const),
);

const BITS: readonly (readonly number[])[] = Array.from({ length: 7 }, (_, a) =>
  Array.from({ length: 7 }, (_, b) => {
    const at = PAIRS.findIndex(([first, second]) => first === a && second === b);
    return at < 0 ? 0 : 1 << at;
  }),
);

/** Finds all neighbours on a board. */
export function factsOf(board: BlockBoard): Facts {
  let above = 0;
  let left = 0;
  board.forEach((column, at) => {
    column.forEach((block, row) => {
      above |= bitOf(column[row + 1], block);
      left |= bitOf(block, board[at + 1]?.[row]);
    });
  });
  return { above, left };
}

/** The facts of a set of constraints: each is one, or the inverse of one. */
export function factsOfConstraints(constraints: readonly BlockConstraint[]): Facts {
  let above = 0;
  let left = 0;
  for (const { block, relation, other } of constraints) {
    if (relation === "above") above |= bitOf(block, other);
    else if (relation === "below") above |= bitOf(other, block);
    else if (relation === "left of") left |= bitOf(block, other);
    else left |= bitOf(other, block);
  }
  return { above, left };
}

/** Counts the facts that both sets have. */
export function commonFacts(a: Facts, b: Facts): number {
  return ones(a.above & b.above) + ones(a.left & b.left);
}

/** Lists facts as constraints, each in the direction of its bit. */
export function listFacts({ above, left }: Facts): readonly BlockConstraint[] {
  return [
    ...pairsOf(above).map(([block, other]) => ({ block, relation: "above", other }) as const),
    ...pairsOf(left).map(([block, other]) => ({ block, relation: "left of", other }) as const),
  ];
}

/** Says a constraint from the other block: 1 above 2 becomes 2 below 1. */
export function inverse({ block, relation, other }: BlockConstraint): BlockConstraint {
  const at = RELATIONS.indexOf(relation);
  return { block: other, relation: RELATIONS[at ^ 1] as BlockRelation, other: block };
}

function bitOf(a: number | undefined, b: number | undefined): number {
  return BITS[a ?? 0]?.[b ?? 0] ?? 0;
}

function pairsOf(bits: number): readonly (readonly [number, number])[] {
  return PAIRS.filter((_, at) => (bits >>> at) & 1);
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
