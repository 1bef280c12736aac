import { assertRange } from "../checks.js";
import { LETTERS, MAX_BLOCKS } from "./board.js";
import { boardOf, boardsByDistance, configurations, countNewFacts, heights } from "./configurations.js";

/** Ranges of the sizes of episodes of Mini-SHRDLU; each size is uniform in its range. */
export type BlockSizes = {
  /** Number of goals of an episode, at least, from 1 to 26. */
  readonly minGoals: number;
  /** Number of goals of an episode, at most 26. */
  readonly maxGoals: number;
  /** Number of blocks, at least, from 2 to 6. */
  readonly minBlocks: number;
  /** Number of blocks, at most 6. */
  readonly maxBlocks: number;
  /** Number of constraints of a goal, at least, from 1. */
  readonly minConstraints: number;
  /** Number of constraints of a goal, at most. */
  readonly maxConstraints: number;
  /** Number of moves to the board from which a goal's constraints are taken, at least, from 1. */
  readonly minDepth: number;
  /** Number of moves to that board, at most. */
  readonly maxDepth: number;
};

/**
 * The lessons of Mini-SHRDLU, from two goals of one constraint to ten goals of six; the last one is the task itself. Some are printed
 * twice, and are here too.
 *
 *     const task = miniShrdlu(MINI_SHRDLU_LESSONS[0]);
 *
 * In the paper a network goes on to the next when 85% of the constraints hold at the end of 160 episodes, and a tenth of its episodes are
 * of earlier lessons.
 *
 * Source: Graves et al. 2016, "Hybrid computing using a neural network with dynamic external memory", Extended Data Table 6.
 */
export const MINI_SHRDLU_LESSONS: readonly BlockSizes[] = [
  lesson([2, 2], [3, 3], [1, 1], [1, 1]),
  lesson([2, 3], [3, 4], [1, 2], [1, 1]),
  lesson([3, 3], [4, 4], [1, 2], [1, 2]),
  lesson([3, 4], [4, 5], [2, 2], [1, 2]),
  lesson([4, 4], [5, 5], [2, 2], [2, 2]),
  lesson([4, 5], [5, 6], [2, 3], [2, 2]),
  lesson([5, 5], [6, 6], [2, 3], [2, 3]),
  lesson([5, 6], [6, 6], [3, 3], [2, 3]),
  lesson([6, 6], [6, 6], [3, 3], [3, 3]),
  lesson([6, 7], [6, 6], [3, 4], [3, 3]),
  lesson([7, 7], [6, 6], [3, 4], [3, 4]),
  lesson([7, 8], [6, 6], [4, 4], [3, 4]),
  lesson([8, 8], [6, 6], [4, 4], [4, 4]),
  lesson([8, 9], [6, 6], [4, 5], [4, 4]),
  lesson([9, 9], [6, 6], [4, 5], [4, 5]),
  lesson([9, 10], [6, 6], [5, 5], [4, 5]),
  lesson([10, 10], [6, 6], [5, 5], [5, 5]),
  lesson([10, 10], [6, 6], [5, 6], [5, 5]),
  lesson([10, 10], [6, 6], [5, 6], [5, 6]),
  lesson([10, 10], [6, 6], [6, 6], [5, 6]),
  lesson([10, 10], [6, 6], [6, 6], [6, 6]),
  lesson([10, 10], [6, 6], [6, 6], [6, 6]),
  lesson([10, 10], [6, 6], [6, 6], [6, 7]),
  lesson([10, 10], [6, 6], [6, 6], [6, 7]),
  lesson([10, 10], [6, 6], [6, 6], [7, 7]),
  lesson([10, 10], [6, 6], [1, 6], [1, 7]),
];

function lesson(
  [minGoals, maxGoals]: Range,
  [minBlocks, maxBlocks]: Range,
  [minConstraints, maxConstraints]: Range,
  [minDepth, maxDepth]: Range,
): BlockSizes {
  return { minGoals, maxGoals, minBlocks, maxBlocks, minConstraints, maxConstraints, minDepth, maxDepth };
}

type Range = readonly [min: number, max: number];

/** No board of six blocks needs more moves from another. */
const MAX_DEPTH = 19;

/**
 * Checks ranges of sizes.
 *
 * @throws RangeError if one is empty or too large, or if no goal has a size in the ranges; TypeError if a value is no number.
 */
export function assertSizes(sizes: BlockSizes): void {
  const { minGoals, maxGoals, minBlocks, maxBlocks, minConstraints, maxConstraints, minDepth, maxDepth } = sizes;
  assertRange("minGoals", minGoals, "maxGoals", maxGoals);
  assertRange("minBlocks", minBlocks, "maxBlocks", maxBlocks);
  assertRange("minConstraints", minConstraints, "maxConstraints", maxConstraints);
  assertRange("minDepth", minDepth, "maxDepth", maxDepth);
  assertAtMost("maxGoals", maxGoals, LETTERS, `${LETTERS}, the number of letters`);
  assertAtMost("maxBlocks", maxBlocks, MAX_BLOCKS, `${MAX_BLOCKS}`);
  assertAtMost("maxDepth", maxDepth, MAX_DEPTH, `${MAX_DEPTH}`);
  if (minBlocks < 2) throw new RangeError(`minBlocks: expected at least 2, got ${minBlocks}`);
  for (let blocks = minBlocks; blocks <= maxBlocks; blocks++) {
    const most = mostConstraints(blocks, maxDepth).slice(minDepth);
    const missing = most.indexOf(0);
    if (missing >= 0)
      throw new RangeError(`maxDepth: expected less than ${minDepth + missing} with ${blocks} blocks, got ${maxDepth}`);
    const possible = Math.max(...most);
    const where = `${blocks} blocks and depth ${minDepth} to ${maxDepth}`;
    assertAtMost("maxConstraints", maxConstraints, possible, `${possible} with ${where}`);
  }
}

function assertAtMost(name: string, value: number, most: number, expected: string): void {
  if (value > most) throw new RangeError(`${name}: expected at most ${expected}, got ${value}`);
}

/**
 * Returns for each depth the largest number of new neighbours on a board that far from a start. The names of the blocks do not matter,
 * so one start for each choice of heights is enough.
 */
function mostConstraints(blocks: number, maxDepth: number): readonly number[] {
  const space = configurations(blocks);
  const order = Array.from({ length: blocks }, (_, block) => block + 1);
  const most = new Array<number>(maxDepth + 1).fill(0);
  for (const columns of heights(blocks)) {
    const start = space.indexOf(boardOf(order, columns));
    boardsByDistance(space, start, maxDepth).forEach((boards, depth) => {
      for (const board of boards) most[depth] = Math.max(most[depth] as number, countNewFacts(space, start, board));
    });
  }
  return most;
}
