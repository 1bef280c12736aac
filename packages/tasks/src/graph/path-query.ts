import type { Random } from "../random.js";
import { shuffled } from "../shuffled.js";
import { distancesTo } from "./distances.js";
import type { Triple } from "./random-graph.js";

/** A graph with a start and a goal that is reached from it. */
export type PathQuery = {
  /** The edges, in the order in which they are shown. */
  readonly graph: readonly Triple[];
  readonly start: number;
  readonly goal: number;
};

/** Tries to find a graph with a path of a length before the length is taken to be impossible. */
const TRIES = 1000;

/**
 * Samples graphs until one has two nodes at a distance, and picks two such nodes.
 *
 * @param sampleGraph - samples the edges of a graph.
 * @param length - the distance: number of edges on a shortest path.
 * @param tries - how many graphs, at most; default: any number.
 * @returns the query; undefined if no graph had such nodes.
 */
export function samplePathQuery(
  random: Random,
  sampleGraph: (random: Random) => readonly Triple[],
  length: number,
  tries = Number.POSITIVE_INFINITY,
): PathQuery | undefined {
  for (let count = 0; count < tries; count++) {
    const graph = shuffled(random, sampleGraph(random));
    const nodes = new Set(graph.flatMap(({ source, destination }) => [source, destination]));
    for (const goal of shuffled(random, [...nodes])) {
      const starts = [...distancesTo(graph, goal)].filter(([, distance]) => distance === length);
      if (starts.length === 0) continue;
      const [start] = starts[random.integer(0, starts.length - 1)] as readonly [number, number];
      return { graph, start, goal };
    }
  }
  return undefined;
}

/**
 * Checks that graphs have paths of every length in a range.
 *
 * @throws RangeError naming `maxPath` if one is not found.
 */
export function assertPathsExist(
  random: Random,
  sampleGraph: (random: Random) => readonly Triple[],
  { minPath, maxPath }: { readonly minPath: number; readonly maxPath: number },
): void {
  for (let length = minPath; length <= maxPath; length++)
    if (samplePathQuery(random, sampleGraph, length, TRIES) === undefined)
      throw new RangeError(
        `maxPath: expected lengths that occur in the graphs, got ${length}, which none of ${TRIES} has`,
      );
}
