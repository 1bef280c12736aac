import { type Batch, createRandom, wrongSymbols } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { correctness } from "../../src/page/trace/errors.js";
import { SequenceTrace } from "../../src/page/trace/trace.js";

/** Which channels of one step are wrong. */
function wrongChannels(
  reading: "bits" | "symbols" | "numbers",
  output: readonly number[],
  target: readonly number[],
  groupSizes?: readonly number[],
): { readonly channels: readonly number[]; readonly counted: number } {
  const quantity = (values: readonly number[]) => ({ shape: [1, 1, values.length], data: Float32Array.from(values) });
  const mask = { shape: [1, 1], data: Float32Array.of(1) };
  const trace = { quantities: { output: quantity(output), target: quantity(target), mask } };
  const { wrong, counted } = correctness(new SequenceTrace(trace), { title: "", trace, reading, groupSizes });
  return { channels: wrong.map(({ channel }) => channel), counted };
}

describe("what is wrong is what the metrics of training count", () => {
  it("bits: rounded outputs; NaN, and a target that is no bit, are wrong", () => {
    const found = wrongChannels("bits", [0.4, 0.6, 0.4, 0.6, Number.NaN, 0.4], [0, 1, 1, 0, 0, 0.2]);
    expect(found).toEqual({ channels: [2, 3, 4, 5], counted: 6 });
  });

  it("symbols: the largest output of each group; one where there is NaN", () => {
    const output = [0.2, 0.5, 0.3, 0.3, 0.7, Number.NaN, 0.9];
    const found = wrongChannels("symbols", output, [0, 1, 0, 1, 0, 0, 1], [3, 2, 2]);
    expect(found).toEqual({ channels: [4, 5], counted: 3 });
  });

  it("numbers: those that differ from their target by half or more", () => {
    const found = wrongChannels("numbers", [3.4, -2, 0.9, Number.NaN], [3, -2.6, 1.3, 0]);
    expect(found).toEqual({ channels: [1, 3], counted: 4 });
  });

  it.each([1, 2, 3])("the number of wrong bits and symbols is that of wrongSymbols of @dnc/tasks: seed %i", (seed) => {
    const random = createRandom(seed);
    const sizes = [3, 2, 4];
    const shape = [40, 1, 9];
    const data = Float32Array.from({ length: 360 }, () => random.integer(1, 999) / 1000);
    const targets = Float32Array.from({ length: 360 }, () => random.integer(0, 1));
    const mask = Float32Array.from({ length: 40 }, () => random.integer(0, 1));
    const trace = {
      quantities: { output: { shape, data }, target: { shape, data: targets }, mask: { shape: [40, 1], data: mask } },
    };
    const batch: Batch = { timeSteps: 40, batchSize: 1, inputs: new Float32Array(0), targets, mask };
    const count = (reading: "bits" | "symbols", groupSizes?: readonly number[]) =>
      correctness(new SequenceTrace(trace), { title: "", trace, reading, groupSizes }).wrong.length;
    expect(count("bits")).toBe(
      wrongSymbols(
        data.map((share) => Math.log(share / (1 - share))),
        batch,
      )[0],
    );
    expect(count("symbols", sizes)).toBe(wrongSymbols(data, batch, { loss: "softmax", groupSizes: sizes })[0]);
  });
});
