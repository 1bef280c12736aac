import { describe, expect, it } from "vitest";
import { graphInference, graphStepLabels, graphTraversal, repeatCopy } from "../../src/index.js";
import { createRandom } from "../../src/random.js";

describe("the labels of time steps", () => {
  it.each([
    ["traversal", graphTraversal({ maxPath: 3 })],
    ["traversal on the Underground", graphTraversal({ graph: "underground", minPath: 2, maxPath: 4 })],
    ["inference", graphInference()],
  ])("are the edges that are shown, and what is to be answered: %s", (_name, task) => {
    const batch = task.sampleBatch(createRandom(5), { batchSize: 3 });
    for (let sequence = 0; sequence < 3; sequence++) {
      const labels = graphStepLabels(task.readGraph(batch, { sequence }), batch, sequence);
      expect(labels).toHaveLength(batch.timeSteps);
      // The text of a sequence has a line per step that is not empty.
      const alone = { ...batch, batchSize: 1, timeSteps: batch.timeSteps };
      const pick = (values: Float32Array, size: number) =>
        Float32Array.from({ length: batch.timeSteps * size }, (_, at) => {
          return values[(Math.floor(at / size) * 3 + sequence) * size + (at % size)] as number;
        });
      const text = task.render({
        ...{ timeSteps: alone.timeSteps, batchSize: 1, inputs: pick(batch.inputs, 92) },
        ...{ targets: pick(batch.targets, 90), mask: pick(batch.mask, 1) },
      });
      const lines = text.trim().split("\n");
      const complete = lines.flatMap((line) => /target (.*)$/.exec(line)?.[1] ?? (line.includes("-") ? [] : [line]));
      expect(labels.filter((label) => label !== "")).toEqual(complete);
    }
  });

  it("refuse a batch of another task, and a sequence that is not there", () => {
    const task = graphTraversal();
    const batch = task.sampleBatch(createRandom(1), { batchSize: 1 });
    const graph = task.readGraph(batch);
    expect(() => graphStepLabels(graph, batch, 1)).toThrow("sequence: expected an integer from 0 to 0, got 1");
    const other = repeatCopy().sampleBatch(createRandom(1), { batchSize: 1 });
    expect(() => graphStepLabels(graph, other)).toThrow(/expected/);
  });
});
