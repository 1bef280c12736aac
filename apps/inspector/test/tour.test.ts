/** The tour says only what is true: its stops for a trained network, and what it leaves out for another one. */
import { loadNetwork } from "@dnc/checkpoint/network";
import type { Dnc } from "@dnc/core";
import { readPretrained } from "@dnc/pretrained/node";
import { repeatCopy } from "@dnc/tasks";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, it } from "vitest";
import { repeatFacts } from "../src/page/tour/repeat-facts.js";
import { stopsOf } from "../src/page/tour/stops.js";
import type { SequenceView } from "../src/page/trace/sequence-view.js";
import { SequenceTrace } from "../src/page/trace/trace.js";
import { traceView } from "../src/page/worker/trace-view.js";

const TITLES = [
  "What the network does",
  "It writes",
  "Why the write head moves on",
  "Links remember the order",
  "It finds the beginning by content",
  "It follows the links",
  "It starts over",
  "It lets go",
];

const task = (length: number, repeats: number) =>
  repeatCopy({ numBits: 4, minLength: length, maxLength: length, minRepeats: repeats, maxRepeats: repeats });

describe("the tour", () => {
  let network: Dnc;
  beforeAll(async () => {
    network = (await loadNetwork(await readPretrained("repeat-copy-small"))) as Dnc;
  });

  const viewOf = async (length: number, repeats: number, seed: number) => {
    const view = await traceView(network, task(length, repeats), seed);
    return { view, trace: new SequenceTrace(view.trace) };
  };

  it.each([1, 2, 3, 4, 5])("has eight stops on the trained network, whatever the pattern: seed %i", async (seed) => {
    const { view, trace } = await viewOf(4, 3, seed);
    const facts = repeatFacts(view, trace);
    expect(facts).toMatchObject({ repeats: 3, bits: 4, patternSteps: [1, 2, 3, 4], repeatsStep: 5 });
    expect(facts && stopsOf(trace, facts).map(({ title }) => title)).toEqual(TITLES);
  });

  it("names slots and weights that the trace has", async () => {
    const { view, trace } = await viewOf(4, 3, 3);
    const facts = repeatFacts(view, trace);
    const [, writing] = facts ? stopsOf(trace, facts) : [];
    const weights = Array.from(trace.at("writeWeights", writing?.step ?? 0, 0));
    const slot = weights.indexOf(Math.max(...weights));
    expect(writing?.slot).toBe(slot);
    expect(writing?.text[0]).toContain(
      `written to slot ${slot}, with a weight of ${Number(weights[slot]?.toFixed(3))}`,
    );
  });

  it("leaves out what is not true: links that are not there, slots that are not freed, repeats that do not come", async () => {
    const { view } = await viewOf(4, 1, 1);
    const without = (name: string): SequenceView => {
      const { shape, data } = view.trace.quantities[name] as { shape: readonly number[]; data: Float32Array };
      const zeros = { shape, data: new Float32Array(data.length) };
      return { ...view, trace: { quantities: { ...view.trace.quantities, [name]: zeros } } };
    };
    const titles = (changed: SequenceView) => {
      const trace = new SequenceTrace(changed.trace);
      const facts = repeatFacts(changed, trace);
      return facts ? stopsOf(trace, facts).map(({ title }) => title) : [];
    };
    expect(titles(view)).not.toContain("It starts over");
    expect(titles(without("link"))).not.toContain("Links remember the order");
    expect(titles(without("usage"))).not.toContain("Why the write head moves on");
    expect(titles(without("usage"))).not.toContain("It lets go");
    expect(titles(without("writeWeights"))).not.toContain("It writes");
    expect(titles(without("readWeights"))).not.toContain("It follows the links");
  });

  it("has nothing to say about a sequence of another task", async () => {
    const { view, trace } = await viewOf(4, 3, 1);
    expect(repeatFacts({ ...view, phases: undefined }, trace)).toBeUndefined();
    expect(repeatFacts({ ...view, phases: view.phases?.map(() => "output") }, trace)).toBeUndefined();
  });
});
