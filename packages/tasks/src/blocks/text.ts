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

/**
 * Writes an episode as text: its goals, then the board before and after each action, with the action and the number of
 * constraints that hold. `2>3` moves a block from the second column to the third, with `!` where that is invalid.
 *
 * @param episode - An episode, possibly before its end.
 * @returns Lines of text.
 */
export function episodeText({ goals, chosen, start, turns }: BlockEpisode): string {
  const lines = goals.map(({ letter, constraints, moves }, index) => {
    const text = `${letter}: ${constraints.map(constraintText).join(", ")}`;
    return index === chosen ? `${text}  <- go; ${moves} ${moves === 1 ? "move" : "moves"} needed` : text;
  });
  const total = goals[chosen]?.constraints.length ?? 0;
  const boards = [
    { rows: rowsOf(start), caption: "start" },
    ...turns.map((turn) => ({ rows: rowsOf(turn.board), caption: `${actionText(turn)} ${turn.satisfied}/${total}` })),
  ];
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
