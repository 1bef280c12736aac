/** Graph traversal against its definition: the graph is read back from the inputs, and the answer is walked on it. */
import { describe, expect, it } from "vitest";
import { sampleGraph } from "../../src/graph/random-graph.js";
import { type Batch, createRandom, exactMatch, type GraphTraversalConfig, graphTraversal } from "../../src/index.js";
import { edgesOf, type Labels, readPhases } from "./read-graph.js";

/** Reads a sequence of a batch: graph, query and answer. */
function read(batch: Batch, sequence: number) {
  const phases = readPhases(batch, sequence);
  expect(phases.map(({ isAnswer }) => isAnswer)).toEqual([false, false, true]);
  const [graph, query, answer] = phases.map(({ rows }) => rows) as [Labels[], Labels[], Labels[]];
  return { graph, query, answer };
}

describe.each<[string, GraphTraversalConfig]>([
  ["the first lesson", {}],
  ["long paths", { minNodes: 10, maxNodes: 40, maxDegree: 6, maxPath: 20 }],
  ["one size", { minNodes: 5, maxNodes: 5, minDegree: 3, maxDegree: 3, minPath: 4, maxPath: 4, endMarker: false }],
  ["two nodes", { minNodes: 2, maxNodes: 2, maxPath: 3, lengths: true }],
])("graph traversal, %s", (_, config) => {
  const task = graphTraversal({ ...config, batchSize: 7 });

  it.each([1, 2, 3])("asks for a walk on the graph that it shows, seed %i", (seed) => {
    const batch = task.sampleBatch(createRandom(seed));
    for (let sequence = 0; sequence < 7; sequence++) {
      const { graph, query, answer } = read(batch, sequence);
      const path = config.endMarker === false ? answer : answer.slice(0, -1);
      if (config.endMarker !== false) expect(answer.at(-1)).toEqual([0, 0, 0]);
      const edgeAt = edgesOf(graph);
      let node = query[0]?.[0];
      expect(query.slice(1).every(([source]) => source === undefined)).toBe(true);
      expect(query.every(([, , destination]) => destination === undefined)).toBe(true);
      const walked = query.map(([, edge]) => {
        const to = edgeAt.get(`${node} ${edge}`);
        expect(to).toBeDefined();
        const triple = [node, edge, to];
        node = to;
        return triple;
      });
      expect(path).toEqual(walked);
      const { minPath = 1, maxPath = 1, minNodes = 3, maxNodes = 10, minDegree = 2, maxDegree = 4 } = config;
      expect([path.length >= minPath, path.length <= maxPath]).toEqual([true, true]);
      const nodes = new Set(graph.map(([source]) => source)); // an edge leaves every node
      expect(graph.every(([, , destination]) => nodes.has(destination))).toBe(true);
      expect(graph.every(([source, , destination]) => source !== destination)).toBe(true);
      expect([nodes.size >= minNodes, nodes.size <= maxNodes, nodes.has(0)]).toEqual([true, true, false]);
      for (const own of nodes) {
        const degree = graph.filter(([source]) => source === own).length;
        expect(degree).toBeGreaterThanOrEqual(Math.min(minDegree, nodes.size - 1));
        expect(degree).toBeLessThanOrEqual(Math.min(maxDegree, nodes.size - 1));
        const reached = graph.filter(([source]) => source === own).map(([, , destination]) => destination);
        expect(new Set(reached).size).toBe(degree);
      }
    }
    expect(batch.timeSteps).toBeLessThanOrEqual(task.maxTimeSteps);
  });

  it("draws the same for the same seed, and the targets match themselves", () => {
    const [once, again] = [1, 1].map((seed) => task.sampleBatch(createRandom(seed)));
    expect(once).toEqual(again);
    expect([...exactMatch((once as Batch).targets, once as Batch, task)]).toEqual(new Array(7).fill(1));
  });
});

describe("a random graph", () => {
  it("has nodes, degrees, labels and orders that are spread evenly", () => {
    const random = createRandom(5);
    const sizes = { minNodes: 3, maxNodes: 10, minDegree: 2, maxDegree: 4 };
    const graphs = Array.from({ length: 4000 }, () => sampleGraph(random, sizes));
    const nodes = graphs.map((graph) => new Set(graph.map(({ source }) => source)).size);
    for (let count = 3; count <= 10; count++)
      expect(Math.abs(nodes.filter((each) => each === count).length / 500 - 1)).toBeLessThan(0.2);
    const labels = graphs.flatMap((graph) => graph.map(({ edge }) => edge));
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    expect(Math.abs(mean - 500)).toBeLessThan(5);
    expect([Math.min(...labels.slice(0, 1e5)), Math.max(...labels.slice(0, 1e5))]).toEqual([1, 999]);
  });
});

describe("graphTraversal", () => {
  it("renders a line per time step", () => {
    const task = graphTraversal({ minNodes: 2, maxNodes: 2, batchSize: 2 });
    const batch = task.sampleBatch(createRandom(1));
    const lines = task.render(batch, batch.targets).trim().split("\n");
    expect(lines.slice(0, 2).every((line) => /^\d{3} \d{3} \d{3}$/.test(line))).toBe(true);
    expect(lines[2]).toMatch(/^\d{3} \d{3} ---$/);
    expect(lines[3]).toMatch(/^--- --- --- {2}target (\d{3} \d{3} \d{3}) {2}output \1$/);
    expect(lines[4]).toBe("--- --- ---  target 000 000 000  output 000 000 000");
    const wrong = task.render(batch, new Float32Array(batch.targets.length), { wholeBatch: true });
    expect(wrong.match(/output --- --- --- {2}wrong/g)).toHaveLength(4);
  });

  it.each<[object, string]>([
    [{ minNodes: 1 }, "minNodes: expected an integer from 2 to 999, got 1"],
    [{ maxNodes: 1000 }, "maxNodes: expected an integer from 2 to 999, got 1000"],
    [{ minNodes: 11 }, "minNodes: expected at most maxNodes (10), got 11"],
    [{ minDegree: 5 }, "minDegree: expected at most maxDegree (4), got 5"],
    [{ minPath: 2 }, "minPath: expected at most maxPath (1), got 2"],
    [{ minPath: 0 }, "minPath: expected a positive integer, got 0"],
    [{ loss: "sigmoid" }, "config"],
  ])("refuses %o", (config, message) => {
    expect(() => graphTraversal(config)).toThrow(message);
  });
});
