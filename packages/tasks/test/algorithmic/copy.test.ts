import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copy } from "../../src/algorithmic/copy.js";
import { meanLoss } from "../../src/loss.js";
import { createRandom } from "../../src/random.js";
import { scoreBatch } from "../../src/score.js";
import { nestedBatch, sumOverTime } from "../support.js";

const RUNS = { seed: 1, numRuns: 40 };

describe("copy", () => {
  it("shows start marker, pattern and recall marker, then expects the pattern", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        (seed, numBits, length) => {
          const random = createRandom(seed);
          random.integer(length, length);
          const pattern = Array.from({ length }, () => Array.from({ length: numBits }, () => random.integer(0, 1)));
          const task = copy({ batchSize: 1, numBits, minLength: length, maxLength: length });
          const batch = nestedBatch(task.sampleBatch(createRandom(seed)));
          const none = Array.from({ length: numBits }, () => 0);
          const inputs = [
            [...none, 1, 0],
            ...pattern.map((bits) => [...bits, 0, 0]),
            [...none, 0, 1],
            ...pattern.map(() => [...none, 0, 0]),
          ];
          const targets = [none, ...pattern.map(() => none), none, ...pattern];
          const mask = [0, ...pattern.map(() => 0), 0, ...pattern.map(() => 1)];
          expect(batch.inputs).toEqual(inputs.map((row) => [row]));
          expect(batch.targets).toEqual(targets.map((row) => [row]));
          expect(batch.mask).toEqual(mask.map((row) => [row]));
          expect([task.inputSize, task.targetSize]).toEqual([numBits + 2, numBits]);
        },
      ),
      RUNS,
    );
  });

  it("takes 2L+2 steps for the longest, of which L count, L uniform with both bounds included", () => {
    const batch = copy({ batchSize: 6000, numBits: 1, minLength: 2, maxLength: 5 }).sampleBatch(createRandom(2));
    expect([batch.timeSteps, batch.batchSize]).toEqual([12, 6000]);
    const lengths = sumOverTime(batch, batch.mask);
    for (const length of [2, 3, 4, 5]) {
      const found = lengths.filter((sampled) => sampled === length).length;
      expect(found / 6000).toBeAllClose(0.25, { absolute: 0.02 });
    }
    const markers = [1, 2].map(
      (channel) => batch.inputs.filter((value, at) => at % 3 === channel && value === 1).length,
    );
    expect(markers).toEqual([6000, 6000]);
  });

  it("has a name, the defaults of repeat copy, and the same batch for the same seed", () => {
    const sample = () => copy().sampleBatch(createRandom(7));
    expect(copy().name).toBe("copy");
    expect(sample()).toMatchObject({ timeSteps: 6, batchSize: 16 });
    expect(sample().inputs).toHaveLength(6 * 16 * 6);
    expect(sample()).toEqual(sample());
  });

  it("has the loss that meanLoss computes, in the unit and average of its config", () => {
    const config = { batchSize: 1, numBits: 2, minLength: 3, maxLength: 3, logProbInBits: true };
    const batch = copy(config).sampleBatch(createRandom(1));
    const logits = new Float32Array(batch.targets.length);
    expect(copy(config)).toMatchObject({ loss: "sigmoid", timeAverage: false, logProbInBits: true });
    expect(scoreBatch(copy(config), logits, batch).loss).toBeAllClose(6);
    expect(scoreBatch(copy({ ...config, timeAverage: true }), logits, batch).loss).toBeAllClose(2);
    expect(meanLoss(logits, batch, { logProbInBits: true })).toBeAllClose(6);
  });

  it("treats undefined as absent, for every key", () => {
    expect(copy({ numBits: undefined, width: undefined } as object).inputSize).toBe(6);
  });

  it("has the length of each sequence if asked for, and otherwise the same batch", () => {
    const config = { batchSize: 8, maxLength: 9 };
    const { lengths, ...batch } = copy({ ...config, lengths: true }).sampleBatch(createRandom(1));
    const patternLengths = sumOverTime(batch, batch.mask);
    expect(lengths).toEqual(Uint32Array.from(patternLengths, (length) => 2 * length + 2));
    expect(batch).toEqual(copy(config).sampleBatch(createRandom(1)));
  });

  it("samples new arrays each time", () => {
    const [one, other] = [copy().sampleBatch(createRandom(1)), copy().sampleBatch(createRandom(1))];
    for (const name of ["inputs", "targets", "mask"] as const) expect(one[name]).not.toBe(other[name]);
  });

  it.each([
    [{ batchSize: -1 }, RangeError, "batchSize: expected a positive integer, got -1"],
    [{ numBits: 0 }, RangeError, "numBits: expected a positive integer, got 0"],
    [{ minLength: 3 }, RangeError, "minLength: expected at most maxLength (2), got 3"],
    [{ timeAverage: null }, TypeError, "timeAverage: expected true or false, got null"],
    [
      { minRepeats: 1 },
      TypeError,
      'unknown config key "minRepeats"; expected one of batchSize, numBits, minLength, maxLength, startMarker, lengths, loss, groupSizes, timeAverage, logProbInBits',
    ],
  ])("rejects %j with a reason", (config, Kind, message) => {
    const call = () => copy(config as never);
    expect(call).toThrow(new Kind(message));
  });
});
