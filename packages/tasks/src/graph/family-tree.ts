import { type NamedGraph, namedGraph } from "./named-graph.js";

/** Mother, father (if he is in the tree), and their children; "son" and "daughter" say which label leads to each. */
const FAMILIES: readonly (readonly [mother: string, father: string | undefined, children: Children])[] = [
  ["Ada", "Ben", { daughter: "Cora", son: "Dov" }],
  ["Cora", "Eli", { daughter: "Fay", son: "Gus" }],
  ["Fay", "Hal", { daughter: "Ivy", son: "Jon" }],
  ["Kim", "Dov", { daughter: "Mia", son: "Leo" }],
  ["Ivy", "Ned", { daughter: "Oda", son: "Pip" }],
  ["Mia", "Uri", { daughter: "Sue", son: "Rob" }],
  ["Quy", "Gus", { daughter: "Tia" }],
  ["Tia", undefined, { son: "Vic" }],
];

type Children = { readonly daughter?: string; readonly son?: string };

/** Labels of a family tree; the index of each is its number in the inference task. */
const LABELS = ["Mother", "Father", "Son1", "Daughter1"];

/**
 * The family tree on which inference is tested: 22 people, 54 edges labelled Mother, Father, Son1 or Daughter1.
 *
 * Source: the test of Graves et al. 2016, Figure 3, has a family tree with 54 edges and such labels; its people are not in the
 * text, so these are made up.
 */
export const FAMILY_TREE: NamedGraph = withLabels(namedGraph(FAMILIES.flatMap(edgesOf)));

/**
 * Lists the relations of a length that occur in the family tree between two different people.
 *
 * @param length - Number of edges, at least 1.
 * @returns For each start and string of labels: indices in the tree.
 */
export function kinRelations(
  length: number,
): readonly { readonly start: number; readonly labels: readonly number[]; readonly end: number }[] {
  let walks = FAMILY_TREE.nodes.map((_, start) => ({ start, labels: [] as readonly number[], end: start }));
  for (let step = 0; step < length; step++)
    walks = walks.flatMap(({ start, labels, end }) =>
      FAMILY_TREE.edges
        .filter(([source]) => source === end)
        .map(([, label, destination]) => ({ start, labels: [...labels, label], end: destination })),
    );
  return walks.filter(({ start, end }) => start !== end);
}

function edgesOf([mother, father, { daughter, son }]: (typeof FAMILIES)[number]): [string, string, string][] {
  const parents = [["Mother", mother] as const, ...(father === undefined ? [] : [["Father", father] as const])];
  const children = [
    ...(daughter === undefined ? [] : [["Daughter1", daughter] as const]),
    ...(son === undefined ? [] : [["Son1", son] as const]),
  ];
  return children.flatMap(([toChild, child]) =>
    parents.flatMap(([toParent, parent]): [string, string, string][] => [
      [child, toParent, parent],
      [parent, toChild, child],
    ]),
  );
}

/** Puts the labels of a graph into the order of `LABELS`. */
function withLabels({ nodes, labels, edges }: NamedGraph): NamedGraph {
  const order = labels.map((label) => LABELS.indexOf(label));
  return { nodes, labels: LABELS, edges: edges.map(([from, label, to]) => [from, order[label] as number, to]) };
}
