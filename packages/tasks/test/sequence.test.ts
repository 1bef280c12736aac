import { describe, expect, it } from "vitest";
import { createRandom } from "../src/random.js";
import { packSteps, samplePattern, stackSequences } from "../src/sequence.js";
import { nestedBatch } from "./support.js";

describe("samplePattern", () => {
  it("samples bits step by step, bit by bit, both values equally often", () => {
    const pattern = samplePattern(createRandom(1), 500, 4);
    const again = createRandom(1);
    expect(pattern.flat()).toEqual(Array.from({ length: 2000 }, () => again.integer(0, 1)));
    expect(pattern.flat().filter((bit) => bit === 1).length / 2000).toBeAllClose(0.5, { absolute: 0.03 });
    expect(samplePattern(createRandom(1), 500, 4, 2)).toEqual(pattern.map((bits) => [...bits, 0, 0]));
  });
});

describe("stackSequences", () => {
  it("stacks sequences, with zeros for absent values and after shorter ones", () => {
    const sequences = [[{ input: [1, 2] }, { target: [3] }, {}], [{ input: [4, 5], target: [6] }]];
    const sizes = { inputSize: 2, targetSize: 1 };
    const packed = sequences.map((steps) => packSteps(steps, sizes));
    const stacked = stackSequences(packed, sizes);
    expect(stacked).toMatchObject({ timeSteps: 3, batchSize: 2 });
    const batch = nestedBatch(stacked);
    expect(batch.inputs).toEqual([
      [
        [1, 2],
        [4, 5],
      ],
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ]);
    expect(batch.targets).toEqual([
      [[0], [6]],
      [[3], [0]],
      [[0], [0]],
    ]);
    expect(batch.mask).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
  });
});
