/** The board of Mini-SHRDLU and what can be done to it. */

/** Columns of the board, and blocks that fit in each. */
export const SIZE = 3;

/** The largest number of blocks. */
export const MAX_BLOCKS = 6;

/** Letters that name goals. */
export const LETTERS = 26;

/** Blocks on the board: for each column, from the left, the numbers of its blocks from the bottom. */
export type BlockBoard = readonly (readonly number[])[];

/** A move of the top block of one column onto another column; columns are counted from 0, from the left. */
export type Move = { readonly from: number; readonly to: number };

/** The moves, in the order of the network's outputs. */
export const MOVES: readonly Move[] = columns().flatMap((from) =>
  columns()
    .filter((to) => to !== from)
    .map((to) => ({ from, to })),
);

/** The action that moves nothing, after all moves. */
export const PASS = MOVES.length;

/** Number of actions. */
export const ACTIONS = PASS + 1;

/**
 * Carries out a move.
 *
 * @returns The new board; undefined if the move is invalid, because nothing can be taken or nothing can be put.
 */
export function afterMove(board: BlockBoard, { from, to }: Move): BlockBoard | undefined {
  const source = board[from] as readonly number[];
  const target = board[to] as readonly number[];
  if (source.length === 0 || target.length === SIZE) return undefined;
  return board.map((column, at) => {
    if (at === from) return column.slice(0, -1);
    return at === to ? [...column, source[source.length - 1] as number] : column;
  });
}

function columns(): readonly number[] {
  return Array.from({ length: SIZE }, (_, column) => column);
}
