/** Sizes of graphs and paths in a lesson; options of the task's function under their names. */
export type GraphLesson = {
  /** Number of nodes of the smallest graph. */
  readonly minNodes: number;
  /** Number of nodes of the largest graph. */
  readonly maxNodes: number;
  /** Number of edges that leave a node, at least. */
  readonly minDegree: number;
  /** Number of edges that leave a node, at most. */
  readonly maxDegree: number;
  /** Number of edges of the shortest path, or of the shortest relation. */
  readonly minPath: number;
  /** Number of edges of the longest path, or of the longest relation. */
  readonly maxPath: number;
};

type Range = readonly [min: number, max: number];

/**
 * The lessons of the graph tasks in the paper, the first of each first: `graphTraversal(GRAPH_LESSONS.traversal[2])` is the third of
 * traversal. A network goes on to the next when it is good enough on its lesson. Some lessons are printed twice, and are here too.
 *
 * Source: Graves et al. 2016, the tables of curricula for traversal, shortest path and inference.
 */
export const GRAPH_LESSONS: {
  /** Traversal: paths are random walks of these lengths. */
  readonly traversal: readonly GraphLesson[];
  /** Shortest path: lengths of the shortest path from start to goal. */
  readonly shortestPath: readonly GraphLesson[];
  /** Inference: lengths of relations. */
  readonly inference: readonly GraphLesson[];
} = {
  traversal: [
    lesson([3, 10], [2, 4], [1, 1]),
    lesson([3, 10], [2, 4], [1, 2]),
    lesson([5, 10], [2, 4], [1, 3]),
    lesson([5, 10], [2, 4], [1, 4]),
    lesson([10, 15], [2, 4], [1, 4]),
    lesson([10, 15], [2, 4], [1, 5]),
    lesson([10, 20], [2, 4], [1, 5]),
    lesson([10, 20], [2, 4], [1, 6]),
    lesson([10, 30], [2, 4], [1, 6]),
    lesson([10, 30], [2, 4], [1, 7]),
    lesson([10, 30], [2, 4], [1, 8]),
    lesson([10, 30], [2, 4], [1, 9]),
    lesson([10, 40], [2, 6], [1, 10]),
    lesson([10, 40], [2, 6], [1, 20]),
  ],
  shortestPath: [
    lesson([5, 10], [1, 2], [2, 2]),
    lesson([5, 20], [1, 2], [2, 2]),
    lesson([10, 20], [1, 2], [2, 2]),
    lesson([10, 20], [1, 2], [2, 3]),
    lesson([10, 20], [1, 3], [2, 3]),
    lesson([10, 20], [2, 3], [2, 3]),
    lesson([10, 20], [2, 3], [2, 4]),
    lesson([10, 20], [2, 4], [2, 4]),
    lesson([10, 25], [2, 4], [2, 4]),
    lesson([10, 25], [2, 4], [2, 5]),
    lesson([10, 25], [2, 4], [2, 5]),
    lesson([15, 25], [2, 4], [2, 5]),
    lesson([15, 25], [2, 5], [2, 5]),
    lesson([20, 25], [2, 5], [2, 5]),
    lesson([20, 25], [2, 6], [2, 5]),
  ],
  inference: [
    lesson([3, 3], [2, 2], [2, 2]),
    lesson([3, 5], [2, 2], [2, 2]),
    lesson([4, 6], [2, 4], [2, 2]),
    lesson([4, 6], [2, 4], [2, 2]),
    lesson([6, 12], [2, 4], [2, 2]),
    lesson([12, 18], [2, 4], [2, 2]),
    lesson([4, 6], [2, 4], [2, 3]),
    lesson([6, 12], [2, 4], [2, 3]),
    lesson([12, 18], [2, 4], [2, 3]),
    lesson([4, 6], [2, 4], [2, 4]),
    lesson([4, 6], [2, 4], [2, 4]),
    lesson([6, 12], [2, 4], [2, 4]),
    lesson([12, 18], [2, 4], [2, 4]),
    lesson([4, 6], [2, 4], [2, 5]),
    lesson([6, 12], [2, 4], [2, 5]),
    lesson([12, 18], [2, 4], [2, 5]),
    lesson([20, 25], [2, 4], [2, 5]),
  ],
};

function lesson([minNodes, maxNodes]: Range, [minDegree, maxDegree]: Range, [minPath, maxPath]: Range): GraphLesson {
  return { minNodes, maxNodes, minDegree, maxDegree, minPath, maxPath };
}
