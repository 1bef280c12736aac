import { assertInteger, assertPositiveInteger } from "../checks.js";
import { type GraphSizes, LABELS } from "./random-graph.js";

/** Sizes of random graphs, and of paths on them. */
export type PathSizes = GraphSizes & { readonly minPath: number; readonly maxPath: number };

/** Sizes of random graphs and paths, as options of a task; each task has its own defaults. */
export type GraphSizesConfig = {
  /** Number of nodes of the smallest graph. */
  readonly minNodes?: number | undefined;
  /** Number of nodes of the largest graph, at most 999. */
  readonly maxNodes?: number | undefined;
  /** Number of edges that leave a node, at least; no more than there are other nodes. */
  readonly minDegree?: number | undefined;
  /** Number of edges that leave a node, at most. */
  readonly maxDegree?: number | undefined;
  /** Number of edges of the shortest path. */
  readonly minPath?: number | undefined;
  /** Number of edges of the longest path. */
  readonly maxPath?: number | undefined;
};

/**
 * Checks sizes of graphs and paths.
 *
 * @param sizes - what was given, with defaults.
 * @param least - fewest nodes and edges that leave a node; default: 2 nodes, 1 edge.
 * @throws RangeError if a size is out of range, or the least of a range exceeds its greatest; TypeError if one is no number.
 */
export function assertPathSizes(sizes: PathSizes, { nodes = 2, degree = 1 } = {}): void {
  for (const name of ["minNodes", "maxNodes"] as const)
    assertInteger(name, sizes[name], nodes, LABELS - 1, `an integer from ${nodes} to ${LABELS - 1}`);
  for (const name of ["minDegree", "maxDegree", "minPath", "maxPath"] as const)
    assertPositiveInteger(name, sizes[name]);
  if (sizes.minDegree < degree)
    throw new RangeError(`minDegree: expected an integer of at least ${degree}, got ${sizes.minDegree}`);
  for (const [low, high] of [
    ["minNodes", "maxNodes"],
    ["minDegree", "maxDegree"],
    ["minPath", "maxPath"],
  ] as const)
    if (sizes[low] > sizes[high])
      throw new RangeError(`${low}: expected at most ${high} (${sizes[high]}), got ${sizes[low]}`);
}

/** Formats a range of sizes: `1-2`, or `1`. */
export function rangeText(min: number, max: number): string {
  return min === max ? `${max}` : `${min}-${max}`;
}

/** Number of edges of the largest graph. */
export function maxEdges({ maxNodes, maxDegree }: GraphSizes): number {
  return maxNodes * Math.min(maxDegree, maxNodes - 1);
}
