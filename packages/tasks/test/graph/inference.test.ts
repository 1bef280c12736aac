/** Inference against its definition: graph and queries are read back from the channels, and relations are walked. */
import { describe, expect, it } from "vitest";
import { plantQueries } from "../../src/graph/planted-queries.js";
import { sampleGraph } from "../../src/graph/random-graph.js";
import {
  createRandom,
  exactMatch,
  FAMILY_TREE,
  type GraphInferenceConfig,
  graphInference,
  inferenceRelations,
} from "../../src/index.js";
import { edgesOf, type Labels, readPhases } from "./read-graph.js";

const edgesByLabel = new Map(inferenceRelations().map(({ label, edges }) => [label, edges]));

/** Splits the phases after the graph into queries: row, planning rows, answer. */
function queriesOf(phases: ReturnType<typeof readPhases>, planningSteps: number) {
  const size = planningSteps === 0 ? 2 : 3;
  return Array.from({ length: (phases.length - 1) / size }, (_, at) => {
    const own = phases.slice(1 + at * size, 1 + (at + 1) * size);
    const planning = size === 3 ? (own[1]?.rows as readonly Labels[]) : [];
    return { query: own[0]?.rows as readonly Labels[], planning, answer: own.at(-1)?.rows as readonly Labels[] };
  });
}

describe.each<[string, GraphInferenceConfig]>([
  ["the first lesson", {}],
  ["the last lesson", { minNodes: 20, maxNodes: 25, maxDegree: 4, maxPath: 5 }],
  ["long relations in small graphs", { minNodes: 4, maxNodes: 6, maxDegree: 4, minPath: 5, maxPath: 5 }],
  ["long relations in the smallest graph", { minPath: 5, maxPath: 5, batchSize: 2 }],
  ["ten relations", { relations: 10, maxNodes: 5, planningSteps: 5, lengths: true }],
  ["no planning, many queries", { planningSteps: 0, queries: 7, maxNodes: 8, maxDegree: 10 }],
  ["the family tree", { graph: "family", minPath: 4, maxPath: 4 }],
])("inference, %s", (_, config) => {
  const { batchSize = 5, queries = 3, planningSteps = 10, minPath = 2, maxPath = 2, relations = 100 } = config;
  const task = graphInference({ ...config, batchSize });

  it.each([1, 2, 3])("asks for the end of a relation on the graph that it shows, seed %i", (seed) => {
    const batch = task.sampleBatch(createRandom(seed));
    for (let sequence = 0; sequence < batchSize; sequence++) {
      const phases = readPhases(batch, sequence);
      const graph = phases[0]?.rows as readonly Labels[];
      const edges = edgesOf(graph);
      const asked = queriesOf(phases, planningSteps);
      expect(asked).toHaveLength(queries);
      for (const { query, planning, answer } of asked) {
        const [[start, relation, none] = []] = query;
        expect([query.length, none, planning.length, answer.length]).toEqual([1, undefined, planningSteps, 1]);
        expect(planning.flat().every((label) => label === undefined)).toBe(true);
        expect(((relation as number) - 10) % 100).toBeLessThan(relations);
        const labels = edgesByLabel.get(relation as number) as readonly number[];
        expect([labels.length >= minPath, labels.length <= maxPath]).toEqual([true, true]);
        const end = labels.reduce<number | undefined>((node, label) => edges.get(`${node} ${label}`), start);
        expect(answer[0]).toEqual([start, relation, end]);
      }
    }
    expect(batch.timeSteps).toBeLessThanOrEqual(task.maxTimeSteps);
  });

  it("draws the same for the same seed, and the targets match themselves", () => {
    const [once, again] = [1, 1].map((seed) => task.sampleBatch(createRandom(seed)));
    expect(once).toEqual(again);
    expect([...exactMatch((once as { targets: Float32Array }).targets, once as never, task)]).toEqual(
      new Array(batchSize).fill(1),
    );
  });
});

describe("the graphs of inference", () => {
  it("have the sizes that were asked for, with edge labels from 0 to 9", () => {
    const task = graphInference({ minNodes: 4, maxNodes: 6, maxDegree: 4, batchSize: 200 });
    const batch = task.sampleBatch(createRandom(4));
    const counts = new Map<number, number>();
    const labels = new Array<number>(10).fill(0);
    for (let sequence = 0; sequence < 200; sequence++) {
      const graph = readPhases(batch, sequence)[0]?.rows as readonly Labels[];
      const nodes = new Set(graph.map(([source]) => source));
      counts.set(nodes.size, (counts.get(nodes.size) ?? 0) + 1);
      for (const node of nodes) {
        const own = graph.filter(([source]) => source === node);
        expect([own.length >= 2, own.length <= Math.min(4, nodes.size - 1)]).toEqual([true, true]);
        expect(new Set(own.map(([, , destination]) => destination)).size).toBe(own.length);
      }
      for (const [, edge] of graph) labels[edge as number] = (labels[edge as number] as number) + 1;
    }
    expect([...counts.keys()].sort()).toEqual([4, 5, 6]);
    const total = labels.reduce((sum, count) => sum + count, 0);
    for (const count of labels) expect(Math.abs(count / total - 0.1)).toBeLessThan(0.02);
  });

  it("ask for relations of all lengths about equally often where there is room", () => {
    const task = graphInference({ minNodes: 12, maxNodes: 18, maxDegree: 4, maxPath: 5, batchSize: 400 });
    const batch = task.sampleBatch(createRandom(5));
    const counts = [0, 0, 0, 0];
    for (let sequence = 0; sequence < 400; sequence++)
      for (const { query } of queriesOf(readPhases(batch, sequence), 10)) {
        const length = Math.floor(((query[0]?.[1] as number) - 10) / 100);
        counts[length] = (counts[length] as number) + 1;
      }
    for (const count of counts) expect(Math.abs(count / 300 - 1)).toBeLessThan(0.2);
  });

  it("keep labels different at each node, and change no other edge than a walk needs", () => {
    const relations = inferenceRelations();
    let count = 0;
    for (let seed = 0; seed < 50; seed++) {
      const random = createRandom(seed);
      const before = sampleGraph(random, { minNodes: 5, maxNodes: 9, minDegree: 2, maxDegree: 4 }, [0, 1, 2, 3, 4, 5]);
      const planted = plantQueries(random, before, relations, 3);
      if (!planted) continue; // nothing fits in some small graphs
      count++;
      const { graph } = planted;
      expect(new Set(graph.map(({ source, edge }) => `${source} ${edge}`)).size).toBe(graph.length);
      const ends = (edges: typeof graph) => edges.map(({ source, destination }) => [source, destination]);
      expect(ends(graph)).toEqual(ends(before));
      const walked = planted.queries.reduce((sum, { edge }) => sum + (edgesByLabel.get(edge)?.length as number), 0);
      expect(graph.filter(({ edge }, at) => edge !== before[at]?.edge).length).toBeLessThanOrEqual(walked);
    }
    expect(count).toBeGreaterThan(40);
  });

  it("are given up when nothing fits", () => {
    const circle = [1, 2].map((source) => ({ source, edge: 0, destination: 3 - source }));
    const queries = [{ label: 10, edges: [5, 6, 7] }];
    expect(plantQueries(createRandom(1), circle, queries, 1)).toBeUndefined();
  });
});

describe("the relations", () => {
  it("are 400, 100 different ones of each length from 2 to 5, with labels from 10 to 409", () => {
    const relations = inferenceRelations();
    expect(relations.map(({ label }) => label)).toEqual(Array.from({ length: 400 }, (_, at) => 10 + at));
    expect(relations.map(({ edges }) => edges.length)).toEqual(
      Array.from({ length: 400 }, (_, at) => 2 + Math.floor(at / 100)),
    );
    expect(new Set(relations.map(({ edges }) => edges.join())).size).toBe(400);
    expect(
      relations.every(({ edges }) => edges.every((edge) => Number.isInteger(edge) && edge >= 0 && edge <= 9)),
    ).toBe(true);
    expect(inferenceRelations()).toBe(relations);
  });

  it("stay as they are: a trained network knows them", () => {
    const first = [10, 11, 110, 111, 210, 211, 310, 311].map((label) => edgesByLabel.get(label)?.join(""));
    expect(first).toMatchInlineSnapshot(`
      [
        "05",
        "64",
        "013",
        "674",
        "0002",
        "4976",
        "18418",
        "94914",
      ]
    `);
  });

  it("have the great-uncle and 49 other strings of the family tree among those of length 4", () => {
    const ends = (person: number, [label, ...rest]: readonly number[]): number | undefined => {
      if (label === undefined) return person;
      const edge = FAMILY_TREE.edges.find(([source, own]) => source === person && own === label);
      return edge && ends(edge[2], rest);
    };
    const isKin = (edges: readonly number[]) =>
      FAMILY_TREE.nodes.some((_, person) => ![undefined, person].includes(ends(person, edges)));
    const fours = inferenceRelations().slice(200, 300);
    expect(fours[0]?.edges.map((edge) => FAMILY_TREE.labels[edge])).toEqual(["Mother", "Mother", "Mother", "Son1"]);
    expect(fours.filter(({ edges }, at) => at % 2 === 0 && isKin(edges))).toHaveLength(50);
    expect(fours.filter(({ edges }, at) => at % 2 === 1 && isKin(edges)).length).toBeLessThan(10);
  });
});

describe("graphInference", () => {
  it("renders a line per time step, empty ones together", () => {
    const task = graphInference({ batchSize: 1 });
    const batch = task.sampleBatch(createRandom(1));
    const lines = task.render(batch, batch.targets).trim().split("\n");
    expect(lines).toHaveLength(6 + 3 * 3);
    expect(lines.slice(0, 6).every((line) => /^\d{3} 00\d \d{3}$/.test(line))).toBe(true);
    expect(lines[6]).toMatch(/^\d{3} [01]\d\d ---$/);
    expect(lines[7]).toBe("--- --- ---  10 steps");
    expect(lines[8]).toMatch(/^--- --- --- {2}target (\d{3} [01]\d\d \d{3}) {2}output \1$/);
  });

  it("names its phases and says what it is", () => {
    const task = graphInference({ batchSize: 1, queries: 2, planningSteps: 2, relations: 10, maxNodes: 5, maxPath: 3 });
    expect(task.description).toBe("3-5 nodes, 2 of 20 relations of 2-3");
    const { inputs, mask, timeSteps } = task.sampleBatch(createRandom(3));
    const rows = Array.from({ length: timeSteps }, (_, step) => [...inputs.subarray(92 * step, 92 * (step + 1))]);
    const phases = task.phases({ inputs: rows, counts: [...mask].map((value) => value === 1) });
    const query = ["query", "planning", "planning", "answer"];
    expect(phases.slice(-9)).toEqual(["graph", ...query, ...query]);
    expect(graphInference({ graph: "family", maxPath: 4 }).description).toBe(
      "the family tree, 3 of 300 relations of 2-4",
    );
  });

  it.each<[object, string]>([
    [{ minNodes: 2 }, "minNodes: expected an integer from 3 to 999, got 2"],
    [{ minDegree: 1 }, "minDegree: expected an integer of at least 2, got 1"],
    [{ maxDegree: 11 }, "maxDegree: expected an integer from 2 to 10, the number of labels, got 11"],
    [{ minPath: 1 }, "minPath: expected an integer from 2 to 5, got 1"],
    [{ maxPath: 6 }, "maxPath: expected an integer from 2 to 5, got 6"],
    [{ relations: 101 }, "relations: expected an integer from 1 to 100, got 101"],
    [{ relations: 0 }, "relations: expected an integer from 1 to 100, got 0"],
    [{ queries: 0 }, "queries: expected a positive integer, got 0"],
    [{ planningSteps: -1 }, "planningSteps: expected an integer of at least 0, got -1"],
    [{ graph: "tree" }, 'graph: expected one of random, family, got "tree"'],
    [{ graph: "family", minPath: 5, maxPath: 5, relations: 1 }, "relations: expected some that the family tree has"],
    [{ loss: "sigmoid" }, "config"],
  ])("refuses %o", (config, message) => {
    expect(() => graphInference(config)).toThrow(message);
  });
});
