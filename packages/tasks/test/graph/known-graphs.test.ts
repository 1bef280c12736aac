/** The graphs of the tests, counted again from their edges by name, and their names in sequences. */
import { describe, expect, it } from "vitest";
import { kinRelations } from "../../src/graph/family-tree.js";
import { namedGraph, withNumbers } from "../../src/graph/named-graph.js";
import { recoverNames } from "../../src/graph/recover-names.js";
import {
  createRandom,
  FAMILY_TREE,
  GRAPH_LESSONS,
  graphInference,
  graphTraversal,
  inferenceRelations,
  type NamedGraph,
  UNDERGROUND,
} from "../../src/index.js";
import { shuffled } from "../../src/shuffled.js";
import { edgesOf, type Labels, readPhases } from "./read-graph.js";

type Names = readonly (readonly [string, string, string])[];

const names = ({ nodes, labels, edges }: NamedGraph): Names =>
  edges.map(([from, label, to]) => [nodes[from] as string, labels[label] as string, nodes[to] as string]);
const [underground, family] = [names(UNDERGROUND), names(FAMILY_TREE)];

/** Walks labels by name. */
const walk = (edges: Names, start: string, labels: readonly string[]): string | undefined =>
  labels.reduce<string | undefined>(
    (at, label) => edges.find(([source, own]) => source === at && own === label)?.[2],
    start,
  );

describe("the Underground", () => {
  it("has 26 stations, 106 edges and 18 labels, each once at its station", () => {
    expect([UNDERGROUND.nodes.length, underground.length, UNDERGROUND.labels.length]).toEqual([26, 106, 18]);
    expect(new Set(underground.flatMap(([from, , to]) => [from, to])).size).toBe(26);
    expect(new Set(underground.map(([, label]) => label)).size).toBe(18);
    expect(new Set(underground.map(([from, label]) => `${from} ${label}`)).size).toBe(106);
  });

  it("has out-degrees from 1 to 6, 1 only at Earl's Court", () => {
    const degrees = UNDERGROUND.nodes.map((node) => underground.filter(([from]) => from === node).length);
    expect([Math.min(...degrees), Math.max(...degrees)]).toEqual([1, 6]);
    expect(UNDERGROUND.nodes.filter((_, at) => degrees[at] === 1)).toEqual(["Earl's Court"]);
  });

  it("has 92, 172, 196, 124, 50 and 16 pairs of stations by distance", () => {
    // Floyd and Warshall's shortest paths.
    const { nodes } = UNDERGROUND;
    const distance = nodes.map((from) =>
      nodes.map((to) => (from === to ? 0 : underground.some(([a, , b]) => a === from && b === to) ? 1 : Infinity)),
    );
    for (const [via] of nodes.entries())
      for (const [from] of nodes.entries())
        for (const [to] of nodes.entries()) {
          const row = distance[from] as number[];
          row[to] = Math.min(row[to] as number, (row[via] as number) + (distance[via]?.[to] as number));
        }
    const counts = [1, 2, 3, 4, 5, 6].map((steps) => distance.flat().filter((each) => each === steps).length);
    expect(counts).toEqual([92, 172, 196, 124, 50, 16]);
    expect(Math.max(...distance.flat())).toBe(6);
  });

  it("leads back by the other direction of each line", () => {
    for (const [from, label, to] of underground) {
      const back = underground.filter(([a, , b]) => a === to && b === from).map(([, own]) => own);
      const line = label.replace(/ \S+$/, "");
      expect(back.filter((own) => own.startsWith(line) && own !== label).length).toBeGreaterThan(0);
    }
    expect(walk(underground, "Victoria", ["Victoria N", "Victoria N", "Central E"])).toBe("Tottenham Ct Rd");
  });
});

describe("the family tree", () => {
  it("has 22 people and 54 edges of 4 labels, each once at its person", () => {
    expect([FAMILY_TREE.nodes.length, family.length]).toEqual([22, 54]);
    expect(FAMILY_TREE.labels).toEqual(["Mother", "Father", "Son1", "Daughter1"]);
    expect(new Set(family.map(([from, label]) => `${from} ${label}`)).size).toBe(54);
    const degrees = FAMILY_TREE.nodes.map((node) => family.filter(([from]) => from === node).length);
    expect([Math.min(...degrees), Math.max(...degrees)]).toEqual([1, 4]);
  });

  it("has 201 strings of 4 labels and 888 relations of 4 between different people", () => {
    // All strings from all people, walked by name.
    const { nodes, labels } = FAMILY_TREE;
    const strings = Array.from({ length: 256 }, (_, at) =>
      [64, 16, 4, 1].map((place) => labels[Math.floor(at / place) % 4] as string),
    );
    const found = nodes.flatMap((person) =>
      strings.flatMap((string) => {
        const end = walk(family, person, string);
        return end === undefined ? [] : [{ person, string: string.join(), end }];
      }),
    );
    const others = found.filter(({ person, end }) => person !== end);
    expect(new Set(found.map(({ string }) => string)).size).toBe(201);
    expect(others).toHaveLength(888);
    const listed = kinRelations(4).map(({ start, labels: own, end }) => ({
      ...{ person: nodes[start], string: own.map((label) => labels[label]).join(), end: nodes[end] },
    }));
    const key = (all: readonly object[]) => all.map((each) => JSON.stringify(each)).sort();
    expect(key(listed)).toEqual(key(others));
  });

  it("knows everybody's maternal great-uncle", () => {
    const uncle = (person: string) => walk(family, person, ["Mother", "Mother", "Mother", "Son1"]);
    const known = FAMILY_TREE.nodes.map((person) => [person, uncle(person)]).filter(([, found]) => found !== undefined);
    expect(Object.fromEntries(known)).toMatchObject({ Ivy: "Dov", Jon: "Dov", Oda: "Gus", Pip: "Gus" });
  });
});

describe.each([
  ["the Underground", UNDERGROUND],
  ["the family tree", FAMILY_TREE],
])("%s with numbers", (_, graph) => {
  it.each([1, 2, 3])("has other numbers for each seed, from which its names are recovered, seed %i", (seed) => {
    const random = createRandom(seed);
    const { triples, nodes } = withNumbers(random, graph);
    expect(new Set(nodes).size).toBe(graph.nodes.length);
    expect(triples.map(({ source }) => source)).toEqual(graph.edges.map(([source]) => nodes[source]));
    const recovered = recoverNames(graph, shuffled(random, triples));
    expect(nodes.map((node) => recovered?.nodes.get(node))).toEqual(graph.nodes);
    graph.edges.forEach(([, label], at) => {
      expect(recovered?.labels.get(triples[at]?.edge as number)).toBe(graph.labels[label]);
    });
    expect(recoverNames(graph, triples.slice(1))).toBeUndefined();
    const [first, second] = triples as [(typeof triples)[0], (typeof triples)[0]];
    expect(recoverNames(graph, [{ ...first, edge: second.edge, source: 7 }, ...triples.slice(1)])).toBeUndefined();
  });
});

it("names only what can be told apart", () => {
  const twins = namedGraph([
    ["a", "to", "b"],
    ["a", "and", "c"],
    ["d", "to", "a"],
  ]);
  const triples = [
    { source: 10, edge: 1, destination: 20 },
    { source: 10, edge: 2, destination: 30 },
    { source: 40, edge: 1, destination: 10 },
  ];
  expect([...(recoverNames(twins, triples)?.nodes ?? [])].sort()).toEqual([
    [10, "a"],
    [20, "b"],
    [30, "c"],
    [40, "d"],
  ]);
  const star = namedGraph([
    ["a", "to", "b"],
    ["a", "and", "c"],
  ]);
  const found = recoverNames(star, triples.slice(0, 2));
  expect([[...(found?.nodes ?? [])], [...(found?.labels ?? [])]]).toEqual([[[10, "a"]], []]);
});

describe("traversal on the Underground", () => {
  const task = graphTraversal({ graph: "underground", minPath: 7, maxPath: 7, batchSize: 4, minNodes: 3 });

  it.each([1, 2])("is a walk of 7 on the whole graph, seed %i", (seed) => {
    const batch = task.sampleBatch(createRandom(seed));
    expect(batch.timeSteps).toBe(106 + 7 + 8);
    expect(task.maxTimeSteps).toBe(106 + 7 + 8);
    for (let sequence = 0; sequence < 4; sequence++) {
      const phases = readPhases(batch, sequence);
      const [graph, query, answer] = phases.map(({ rows }) => rows) as [Labels[], Labels[], Labels[]];
      const edges = edgesOf(graph);
      expect(edges.size).toBe(106);
      let node = query[0]?.[0] as number;
      query.forEach(([, label], at) => {
        const next = edges.get(`${node} ${label}`) as number;
        expect(answer[at]).toEqual([node, label, next]);
        node = next;
      });
      expect(answer).toHaveLength(8);
    }
    expect(task.description).toBe("the Underground, paths of 7");
  });

  it("is rendered with names, and with numbers where something is none", () => {
    const batch = task.sampleBatch(createRandom(1));
    const output = batch.targets.slice();
    const first = [...batch.mask].indexOf(1);
    output.fill(0, 90 * first, 90 * (first + 1));
    output[90 * first + 9] = 1; // source 900, edge and destination missing
    const lines = task.render(batch, output).trim().split("\n");
    const shown = lines.slice(0, 106).map((line) => line.split(", "));
    expect(shown.map((each) => each.join()).sort()).toEqual(underground.map((each) => each.join()).sort());
    const answers = lines.slice(113, 120).map((line) => line.match(/target (.*) {2}output (.*?)( {2}wrong)?$/));
    const walked = answers.map((found) => (found?.[1] ?? "").split(", "));
    walked.slice(1).forEach(([from], at) => {
      expect(from).toBe(walked[at]?.[2]);
    });
    expect(answers[0]?.[2]).toMatch(/, ---, ---$/);
    expect(answers.map((found) => found?.[3])).toEqual(["  wrong", ...new Array(6).fill(undefined)]);
    expect(lines[120]).toBe("---, ---, ---  target 000, 000, 000  output 000, 000, 000");
  });

  it("refuses a graph that there is not", () => {
    expect(() => graphTraversal({ graph: "tube" } as object)).toThrow(
      'graph: expected one of random, underground, got "tube"',
    );
  });
});

describe("inference on the family tree", () => {
  const task = graphInference({ graph: "family", minPath: 4, maxPath: 4, batchSize: 50 });

  it("asks for kin, with fixed numbers for the four labels", () => {
    const batch = task.sampleBatch(createRandom(1));
    const asked = new Set<number>();
    for (let sequence = 0; sequence < 50; sequence++) {
      const phases = readPhases(batch, sequence);
      expect(new Set(phases[0]?.rows.map(([, label]) => label))).toEqual(new Set([0, 1, 2, 3]));
      expect(phases[0]?.rows).toHaveLength(54);
      for (const { rows } of phases.filter(({ isAnswer }) => isAnswer)) {
        const [[start, relation, end] = []] = rows;
        expect(end).not.toBe(start);
        asked.add(relation as number);
      }
    }
    expect(asked.size).toBeGreaterThan(35);
    for (const relation of asked) expect(inferenceRelations()[relation - 10]?.edges).toHaveLength(4);
  });

  it("is rendered with names of people and relations", () => {
    const batch = task.sampleBatch(createRandom(2), { batchSize: 1 });
    const lines = task.render(batch, batch.targets).trim().split("\n");
    expect(lines.slice(0, 54).sort()).toEqual(family.map((each) => each.join(", ")).sort());
    for (const at of [56, 59, 62]) {
      const [, person, relation, end] = lines[at]?.match(/^---, ---, --- {2}target (.*), (.*), (.*) {2}output /) ?? [];
      expect(walk(family, person as string, relation?.split(" ") as string[])).toBe(end);
    }
  });
});

it("has the paper's lessons: as many as its tables, each one that the tasks take", () => {
  const { traversal, shortestPath, inference } = GRAPH_LESSONS;
  expect([traversal.length, shortestPath.length, inference.length]).toEqual([14, 15, 17]);
  for (const lesson of traversal) graphTraversal(lesson).sampleBatch(createRandom(1), { batchSize: 1 });
  for (const lesson of inference) graphInference(lesson).sampleBatch(createRandom(1), { batchSize: 1 });
  expect(traversal[0]).toEqual({ minNodes: 3, maxNodes: 10, minDegree: 2, maxDegree: 4, minPath: 1, maxPath: 1 });
  expect(inference[16]).toEqual({ minNodes: 20, maxNodes: 25, minDegree: 2, maxDegree: 4, minPath: 2, maxPath: 5 });
  expect(shortestPath[14]).toEqual({ minNodes: 20, maxNodes: 25, minDegree: 2, maxDegree: 6, minPath: 2, maxPath: 5 });
});
