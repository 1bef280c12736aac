import { describe, expect, it } from "vitest";
import { createRandom } from "../src/random.js";
import { drawPattern, stackSequences } from "../src/sequence.js";

describe("drawPattern", () => {
  it("draws bits step by step, bit by bit, both values equally often", () => {
    const pattern = drawPattern(createRandom(1), 500, 4);
    const again = createRandom(1);
    expect(pattern.flat()).toEqual(Array.from({ length: 2000 }, () => again.integer(0, 1)));
    expect(pattern.flat().filter((bit) => bit === 1).length / 2000).toBeAllClose(0.5, { absolute: 0.03 });
  });
});

describe("stackSequences", () => {
  it("puts elements side by side, zeros where nothing is said and after the shorter ones", () => {
    const sequences = [[{ observation: [1, 2] }, { answer: [3] }, {}], [{ observation: [4, 5], answer: [6] }]];
    const batch = stackSequences(sequences, { inputSize: 2, targetSize: 1 });
    expect(batch.observations.arraySync()).toEqual([
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
    expect(batch.target.arraySync()).toEqual([
      [[0], [6]],
      [[3], [0]],
      [[0], [0]],
    ]);
    expect(batch.mask.arraySync()).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
  });
});
