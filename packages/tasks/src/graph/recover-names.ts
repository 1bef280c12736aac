import type { NamedGraph } from "./named-graph.js";
import type { Triple } from "./random-graph.js";

/** Names of the numbers in a sequence. */
export type GraphNames = {
  /** Names of nodes, by number. */
  readonly nodes: ReadonlyMap<number, string>;
  /** Names of the labels of edges, by number. */
  readonly labels: ReadonlyMap<number, string>;
};

/** An edge of which source, label and destination are numbers of any kind. */
type Edge = readonly [source: number, label: number, destination: number];

/** Classes of nodes and labels that nothing has told apart so far. */
type Classes = { readonly nodes: ReadonlyMap<number, number>; readonly labels: ReadonlyMap<number, number> };

/**
 * Finds out which number stands for which node and label of a known graph, from the edges alone: nodes and labels are told apart by
 * the edges that they have, then by those of their neighbours, and so on, until nothing more can be told apart.
 *
 * Source: colour refinement (Weisfeiler and Leman 1968), with colours of labels as well.
 *
 * @param graph - the graph with names.
 * @param triples - its edges with numbers, in any order.
 * @returns the names of those that can be told from all others; undefined if it is another graph.
 */
export function recoverNames(graph: NamedGraph, triples: readonly Triple[]): GraphNames | undefined {
  const seen = new Map<string, number>();
  const given = triples.map(({ source, edge, destination }): Edge => [source, edge, destination]);
  let [known, found] = [firstClasses(graph.edges), firstClasses(given)];
  for (let count = 0, before = -1; count !== before; ) {
    before = count;
    [known, found] = [refined(graph.edges, known, seen), refined(given, found, seen)];
    if (histogram(known) !== histogram(found)) return undefined;
    count = new Set([...known.nodes.values(), ...known.labels.values()]).size;
  }
  return {
    nodes: matched(graph.nodes, known.nodes, found.nodes),
    labels: matched(graph.labels, known.labels, found.labels),
  };
}

/** Puts all nodes into one class, and all labels. */
function firstClasses(edges: readonly Edge[]): Classes {
  return {
    nodes: new Map(edges.flatMap(([source, , destination]) => [source, destination]).map((node) => [node, 0])),
    labels: new Map(edges.map(([, label]) => [label, 0])),
  };
}

/** Splits classes by the classes at the edges of each node and label. */
function refined(edges: readonly Edge[], { nodes, labels }: Classes, seen: Map<string, number>): Classes {
  const nodeParts = new Map([...nodes].map(([node, own]) => [node, [`node ${own}`]]));
  const labelParts = new Map([...labels].map(([label, own]) => [label, [`label ${own}`]]));
  for (const [source, label, destination] of edges) {
    const [from, by, to] = [nodes.get(source), labels.get(label), nodes.get(destination)];
    nodeParts.get(source)?.push(`to ${by} ${to}`);
    nodeParts.get(destination)?.push(`from ${by} ${from}`);
    labelParts.get(label)?.push(`${from} ${to}`);
  }
  const classOf = ([own, ...parts]: readonly string[]) => {
    const key = [own, ...parts.sort()].join();
    if (!seen.has(key)) seen.set(key, seen.size + 1);
    return seen.get(key) as number;
  };
  const classes = (all: ReadonlyMap<number, readonly string[]>) =>
    new Map([...all].map(([item, parts]) => [item, classOf(parts)]));
  return { nodes: classes(nodeParts), labels: classes(labelParts) };
}

function histogram({ nodes, labels }: Classes): string {
  return [...nodes.values(), ...labels.values()].sort((a, b) => a - b).join();
}

/** Gives names to the numbers whose class has one member. */
function matched(
  names: readonly string[],
  known: ReadonlyMap<number, number>,
  found: ReadonlyMap<number, number>,
): ReadonlyMap<number, string> {
  const numbers = [...known];
  const alone = (own: number) => numbers.filter(([, other]) => other === own).length === 1;
  return new Map(
    [...found].flatMap(([number, own]): [number, string][] => {
      const index = numbers.find(([, other]) => other === own)?.[0];
      return index !== undefined && alone(own) ? [[number, names[index] as string]] : [];
    }),
  );
}
