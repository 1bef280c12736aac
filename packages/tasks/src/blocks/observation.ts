/** What the network sees of an episode in a time step. */
import { type BlockBoard, LETTERS, MAX_BLOCKS, SIZE } from "./board.js";
import { type BlockConstraint, RELATIONS } from "./constraints.js";

/** Channels of the parts of an observation, in their order. */
const FIRST = LETTERS;
const RELATION = FIRST + MAX_BLOCKS;
const SECOND = RELATION + RELATIONS.length;
const CUE = SECOND + MAX_BLOCKS;
const BOARD = CUE + 1;

/** Channels of an observation: letter, block, relation, block, go cue, and for each square of the board its block. */
export const INPUTS = BOARD + SIZE * SIZE * MAX_BLOCKS;

/** What is to be seen beyond the board. */
export type Signals = {
  /** A goal's letter. */
  readonly letter?: string | undefined;
  /** One of its constraints. */
  readonly constraint?: BlockConstraint | undefined;
  /** Whether it is time to move. */
  readonly cue?: boolean | undefined;
};

/**
 * Writes an observation into an array of zeros: a 1 for each thing that is there. The squares of the board come row by row, from the
 * bottom left.
 *
 * @param values - Where to write.
 * @param at - Index of the first channel.
 */
export function writeObservation(
  values: Float32Array,
  at: number,
  board: BlockBoard,
  { letter, constraint, cue = false }: Signals,
): void {
  if (letter !== undefined) values[at + letter.charCodeAt(0) - 65] = 1;
  if (constraint) {
    values[at + FIRST + constraint.block - 1] = 1;
    values[at + RELATION + RELATIONS.indexOf(constraint.relation)] = 1;
    values[at + SECOND + constraint.other - 1] = 1;
  }
  if (cue) values[at + CUE] = 1;
  board.forEach((column, x) => {
    column.forEach((block, row) => {
      values[at + BOARD + (row * SIZE + x) * MAX_BLOCKS + block - 1] = 1;
    });
  });
}

/** Names of the channels of an observation. */
export function observationLabels(): string[] {
  const blocks = Array.from({ length: MAX_BLOCKS }, (_, block) => block + 1);
  const squares = ["bottom", "middle", "top"].flatMap((row) => ["left", "centre", "right"].map((x) => `${row} ${x}`));
  return [
    ...Array.from({ length: LETTERS }, (_, letter) => `goal ${String.fromCharCode(65 + letter)}`),
    ...blocks.map((block) => `first block ${block}`),
    ...RELATIONS,
    ...blocks.map((block) => `second block ${block}`),
    "go",
    ...squares.flatMap((square) => blocks.map((block) => `${square}: ${block}`)),
  ];
}
