import type { Random } from "../random.js";
import { shuffled } from "../shuffled.js";

/** An edge of a graph, with the labels of its nodes: integers from 0 to 999. */
export type Triple = {
  /** Label of the node that the edge leaves. */
  readonly source: number;
  /** Label of the edge, or of a relation. */
  readonly edge: number;
  /** Label of the node where it leads. */
  readonly destination: number;
};

/** Sizes of random graphs. */
export type GraphSizes = {
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly minDegree: number;
  readonly maxDegree: number;
  /** Number of labels, from 0 on; default: 1000. */
  readonly labels?: number | undefined;
};

/** Number of labels: three decimal digits. */
export const LABELS = 1000;

/** Side of the square in which nodes lie: squares of distances are exact. */
const SIDE = 2 ** 24;

/**
 * Samples a random directed graph. The number of nodes and the out-degree of each are uniform in their ranges; nodes lie uniformly in a
 * square, and the edges of each go to its nearest neighbours. Labels of nodes are different integers from 1 to 999. As many integers as
 * there are nodes are drawn for the edges, and those that leave a node have different ones: a label is unique at its source only.
 *
 * Source: Graves et al. 2016, "Hybrid computing using a neural network with dynamic external memory", Methods, "Graph task
 * generation". There labels begin at 0, and nothing is said of repeated ones; here 000 is left for the end of an answer.
 *
 * @param random - source of every random decision; it advances.
 * @param sizes - ranges of nodes and out-degrees; a degree is at most the number of other nodes.
 * @param edgeLabels - labels of edges, as many as the largest out-degree; default: drawn as above.
 * @returns the edges, by source.
 */
export function sampleGraph(
  random: Random,
  { minNodes, maxNodes, minDegree, maxDegree, labels: numLabels }: GraphSizes,
  edgeLabels?: readonly number[],
): readonly Triple[] {
  const count = random.integer(minNodes, maxNodes);
  const points = Array.from({ length: count }, () => [random.integer(0, SIDE), random.integer(0, SIDE)] as const);
  const nodes = sampleLabels(random, count, numLabels);
  const edges = edgeLabels ?? sampleLabels(random, count, numLabels);
  return points.flatMap((point, at) => {
    const degree = Math.min(random.integer(minDegree, maxDegree), count - 1);
    const labels = shuffled(random, edges).slice(0, degree);
    const neighbours = nearest(points, point, at).slice(0, degree);
    return neighbours.map((to, index) => ({
      source: nodes[at] as number,
      edge: labels[index] as number,
      destination: nodes[to] as number,
    }));
  });
}

/** Samples different labels from 1 on; `numLabels`: how many there are, with 0; default: 1000. */
export function sampleLabels(random: Random, count: number, numLabels: number = LABELS): readonly number[] {
  const labels = new Set<number>();
  while (labels.size < count) labels.add(random.integer(1, numLabels - 1));
  return [...labels];
}

/** Lists the other nodes, the nearest first; of equally near ones the first. */
function nearest(
  points: readonly (readonly [number, number])[],
  [x, y]: readonly [number, number],
  own: number,
): readonly number[] {
  const distances = points.map(([otherX, otherY]) => (otherX - x) ** 2 + (otherY - y) ** 2);
  return points
    .map((_, index) => index)
    .filter((index) => index !== own)
    .sort((a, b) => (distances[a] as number) - (distances[b] as number) || a - b);
}

/** Groups the edges of a graph by the node that they leave. */
export function groupBySource(graph: readonly Triple[]): ReadonlyMap<number, readonly Triple[]> {
  const groups = new Map<number, Triple[]>();
  for (const triple of graph) groups.set(triple.source, [...(groups.get(triple.source) ?? []), triple]);
  return groups;
}
