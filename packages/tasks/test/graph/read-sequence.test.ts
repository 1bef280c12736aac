/** Graphs and queries read from batches by the tasks, against those read by the tests. */
import { describe, expect, it } from "vitest";
import { createRandom, type GraphTask, graphInference, graphTraversal, UNDERGROUND } from "../../src/index.js";
import { readPhases } from "./read-graph.js";

const triples = (all: readonly { source?: number; edge?: number; destination?: number }[]) =>
  all.map(({ source, edge, destination }) => [source, edge, destination]);

describe.each<[string, GraphTask]>([
  ["traversal", graphTraversal({ batchSize: 3, maxPath: 4 })],
  ["traversal on the Underground", graphTraversal({ batchSize: 2, graph: "underground", minPath: 7, maxPath: 7 })],
  ["inference", graphInference({ batchSize: 3, maxNodes: 8, maxPath: 5, planningSteps: 2 })],
  ["inference without planning", graphInference({ batchSize: 3, planningSteps: 0 })],
  ["inference on the family tree", graphInference({ batchSize: 2, graph: "family", minPath: 4, maxPath: 4 })],
])("a sequence of %s", (_, task) => {
  const batch = task.sampleBatch(createRandom(6));

  it("has its edges, its answers, and walks that lead from start to end", () => {
    for (let sequence = 0; sequence < batch.batchSize; sequence++) {
      const { edges, queries } = task.readGraph(batch, { sequence });
      const phases = readPhases(batch, sequence);
      expect(triples(edges)).toEqual(phases[0]?.rows);
      const answers = phases.filter(({ isAnswer }) => isAnswer).map(({ rows }) => rows);
      expect(queries.map(({ answer }) => triples(answer.map(({ target }) => target)))).toEqual(answers);
      for (const { answer, walk } of queries) {
        const shown = new Set(edges.map((edge) => triples([edge]).join()));
        expect(walk.every((edge) => shown.has(triples([edge]).join()))).toBe(true);
        const ends = answer.map(({ target }) => target).filter(({ source }) => source > 0);
        expect(walk[0]?.source).toBe(ends[0]?.source);
        expect(walk.at(-1)?.destination).toBe(ends.at(-1)?.destination);
        walk.slice(1).forEach(({ source }, at) => {
          expect(source).toBe(walk[at]?.destination);
        });
        expect(answer.every((step) => !("output" in step))).toBe(true);
      }
    }
  });

  it("has the outputs that are given", () => {
    const output = batch.targets.slice();
    const first = [...batch.mask].indexOf(1);
    output.fill(0, 90 * first, 90 * first + 30);
    const { queries } = task.readGraph(batch, { output, sequence: first % batch.batchSize });
    const [changed, ...others] = queries.flatMap(({ answer }) => answer);
    expect(changed?.output).toEqual({ ...changed?.target, source: undefined });
    for (const { target, output: same } of others) expect(same).toEqual(target);
  });
});

describe("readGraph", () => {
  const task = graphTraversal({ batchSize: 2, graph: "underground" });
  const batch = task.sampleBatch(createRandom(1));

  it("names what it knows", () => {
    const { names } = task.readGraph(batch);
    expect([...(names?.nodes.values() ?? [])].sort()).toEqual([...UNDERGROUND.nodes].sort());
    expect([...(names?.labels.values() ?? [])].sort()).toEqual([...UNDERGROUND.labels].sort());
    const random = graphTraversal({ batchSize: 1 });
    expect(random.readGraph(random.sampleBatch(createRandom(1)))).not.toHaveProperty("names");
  });

  it.each<[object, string]>([
    [{ sequence: 2 }, "sequence: expected an integer from 0 to 1, got 2"],
    [{ output: new Float32Array(3) }, "output: expected"],
    [{ all: true }, 'unknown option key "all"'],
  ])("refuses %o", (options, message) => {
    expect(() => task.readGraph(batch, options)).toThrow(message);
  });
});
