/** How outputs of a trace are read, found out from the numbers of networks with each kind of loss. */
import { loadNetwork } from "@dnc/checkpoint/network";
import type { PretrainedName } from "@dnc/pretrained";
import { readPretrained } from "@dnc/pretrained/node";
import { graphTraversal, repeatCopy, type Task } from "@dnc/tasks";
import "@tensorflow/tfjs-backend-cpu";
import { describe, expect, it } from "vitest";
import { correctness } from "../../src/page/trace/errors.js";
import { SequenceTrace } from "../../src/page/trace/trace.js";
import { readingOf } from "../../src/page/worker/reading-of.js";
import { traceView } from "../../src/page/worker/trace-view.js";

const traced = async (name: PretrainedName, task: Task, seed: number) => {
  const network = await loadNetwork(await readPretrained(name));
  const view = await traceView(network, task, seed);
  network.dispose();
  return view;
};

describe("outputs of a trace without its task", () => {
  const graphs = graphTraversal({ minNodes: 3, maxNodes: 6, minPath: 1, maxPath: 1, endMarker: true });

  it.each([1, 2, 3])("are the digits of a graph: seed %i", async (seed) => {
    const view = await traced("graph-traversal", graphs, seed);
    const found = readingOf(view.trace.quantities);
    expect(found).toEqual({ reading: "symbols", groupSizes: Array.from({ length: 9 }, () => 10) });
    const trace = new SequenceTrace(view.trace);
    expect(correctness(trace, { ...view, ...found })).toEqual(correctness(trace, view));
  });

  it.each([1, 2, 3])("are bits: seed %i", async (seed) => {
    const view = await traced("repeat-copy-small", repeatCopy({ numBits: 4, maxLength: 5, maxRepeats: 4 }), seed);
    expect(readingOf(view.trace.quantities)).toEqual({ reading: "bits" });
  });

  it("are bits where nothing counts", () => {
    const quantities = {
      output: { shape: [1, 1, 4], data: Float32Array.of(0.25, 0.75, 0.5, 0.5) },
      mask: { shape: [1, 1], data: Float32Array.of(0) },
    };
    expect(readingOf(quantities)).toEqual({ reading: "bits" });
    expect(readingOf({ ...quantities, mask: { shape: [1, 1], data: Float32Array.of(1) } })).toMatchObject({
      ...{ reading: "symbols", groupSizes: [2, 2] },
    });
  });
});
