import { describe, expect, it } from "vitest";
import { createRandom, dynamicNGrams, optimalNGramLoss } from "../../src/index.js";

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b) / values.length;

describe("dynamic n-grams", () => {
  it("shows each bit and asks for the next one", () => {
    const { timeSteps, inputs, targets, mask } = dynamicNGrams({ batchSize: 1 }).sampleBatch(createRandom(1));
    expect(timeSteps).toBe(199);
    expect([...targets.subarray(0, 198)]).toEqual([...inputs.subarray(1)]);
    expect(mask.every((counts) => counts === 1)).toBe(true);
    expect(new Set(inputs)).toEqual(new Set([0, 1]));
  });

  it("has the published optimum: 132.9 bits for 200 bits, of which the first is not asked for", () => {
    const bits = optimalNGramLoss(dynamicNGrams({ batchSize: 2000 }).sampleBatch(createRandom(2)));
    expect(mean(bits)).toBeAllClose(131.9, { absolute: 2 }); // the standard error is 0.8
    const deviation = Math.sqrt(mean(bits.map((value) => (value - mean(bits)) ** 2)));
    expect(deviation).toBeAllClose(36, { absolute: 2 });
  });

  it("draws as from Beta(1/2, 1/2): two bits after the same context are equal with probability 3/4", () => {
    const first = dynamicNGrams({ contextBits: 1, length: 3, batchSize: 20_000 }).sampleBatch(createRandom(4));
    let [same, all] = [0, 0];
    for (let sequence = 0; sequence < 20_000; sequence++) {
      const [a, b, c] = [first.inputs[sequence], first.targets[sequence], first.targets[20_000 + sequence]];
      if (a !== b) continue;
      all++;
      if (b === c) same++;
    }
    expect(same / all).toBeAllClose(0.75, { absolute: 0.02 });
  });

  it("has an optimum that is the product of the urn's probabilities", () => {
    const batch = {
      ...{ timeSteps: 4, batchSize: 1, mask: new Float32Array(4).fill(1) },
      inputs: Float32Array.of(1, 1, 1, 0),
      targets: Float32Array.of(1, 1, 0, 1),
    };
    // After 1: 1 (1/2), 1 (3/4), 0 (1 - 5/6); after 0: 1 (1/2).
    expect(optimalNGramLoss(batch, { contextBits: 1 })[0]).toBeAllClose(
      -Math.log2((1 / 2) * (3 / 4) * (1 / 6) * (1 / 2)),
    );
    expect(() => optimalNGramLoss(batch, { contextBits: 0 })).toThrow(
      "contextBits: expected an integer from 1 to 20, got 0",
    );
  });
});
