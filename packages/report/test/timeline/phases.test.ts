import { describe, expect, it } from "vitest";
import { phasesOf } from "../../src/timeline/phases.js";

/** Creates a trace of one sequence from its inputs and its mask. */
function traceOf(inputs: readonly (readonly number[])[], mask: readonly number[]) {
  const observations = { shape: [inputs.length, 1, inputs[0].length], data: inputs.flat() };
  return { quantities: { observations, mask: { shape: [mask.length, 1], data: mask } } };
}

/** Formats phases as "name start-end". */
const named = (phases: ReturnType<typeof phasesOf>) => phases.map(({ name, start, end }) => `${name} ${start}-${end}`);

describe("the phases of a sequence", () => {
  it("are its markers, its data and the steps that count; a pattern of zeros is data", () => {
    const inputs = [
      [0, 0, 1, 0],
      [0, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0.2],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ];
    const labels = { inputs: ["bit 1", "bit 2", "start", "repeats"] };
    expect(named(phasesOf(traceOf(inputs, [0, 0, 0, 0, 1, 1]), labels))).toEqual([
      "start 0-1",
      "bits 1-3",
      "repeats 3-4",
      "output 4-6",
    ]);
  });

  it("tell several kinds of data apart by what is not 0", () => {
    const labels = { inputs: ["bit 1", "bit 2", "colour 1", "colour 2"] };
    const inputs = [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ];
    expect(named(phasesOf(traceOf(inputs, [0, 0, 0]), labels))).toEqual(["bits 0-1", "colours 1-2", "input 2-3"]);
  });

  it("are input and output without names of channels, and absent without a mask", () => {
    const trace = traceOf([[1], [1], [0]], [0, 0, 1]);
    expect(named(phasesOf(trace))).toEqual(["input 0-2", "output 2-3"]);
    expect(phasesOf({ quantities: { observations: trace.quantities.observations } })).toEqual([]);
  });
});
