import type { Random } from "../random.js";
import { sampleLabels, type Triple } from "./random-graph.js";

/** A graph whose nodes and labels have names. */
export type NamedGraph = {
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  /** Names of the labels of edges. */
  readonly labels: readonly string[];
  /** The edges: indices of source, label and destination. A label is unique at its source. */
  readonly edges: readonly (readonly [source: number, label: number, destination: number])[];
};

/**
 * Creates a graph from the names of its edges; nodes and labels are in the order in which they appear.
 *
 * @param edges - names of source, label and destination.
 */
export function namedGraph(edges: readonly (readonly [string, string, string])[]): NamedGraph {
  const nodes = [...new Set(edges.flatMap(([source, , destination]) => [source, destination]))];
  const labels = [...new Set(edges.map(([, label]) => label))];
  return {
    nodes,
    labels,
    edges: edges.map(
      ([source, label, destination]) =>
        [nodes.indexOf(source), labels.indexOf(label), nodes.indexOf(destination)] as const,
    ),
  };
}

/**
 * Gives a graph's nodes different random numbers from 1 to 999, and its labels too.
 *
 * @param random - source of the numbers; it advances.
 * @param labels - numbers of the labels; default: drawn.
 * @returns the edges, in the graph's order, and the numbers of nodes.
 */
export function withNumbers(
  random: Random,
  graph: NamedGraph,
  labels?: readonly number[],
): { readonly triples: readonly Triple[]; readonly nodes: readonly number[] } {
  const nodes = sampleLabels(random, graph.nodes.length);
  const edges = labels ?? sampleLabels(random, graph.labels.length);
  const triples = graph.edges.map(([source, label, destination]) => ({
    source: nodes[source] as number,
    edge: edges[label] as number,
    destination: nodes[destination] as number,
  }));
  return { triples, nodes };
}
