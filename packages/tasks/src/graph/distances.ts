import { groupBySource, type Triple } from "./random-graph.js";

/** A graph as it is searched: the edges that leave each node. */
export type Edges = ReadonlyMap<number, readonly Triple[]>;

/** Finds the number of edges on a shortest path from each node to a goal, by breadth-first search along reversed edges. */
export function distancesTo(graph: readonly Triple[], goal: number): ReadonlyMap<number, number> {
  const reversed = groupBySource(
    graph.map(({ source, edge, destination }) => ({ source: destination, edge, destination: source })),
  );
  const distances = new Map([[goal, 0]]);
  // A Map iterates over what is added meanwhile: it is the queue as well.
  for (const [node, distance] of distances)
    for (const { destination } of reversed.get(node) ?? [])
      if (!distances.has(destination)) distances.set(destination, distance + 1);
  return distances;
}

/** Whether an edge is the first of a shortest path from its source to the goal. */
export function isShortest(distances: ReadonlyMap<number, number>, { source, destination }: Triple): boolean {
  return distances.get(destination) === (distances.get(source) ?? Number.NaN) - 1;
}

/**
 * Computes the probability that random edges, each uniform among those that leave the node, are a shortest path to the goal.
 *
 * @param distances - of each node to the goal, which `start` reaches.
 */
export function randomSuccess(edges: Edges, distances: ReadonlyMap<number, number>, start: number): number {
  if (distances.get(start) === 0) return 1;
  const own = edges.get(start) as readonly Triple[];
  const shortest = own.filter((edge) => isShortest(distances, edge));
  return shortest.reduce((sum, { destination }) => sum + randomSuccess(edges, distances, destination), 0) / own.length;
}
