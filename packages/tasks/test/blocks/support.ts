/** Mini-SHRDLU by its definition, written apart from the code it tests: boards are texts, neighbours come from coordinates. */
import {
  type BlockConstraint,
  type BlockEpisode,
  type BlockEpisodes,
  createRandom,
  type Random,
} from "../../src/index.js";

export type Columns = readonly (readonly number[])[];

/** The moves in the order of the network's outputs: from and to. */
export const MOVES = [
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 2],
  [2, 0],
  [2, 1],
] as const;

/** The board after a move; undefined if it is invalid. */
export function moved(board: Columns, action: number): Columns | undefined {
  if (action === 6) return board;
  const [from, to] = MOVES[action] as readonly [number, number];
  const columns = board.map((column) => [...column]);
  const block = columns[from]?.pop();
  if (block === undefined || columns[to]?.length === 3) return undefined;
  columns[to]?.push(block);
  return columns;
}

/** Whether a constraint holds, by the blocks' coordinates. */
export function holds(board: Columns, { block, relation, other }: BlockConstraint): boolean {
  const place = (wanted: number) =>
    board.flatMap((column, x) => column.flatMap((each, y) => (each === wanted ? [{ x, y }] : [])))[0];
  const [a, b] = [place(block), place(other)];
  if (!a || !b) return false;
  const [dx, dy] = { above: [0, 1], below: [0, -1], "left of": [-1, 0], "right of": [1, 0] }[relation] as [
    number,
    number,
  ];
  return a.x - b.x === dx && a.y - b.y === dy;
}

/** The numbers of moves from a board to all others, by relaxation over a queue of texts. */
export function distancesFrom(start: Columns): ReadonlyMap<string, number> {
  const distances = new Map([[JSON.stringify(start), 0]]);
  const queue = [start];
  for (const board of queue) {
    const distance = distances.get(JSON.stringify(board)) as number;
    for (let action = 0; action < 6; action++) {
      const next = moved(board, action);
      if (!next || distances.has(JSON.stringify(next))) continue;
      distances.set(JSON.stringify(next), distance + 1);
      queue.push(next);
    }
  }
  return distances;
}

/**
 * Finds the smallest number of moves after which constraints hold, by iterative deepening, and the first action of such a way.
 *
 * @returns undefined if more than `limit` moves are needed.
 */
export function search(
  start: Columns,
  constraints: readonly BlockConstraint[],
  limit: number,
): { readonly moves: number; readonly action: number } | undefined {
  const reaches = (board: Columns, left: number): boolean => {
    if (constraints.every((constraint) => holds(board, constraint))) return true;
    if (left === 0) return false;
    return MOVES.some((_, action) => {
      const next = moved(board, action);
      return next !== undefined && reaches(next, left - 1);
    });
  };
  for (let moves = 0; moves <= limit; moves++) {
    if (!reaches(start, moves)) continue;
    if (moves === 0) return { moves, action: 6 };
    const action = MOVES.findIndex((_, first) => {
      const next = moved(start, first);
      return next !== undefined && reaches(next, moves - 1);
    });
    return { moves, action };
  }
  return undefined;
}

/** Plays episodes to their end: a player returns the seven outputs for each. */
export function playAll(episodes: BlockEpisodes, player: (episode: BlockEpisode) => readonly number[]): void {
  for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs()) {
    const outputs = new Float32Array(next.timeSteps * episodes.batchSize * 7);
    const last = (next.timeSteps - 1) * episodes.batchSize;
    episodes.episodes().forEach((episode, index) => {
      outputs.set(player(episode), (last + index) * 7);
    });
    episodes.respond(outputs);
  }
}

/** The outputs of a network that is sure of an action. */
export function sureOf(action: number): readonly number[] {
  return Array.from({ length: 7 }, (_, index) => (index === action ? 100 : 0));
}

/** Draws an integer from 0 to `count` - 1. */
export function drawer(seed: number): (count: number) => number {
  const random: Random = createRandom(seed);
  return (count) => random.integer(0, count - 1);
}
