import { TRACE_DIMENSIONS } from "@dnc/core";
import { describe, expect, it } from "vitest";
import { describeStep } from "../../src/page/trace/describe-step.js";
import { oneSequence, sequencesOf } from "../../src/page/trace/one-sequence.js";
import { QUANTITIES } from "../../src/page/trace/quantities.js";
import { SequenceTrace } from "../../src/page/trace/trace.js";
import { openTrace } from "../../src/page/worker/open-trace.js";

const LENGTHS: Readonly<Record<string, number>> = {
  ...{ time: 3, slots: 4, wordSize: 5, writeHeads: 2, readHeads: 3, modes: 5, controllerSize: 6 },
};
const BATCH = { observations: [2], target: [2], output: [2], mask: [] };

type Given = { shape: readonly number[]; data: (number | null)[] };

function quantity(shape: readonly number[], value: (index: number) => number | null = (index) => index): Given {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Array.from({ length: size }, (_, index) => value(index)) };
}

/** All quantities, with numbers that count up in each. */
function whole(sequences = 1): Record<string, Given> {
  const ofNetwork = Object.entries(TRACE_DIMENSIONS).map(([name, dimensions]) => {
    const shape = dimensions.map((dimension) => (dimension === "batch" ? sequences : (LENGTHS[dimension] as number)));
    return [name, quantity(shape)] as const;
  });
  const ofBatch = Object.entries(BATCH).map(([name, rest]) => [name, quantity([3, sequences, ...rest])] as const);
  return Object.fromEntries([...ofBatch, ...ofNetwork]);
}

function open(quantities: unknown) {
  const text = JSON.stringify({ format: "dnc-trace", version: 1, quantities });
  return openTrace("a.json", new TextEncoder().encode(text));
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(whole()).filter(([name]) => !names.includes(name)));

describe("a trace", () => {
  it("is opened with every quantity, of which the page has a name and an equation", () => {
    const { quantities } = open(whole()).trace;
    expect(Object.keys(QUANTITIES)).toEqual(expect.arrayContaining(Object.keys(quantities)));
  });

  it.each([
    [
      "a memory of another rank",
      { memory: quantity([3, 1, 4]) },
      "a.json: memory: expected the dimensions time, batch, slots, wordSize, got the shape [3, 1, 4]",
    ],
    [
      "another number of slots",
      { usage: quantity([3, 1, 2]) },
      "a.json: usage: expected slots to be 4, as in memory, got 2",
    ],
    [
      "links that are not square",
      { link: quantity([3, 1, 2, 4, 3]) },
      "a.json: link: expected slots to be 4, as in memory, got 3",
    ],
    [
      "another number of outputs",
      { output: quantity([3, 1, 3]) },
      "a.json: output: expected targetSize to be 2, as in target, got 3",
    ],
    [
      "modes for other heads",
      { readMode: quantity([3, 1, 3, 3]) },
      "a.json: readMode: expected 5 modes, since there are 2 write heads, got 3",
    ],
    [
      "a shape larger than any machine",
      { memory: { shape: [3, 1, 1e200, 1e200], data: [] } },
      "a.json: expected at most 268435456 numbers, got more",
    ],
  ])("is refused with %s", (_, changed, message) => {
    expect(() => open({ ...whole(), ...changed })).toThrow(message);
  });

  it("is refused with a part of the memory alone", () => {
    const message =
      "a.json: expected memory, usage, writeWeights, readWeights, got a trace without memory, readWeights";
    expect(() => open(without("memory", "readWeights"))).toThrow(message);
  });

  it("is refused with nothing that the page knows, whatever its names", () => {
    const other = quantity([1, 1]);
    const named = JSON.parse(`{ "__proto__": ${JSON.stringify(other)}, "constructor": ${JSON.stringify(other)} }`);
    expect(() => open(named)).toThrow("a.json: expected quantities of dnc trace, got none of them");
    expect(Object.keys(open({ ...whole(), constructor: quantity([3, 1, 7]) }).trace.quantities)).toContain(
      "constructor",
    );
  });

  it("without a network's memory, or without links, is opened", () => {
    expect(new SequenceTrace(open(without(...Object.keys(TRACE_DIMENSIONS))).trace).slots).toBe(0);
    const linked = ["link", "precedenceWeights", "forwardWeights", "backwardWeights", "readMode"];
    expect(new SequenceTrace(open(without(...linked)).trace).slots).toBe(4);
  });

  it("marks nothing as wrong where outputs or what counts are not known", () => {
    expect(open(whole()).withoutTargets).toBe(false);
    for (const name of ["target", "output", "mask"]) expect(open(without(name)).withoutTargets).toBe(true);
  });
});

describe("one sequence of several", () => {
  it("has the numbers of its place in the batch", () => {
    const view = open(whole(3));
    expect(sequencesOf(view)).toBe(3);
    const [all, one] = [new SequenceTrace(view.trace, 2), new SequenceTrace(oneSequence(view, 2).trace)];
    for (const name of Object.keys(view.trace.quantities))
      for (let step = 0; step < 3; step++) expect(one.at(name, step), name).toEqual(all.at(name, step));
    expect(one.at("usage", 1)[0]).toBe(4 * (3 * 1 + 2));
    expect(sequencesOf(oneSequence(view, 2))).toBe(1);
  });
});

describe("numbers that are none", () => {
  it("are not the largest, and have no place in a range", () => {
    const memory = quantity([3, 1, 4, 5], (index) => (index % 2 ? null : index));
    const trace = new SequenceTrace(open({ ...whole(), memory, usage: quantity([3, 1, 4], () => null) }).trace);
    expect(trace.range("memory")).toEqual([0, 58]);
    expect(trace.range("usage")).toEqual([0, 0]);
  });

  it("are said where a head has no other weights", () => {
    const none = (heads: number) => quantity([3, 1, heads, 4], () => null);
    const view = open({ ...whole(), writeWeights: none(2), readWeights: none(3) });
    expect(describeStep(new SequenceTrace(view.trace), 0)).toMatch(
      /^Write head 1 has weights that are not numbers\. .*Read head 3 has weights that are not numbers\.$/,
    );
  });
});
