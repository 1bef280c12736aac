/** Boards and episodes as text. */
import { type BlockBoard, MOVES, SIZE } from "./board.js";
import type { BlockConstraint } from "./constraints.js";
import type { BlockEpisode, BlockTurn } from "./play.js";

/** Boards in a line of text. */
const PER_LINE = 8;

/**
 * Writes a board as text: a line per row, the top one first, a dot for an empty square.
 *
 * @param board - Blocks of each column, from the bottom.
 * @returns Three lines.
 */
export function boardText(board: readonly (readonly number[])[]): string {
  return rowsOf(board).join("\n");
}

/** A board of an episode, with what led to it. */
export type CaptionedBoard = {
  /** Blocks of each column, from the bottom. */
  readonly board: BlockBoard;
  /** `start`; or the action, and how many of the chosen goal's constraints hold after it. */
  readonly caption: string;
};

/**
 * Lists the boards of an episode, for those who draw them: the start, and the board after each action. `2>3` moves a block from the
 * second column to the third, with `!` where that is invalid.
 *
 *     blockEpisodeBoards(episode); // [{ board: [[1, 2], [], [3]], caption: "start" }, { board: [[1], [2], [3]], caption: "1>2 1/2" }]
 *
 * @param episode - An episode, possibly before its end.
 * @returns One more than the actions so far.
 */
export function blockEpisodeBoards({ goals, chosen, start, turns }: BlockEpisode): readonly CaptionedBoard[] {
  const total = goals[chosen]?.constraints.length ?? 0;
  const captionOf = (turn: BlockTurn) => `${actionText(turn)} ${turn.satisfied}/${total}`;
  return [
    { board: start, caption: "start" },
    ...turns.map((turn) => ({ board: turn.board, caption: captionOf(turn) })),
  ];
}

/**
 * Writes the goals of an episode as text: a line for each, with its letter and constraints, and at the one to reach how many moves it needs.
 *
 *     blockEpisodeGoals(episode); // ["K: 1 left of 3", "Q: 2 above 1, 3 right of 1  <- go; 2 moves needed"]
 *
 * @param episode - An episode, possibly before its end.
 * @returns One line for each goal, in the order of presentation.
 */
export function blockEpisodeGoals({ goals, chosen }: BlockEpisode): readonly string[] {
  return goals.map(({ letter, constraints, moves }, index) => {
    const text = `${letter}: ${constraints.map(constraintText).join(", ")}`;
    return index === chosen ? `${text}  <- go; ${moves} ${moves === 1 ? "move" : "moves"} needed` : text;
  });
}

/**
 * Writes an episode as text: its goals, then its boards with their captions.
 *
 * @param episode - An episode, possibly before its end.
 * @returns Lines of text.
 */
export function episodeText(episode: BlockEpisode): string {
  const lines = [...blockEpisodeGoals(episode)];
  const boards = blockEpisodeBoards(episode).map(({ board, caption }) => ({ rows: rowsOf(board), caption }));
  for (let at = 0; at < boards.length; at += PER_LINE) {
    const shown = boards.slice(at, at + PER_LINE);
    const width = Math.max(...boards.map(({ caption }) => caption.length)) + 2;
    const line = (parts: readonly string[]) =>
      parts
        .map((part) => part.padEnd(width))
        .join("")
        .trimEnd();
    lines.push("", ...[0, 1, 2].map((row) => line(shown.map(({ rows }) => rows[row] as string))));
    lines.push(line(shown.map(({ caption }) => caption)));
  }
  return lines.join("\n");
}

function rowsOf(board: BlockBoard): readonly string[] {
  return Array.from({ length: SIZE }, (_, row) => board.map((column) => column[SIZE - 1 - row] ?? ".").join(" "));
}

function constraintText({ block, relation, other }: BlockConstraint): string {
  return `${block} ${relation} ${other}`;
}

function actionText({ action, invalid }: BlockTurn): string {
  const move = MOVES[action];
  return move ? `${move.from + 1}>${move.to + 1}${invalid ? "!" : ""}` : "pass";
}
