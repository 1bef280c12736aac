import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copy } from "../src/copy.js";
import { createRandom } from "../src/random.js";

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
          const batch = task.sample(createRandom(seed));
          const none = Array.from({ length: numBits }, () => 0);
          const observations = [
            [...none, 1, 0],
            ...pattern.map((bits) => [...bits, 0, 0]),
            [...none, 0, 1],
            ...pattern.map(() => [...none, 0, 0]),
          ];
          const target = [none, ...pattern.map(() => none), none, ...pattern];
          const mask = [0, ...pattern.map(() => 0), 0, ...pattern.map(() => 1)];
          expect(batch.observations.arraySync()).toEqual(observations.map((row) => [row]));
          expect(batch.target.arraySync()).toEqual(target.map((row) => [row]));
          expect(batch.mask.arraySync()).toEqual(mask.map((row) => [row]));
          expect([task.inputSize, task.targetSize]).toEqual([numBits + 2, numBits]);
        },
      ),
      RUNS,
    );
  });

  it("takes 2L+2 steps for the longest, of which L count, L uniform with both bounds included", () => {
    const batch = copy({ batchSize: 6000, numBits: 1, minLength: 2, maxLength: 5 }).sample(createRandom(2));
    expect(batch.mask.shape).toEqual([12, 6000]);
    const lengths = Array.from(tf.sum(batch.mask, 0).dataSync());
    for (const length of [2, 3, 4, 5]) {
      const found = lengths.filter((drawn) => drawn === length).length;
      expect(found / 6000).toBeAllClose(0.25, { absolute: 0.02 });
    }
    expect(Array.from(tf.sum(batch.observations, [0, 1]).dataSync()).slice(1)).toEqual([6000, 6000]);
  });

  it("has a name, the defaults of repeat copy, and the same batch for the same seed", () => {
    const draw = () => copy().sample(createRandom(7));
    expect(copy().name).toBe("copy");
    expect(draw().observations.shape).toEqual([6, 16, 6]);
    expect(draw().observations.dataSync()).toEqual(draw().observations.dataSync());
  });

  it("costs what maskedSigmoidCrossEntropy says, in the unit and average of its config", () => {
    const config = { batchSize: 1, numBits: 2, minLength: 3, maxLength: 3, logProbInBits: true };
    const batch = copy(config).sample(createRandom(1));
    const logits = tf.zerosLike(batch.target);
    expect(copy(config).cost(logits, batch)).toBeAllClose(tf.scalar(6));
    expect(copy({ ...config, timeAverage: true }).cost(logits, batch)).toBeAllClose(tf.scalar(2));
  });

  it("scores only what fits the task, and says what is wrong", () => {
    const batch = copy({ batchSize: 2, numBits: 3 }).sample(createRandom(1));
    const { target } = batch;
    const [time] = target.shape;
    expect(() => copy({ numBits: 4 }).cost(target, batch)).toThrow(
      new RangeError(`target: expected [time, batch, 4], got [${time}, 2, 3]`),
    );
    expect(() => copy({ numBits: 3 }).cost(batch.observations, batch)).toThrow(
      new RangeError(`logits: expected [${time}, 2, 3], got [${time}, 2, 5]`),
    );
    expect(() => copy().cost(target, undefined as never)).toThrow(
      new TypeError("batch: expected an object, got undefined"),
    );
  });

  it("takes undefined for absent, whatever the key", () => {
    expect(copy({ numBits: undefined, width: undefined } as object).inputSize).toBe(6);
  });

  it("makes exactly the three tensors of a batch", () => {
    const before = tf.memory().numTensors;
    tf.dispose(copy().sample(createRandom(1)));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ batchSize: -1 }, RangeError, "batchSize: expected a positive integer, got -1"],
    [{ numBits: 0 }, RangeError, "numBits: expected a positive integer, got 0"],
    [{ minLength: 3 }, RangeError, "minLength: expected at most maxLength (2), got 3"],
    [{ timeAverage: null }, TypeError, "timeAverage: expected true or false, got null"],
    [
      { minRepeats: 1 },
      TypeError,
      'unknown config key "minRepeats"; expected one of batchSize, numBits, minLength, maxLength, timeAverage, logProbInBits',
    ],
  ])("says what is wrong with %j", (config, Kind, message) => {
    const call = () => copy(config as never);
    expect(call).toThrow(new Kind(message));
  });
});
