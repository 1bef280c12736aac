import { assertArray, assertInteger, assertKeys } from "../checks.js";
import type { SequenceRows } from "../question-task.js";
import { decodeTriple, TRIPLE } from "./encoding.js";
import { LABELS, type Triple } from "./random-graph.js";

/** What a sequence of graph traversal asks. */
export type TraversalQuestion = {
  /** The edges in the order in which they are shown, at least one. A label is unique at its source. */
  readonly edges: readonly Triple[];
  /** Edges of the graph, at least one, each from the node where the one before leads. */
  readonly path: readonly Triple[];
};

const PARTS = ["source", "edge", "destination"] as const;

/** Throws unless a question has a graph and a path on it. */
export function assertTraversal(question: TraversalQuestion): void {
  assertKeys("question", question, ["edges", "path"]);
  const { edges, path } = question;
  assertTriples("edges", edges);
  assertTriples("path", path);
  const destinations = new Map<string, number>();
  edges.forEach(({ source, edge, destination }, index) => {
    const key = `${source} ${edge}`;
    if (destinations.has(key))
      throw new RangeError(`edges[${index}]: expected a label once at its source, got ${edge} at ${source} again`);
    destinations.set(key, destination);
  });
  path.forEach((triple, index) => {
    const { source, edge, destination } = triple;
    if (destinations.get(`${source} ${edge}`) !== destination)
      throw new RangeError(`path[${index}]: expected an edge of the graph, got ${source} ${edge} ${destination}`);
    const before = path[index - 1];
    if (before && before.destination !== source)
      throw new RangeError(`path[${index}]: expected an edge from node ${before.destination}, got one from ${source}`);
  });
}

/** Reads a sequence: its first phase is the graph, and what counts is the path, which may be followed by an end marker. */
export function readTraversal({ inputs, targets, counts }: SequenceRows): TraversalQuestion {
  const query = inputs.findIndex((row, step) => step > 0 && row[TRIPLE] === 1);
  const triple = (row: readonly number[]) => decodeTriple(row, 0) as Triple;
  return {
    edges: inputs.slice(0, query).map(triple),
    path: targets
      .filter((_, step) => counts[step])
      .map(triple)
      .filter(({ source }) => source !== 0),
  };
}

function assertTriples(name: string, triples: readonly Triple[]): void {
  assertArray(name, triples);
  if (triples.length === 0) throw new RangeError(`${name}: expected at least one edge, got none`);
  triples.forEach((triple, index) => {
    assertKeys(`${name}[${index}]`, triple, PARTS);
    for (const part of PARTS) {
      const least = part === "edge" ? 0 : 1; // 000 is no node
      const expected = `an integer from ${least} to ${LABELS - 1}`;
      assertInteger(`${name}[${index}].${part}`, triple[part], least, LABELS - 1, expected);
    }
  });
}
