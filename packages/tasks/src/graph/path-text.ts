/** A walk from start to goal as text for people. */
import { tripleText } from "./encoding.js";
import type { PathEpisode } from "./path-episode.js";
import type { PathPresentation } from "./path-presentation.js";

/**
 * Renders an episode: a line for each edge, the query, the planning steps, and each move with what the network preferred where that is not the
 * edge taken, or wrong; then how it ended.
 *
 * @param planningSteps - their number.
 */
export function pathText(
  episode: PathEpisode,
  planningSteps: number,
  { digits, naming }: Pick<PathPresentation, "digits" | "naming">,
): string {
  const { query, moves, shortest, isAtGoal, isOver } = episode;
  const names = naming?.(query.graph);
  const text = (triple: Parameters<typeof tripleText>[0]) => tripleText(triple, names, digits);
  const planning = planningSteps === 0 ? [] : [`${text({})}  ${planningSteps} ${plural("step", planningSteps)}`];
  const lines = moves.map(({ taken, preferred, isRight }) => {
    const other = preferred === taken ? "" : `  output ${text(preferred)}`;
    return `${text(taken)}  move${other}${isRight ? "" : "  wrong"}`;
  });
  const made = `${moves.length} ${plural("move", moves.length)}, the shortest path has ${shortest}`;
  const end = isOver ? [isAtGoal ? `goal after ${made}` : `goal not reached in ${made}`] : [];
  return [
    ...query.graph.map(text),
    `${text({ source: query.start, destination: query.goal })}  query`,
    ...planning,
    ...lines,
    ...end,
  ].join("\n");
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}
