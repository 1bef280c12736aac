import type { Random } from "../random.js";
import { shuffled } from "../shuffled.js";
import { type BlockBoard, LETTERS, SIZE } from "./board.js";
import {
  boardsByDistance,
  type Configurations,
  configurations,
  countNewFacts,
  hasFacts,
  newFacts,
} from "./configurations.js";
import { type BlockConstraint, factsOfConstraints, inverse, listFacts } from "./constraints.js";
import type { BlockSizes } from "./lessons.js";

/** A goal of an episode. */
export type BlockGoal = {
  /** Its name, `A` to `Z`. */
  readonly letter: string;
  /** What has to hold, in the order in which it is presented; nothing of it holds at the start. */
  readonly constraints: readonly BlockConstraint[];
  /** Number of moves from the start to the board from which the constraints were taken. */
  readonly depth: number;
  /** The smallest number of moves after which all constraints hold, at most `depth`. */
  readonly moves: number;
};

/** What an episode begins with. */
export type BlockProblem = {
  /** Number of blocks. */
  readonly blocks: number;
  /** The board before the first move. */
  readonly start: BlockBoard;
  /** The goals, in the order of presentation; their letters are different. */
  readonly goals: readonly BlockGoal[];
  /** Index of the goal to reach. */
  readonly chosen: number;
};

/** Returns the goal to reach. */
export function chosenGoal({ goals, chosen }: BlockProblem): BlockGoal {
  return goals[chosen] as BlockGoal;
}

/** A start with the boards around it. */
type Surroundings = {
  readonly space: Configurations;
  readonly start: number;
  /** Boards by their distance from the start. */
  readonly levels: readonly (readonly number[])[];
};

/** Number of constraints and depth of a goal. */
type GoalSize = { readonly constraints: number; readonly depth: number };

/**
 * Samples what an episode begins with.
 *
 * The start: blocks in random order, each on top of a random column that is not full. A goal: a board at some distance from the start with
 * enough neighbours that were none at the start, and some of these neighbours as constraints, each said from either block. Of the
 * sizes that the start allows each has the same probability; a start that allows none is replaced.
 *
 * @param random - Source of every random decision; it advances.
 * @param sizes - Ranges of the sizes.
 */
export function sampleProblem(random: Random, sizes: BlockSizes): BlockProblem {
  const blocks = random.integer(sizes.minBlocks, sizes.maxBlocks);
  const count = random.integer(sizes.minGoals, sizes.maxGoals);
  const space = configurations(blocks);
  for (;;) {
    const board = sampleStart(random, blocks);
    const start = space.indexOf(board);
    const surroundings = { space, start, levels: boardsByDistance(space, start, sizes.maxDepth) };
    const possible = possibleSizes(surroundings, sizes);
    if (possible.length === 0) continue;
    const goals = sampleLetters(random, count).map((letter) => ({
      letter,
      ...sampleGoal(random, surroundings, pick(random, possible)),
    }));
    return { blocks, start: board, goals, chosen: random.integer(0, count - 1) };
  }
}

/** Puts blocks in random order on random columns that are not full. */
function sampleStart(random: Random, blocks: number): BlockBoard {
  const board: number[][] = Array.from({ length: SIZE }, () => []);
  for (const block of shuffled(random, numbers(1, blocks)))
    pick(
      random,
      board.filter(({ length }) => length < SIZE),
    ).push(block);
  return board;
}

/** Lists the sizes of goals in the ranges for which there is a board. */
function possibleSizes({ space, start, levels }: Surroundings, sizes: BlockSizes): readonly GoalSize[] {
  const { minConstraints, maxConstraints, minDepth, maxDepth } = sizes;
  return numbers(minDepth, maxDepth).flatMap((depth) => {
    let most = 0;
    for (const board of levels[depth] ?? []) most = Math.max(most, countNewFacts(space, start, board));
    return numbers(minConstraints, Math.min(most, maxConstraints)).map((constraints) => ({ constraints, depth }));
  });
}

function sampleGoal(
  random: Random,
  { space, start, levels }: Surroundings,
  { constraints: count, depth }: GoalSize,
): Omit<BlockGoal, "letter"> {
  const boards = levels[depth] as readonly number[];
  const fitting = boards.filter((board) => countNewFacts(space, start, board) >= count);
  const candidates = listFacts(newFacts(space, start, pick(random, fitting)));
  const constraints = shuffled(random, candidates)
    .slice(0, count)
    .map((constraint) => (random.integer(0, 1) === 0 ? constraint : inverse(constraint)));
  const facts = factsOfConstraints(constraints);
  const moves = levels.findIndex((level) => level.some((board) => hasFacts(space, board, facts)));
  return { constraints, depth, moves };
}

/** Samples different letters. */
function sampleLetters(random: Random, count: number): readonly string[] {
  const letters = numbers(0, LETTERS - 1).map((letter) => String.fromCharCode(65 + letter));
  return shuffled(random, letters).slice(0, count);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.integer(0, items.length - 1)] as Item;
}

/** Lists the integers from `min` to `max`. */
function numbers(min: number, max: number): readonly number[] {
  return Array.from({ length: Math.max(0, max - min + 1) }, (_, at) => min + at);
}
