import { afterMove, type BlockBoard, MOVES, SIZE } from "./board.js";
import { commonFacts, type Facts, factsOf } from "./constraints.js";

/** All boards with blocks 1 to n, by index, and how moves connect them. */
export type Configurations = {
  /** The boards. */
  readonly boards: readonly BlockBoard[];
  /** `[boards, moves]`: index of the board after a move; -1 if the move is invalid. */
  readonly neighbours: Int16Array;
  /** `[boards]`: neighbours of each board, as bits; see `Facts`. */
  readonly above: Int32Array;
  /** `[boards]`: likewise. */
  readonly left: Int32Array;
  /** Returns the index of a board. */
  indexOf(board: BlockBoard): number;
};

const known = new Map<number, Configurations>();

/**
 * Lists all boards with some number of blocks: 60 with three, 7200 with six. They are computed once.
 *
 * @param blocks - From 1 to 6.
 */
export function configurations(blocks: number): Configurations {
  const found = known.get(blocks);
  if (found) return found;
  const computed = compute(blocks);
  known.set(blocks, computed);
  return computed;
}

/**
 * Counts the moves that lead from a board to others.
 *
 * @param space - All boards.
 * @param start - Index of the first one.
 * @param limit - The largest number of moves to look ahead.
 * @returns For each number of moves, from 0, the indices of the boards that need as many, and no fewer; it ends where there are none.
 */
export function boardsByDistance(
  { neighbours, boards }: Configurations,
  start: number,
  limit: number,
): readonly (readonly number[])[] {
  const seen = new Uint8Array(boards.length);
  seen[start] = 1;
  const levels = [[start]];
  for (let distance = 1; distance <= limit; distance++) {
    const next: number[] = [];
    for (const board of levels[distance - 1] as number[])
      for (let move = 0; move < MOVES.length; move++) {
        const other = neighbours[board * MOVES.length + move] as number;
        if (other < 0 || seen[other] === 1) continue;
        seen[other] = 1;
        next.push(other);
      }
    if (next.length === 0) break;
    levels.push(next);
  }
  return levels;
}

/** Returns the neighbours on a board that were none at the start. */
export function newFacts({ above, left }: Configurations, start: number, board: number): Facts {
  return {
    above: (above[board] as number) & ~(above[start] as number),
    left: (left[board] as number) & ~(left[start] as number),
  };
}

/** Counts them. */
export function countNewFacts(space: Configurations, start: number, board: number): number {
  const facts = newFacts(space, start, board);
  return commonFacts(facts, facts);
}

/** Whether all of these pairs are neighbours on a board. */
export function hasFacts({ above, left }: Configurations, board: number, facts: Facts): boolean {
  return (
    ((above[board] as number) & facts.above) === facts.above && ((left[board] as number) & facts.left) === facts.left
  );
}

/** Lists heights of columns that add up to a number of blocks. */
export function heights(blocks: number): readonly (readonly number[])[] {
  const counts = Array.from({ length: SIZE + 1 }, (_, height) => height);
  let found: readonly (readonly number[])[] = [[]];
  for (let column = 0; column < SIZE; column++)
    found = found.flatMap((before) => counts.map((height) => [...before, height]));
  return found.filter((each) => each.reduce((sum, height) => sum + height) === blocks);
}

/** Puts blocks on a board, the first ones into the left column. */
export function boardOf(blocks: readonly number[], columns: readonly number[]): BlockBoard {
  let at = 0;
  return columns.map((height) => {
    at += height;
    return blocks.slice(at - height, at);
  });
}

function compute(blocks: number): Configurations {
  const orders = permutations(Array.from({ length: blocks }, (_, block) => block + 1));
  const boards = heights(blocks).flatMap((columns) => orders.map((order) => boardOf(order, columns)));
  const indices = new Map(boards.map((board, index) => [keyOf(board), index]));
  const indexOf = (board: BlockBoard) => indices.get(keyOf(board)) as number;
  const after = (board: BlockBoard, move: (typeof MOVES)[number]) => {
    const moved = afterMove(board, move);
    return moved === undefined ? -1 : indexOf(moved);
  };
  const facts = boards.map(factsOf);
  return {
    boards,
    neighbours: Int16Array.from(boards.flatMap((board) => MOVES.map((move) => after(board, move)))),
    above: Int32Array.from(facts, ({ above }) => above),
    left: Int32Array.from(facts, ({ left }) => left),
    indexOf,
  };
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

function keyOf(board: BlockBoard): string {
  return board.map((column) => column.join("")).join("|");
}
