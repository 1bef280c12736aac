import { afterMove, type BlockBoard, MOVES, type Move } from "./board.js";
import { commonFacts, type Facts, factsOf, factsOfConstraints } from "./constraints.js";
import { type BlockProblem, chosenGoal } from "./goals.js";

/** Moves of an episode beyond those that its goal needs. */
export const SPARE_MOVES = 6;

/** Amounts that are subtracted from rewards. */
export type Penalties = {
  /** For an invalid move. */
  readonly invalidPenalty: number;
  /** For a move after which a goal that was reached is reached no more. */
  readonly undoPenalty: number;
};

/** What came of one action. */
export type BlockTurn = {
  /** Index of the action: a move, or none. */
  readonly action: number;
  /** Whether it was a move that the board does not allow. */
  readonly invalid: boolean;
  /** The board afterwards. */
  readonly board: BlockBoard;
  /** Number of the goal's constraints that hold afterwards. */
  readonly satisfied: number;
  /** That number, less the penalties. */
  readonly reward: number;
};

/** An episode of Mini-SHRDLU, as far as it has come. */
export type BlockEpisode = BlockProblem & {
  /** Number of moves after which it ends. */
  readonly length: number;
  /** The moves so far. */
  readonly turns: readonly BlockTurn[];
};

/** Returns the number of actions of an episode. */
function lengthOf(problem: BlockProblem): number {
  return chosenGoal(problem).moves + SPARE_MOVES;
}

/** Carries out actions on a board, with rewards. */
export class BlockPlay {
  readonly problem: BlockProblem;
  readonly turns: BlockTurn[] = [];
  readonly #penalties: Penalties;
  readonly #facts: Facts;
  readonly #count: number;

  constructor(problem: BlockProblem, penalties: Penalties) {
    const { constraints } = chosenGoal(problem);
    this.problem = problem;
    this.#penalties = penalties;
    this.#facts = factsOfConstraints(constraints);
    this.#count = constraints.length;
  }

  /** The board as it is now. */
  get board(): BlockBoard {
    return this.turns.at(-1)?.board ?? this.problem.start;
  }

  /** Number of the goal's constraints that hold. */
  get satisfied(): number {
    return commonFacts(factsOf(this.board), this.#facts);
  }

  /** The fraction of them. */
  get satisfiedFraction(): number {
    return this.satisfied / this.#count;
  }

  /** Whether the last action has been carried out. */
  get hasEnded(): boolean {
    return this.turns.length === lengthOf(this.problem);
  }

  /** Number of moves after which the goal was reached for the first time; undefined if it never was. */
  get movesToGoal(): number | undefined {
    const at = this.turns.findIndex(({ satisfied }) => satisfied === this.#count);
    return at < 0 ? undefined : at + 1;
  }

  /** Carries out an action; an invalid move leaves the board as it is. */
  act(action: number): void {
    const before = this.board;
    const wasReached = this.satisfied === this.#count;
    const move: Move | undefined = MOVES[action];
    const moved = move === undefined ? before : afterMove(before, move);
    const board = moved ?? before;
    const satisfied = commonFacts(factsOf(board), this.#facts);
    const invalid = moved === undefined;
    const undone = wasReached && satisfied < this.#count;
    const { invalidPenalty, undoPenalty } = this.#penalties;
    const reward = satisfied - (invalid ? invalidPenalty : 0) - (undone ? undoPenalty : 0);
    this.turns.push({ action, invalid, board, satisfied, reward });
  }

  /** The episode so far as plain data. */
  episode(): BlockEpisode {
    return { ...this.problem, length: lengthOf(this.problem), turns: [...this.turns] };
  }
}
