import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../src/random.js";
import { encodeRepeatCopy, repeatCopy } from "../src/repeat-copy.js";

const RUNS = { seed: 1, numRuns: 40 };

const examples = fc.integer({ min: 1, max: 4 }).chain((numBits) => {
  const bits = fc.array(fc.nat(1), { minLength: numBits, maxLength: numBits });
  const pattern = fc.array(bits, { minLength: 1, maxLength: 5 });
  return fc.array(fc.tuple(pattern, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 4 });
});

describe("encodeRepeatCopy", () => {
  it("writes the pattern as often as asked, marks start and end, and counts the steps that answer", () => {
    const batch = encodeRepeatCopy({
      patterns: [
        [
          [1, 0],
          [1, 1],
        ],
        [[0, 1]],
      ],
      repeats: [2, 3],
    });
    const [first, second] = elementsOf(batch);
    const r = Math.fround;
    expect(first).toEqual([
      { observation: [0, 0, 1, 0], target: [0, 0, 0], mask: 0 },
      { observation: [1, 0, 0, 0], target: [0, 0, 0], mask: 0 },
      { observation: [1, 1, 0, 0], target: [0, 0, 0], mask: 0 },
      { observation: [0, 0, 0, r(0.2)], target: [0, 0, 0], mask: 0 },
      { observation: [0, 0, 0, 0], target: [1, 0, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [1, 1, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [1, 0, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [1, 1, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [0, 0, 1], mask: 1 },
    ]);
    expect(second).toEqual([
      { observation: [0, 0, 1, 0], target: [0, 0, 0], mask: 0 },
      { observation: [0, 1, 0, 0], target: [0, 0, 0], mask: 0 },
      { observation: [0, 0, 0, r(0.3)], target: [0, 0, 0], mask: 0 },
      { observation: [0, 0, 0, 0], target: [0, 1, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [0, 1, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [0, 1, 0], mask: 1 },
      { observation: [0, 0, 0, 0], target: [0, 0, 1], mask: 1 },
      { observation: [0, 0, 0, 0], target: [0, 0, 0], mask: 0 },
      { observation: [0, 0, 0, 0], target: [0, 0, 0], mask: 0 },
    ]);
  });

  it("divides the repeats by normMax in float32", () => {
    const { observations } = encodeRepeatCopy({ patterns: [[[1]]], repeats: [5] }, { normMax: 7 });
    expect(observations.arraySync()[2]?.[0]?.[2]).toBe(Math.fround(5 / 7));
  });

  it("takes L(r+1)+3 steps, of which Lr+1 count", () => {
    fc.assert(
      fc.property(examples, (pairs) => {
        const patterns = pairs.map(([pattern]) => pattern);
        const repeats = pairs.map(([, count]) => count);
        const batch = encodeRepeatCopy({ patterns, repeats });
        const totals = patterns.map((pattern, i) => pattern.length * ((repeats[i] as number) + 1) + 3);
        expect(batch.mask.shape).toEqual([Math.max(...totals), patterns.length]);
        expect(tf.sum(batch.mask, 0).arraySync()).toEqual(
          patterns.map((pattern, i) => pattern.length * (repeats[i] as number) + 1),
        );
        elementsOf(batch).forEach((steps, i) => {
          const answers = steps.filter(({ mask }) => mask === 1).map(({ target }) => target.slice(0, -1));
          const expected = Array.from({ length: repeats[i] as number }, () => patterns[i] as number[][]).flat();
          expect(answers.slice(0, -1)).toEqual(expected);
        });
      }),
      RUNS,
    );
  });

  it.each([
    [{ patterns: [], repeats: [] }, RangeError, "patterns: expected at least one pattern, got 0"],
    [{ patterns: 3, repeats: [] }, TypeError, "patterns: expected an array, got 3"],
    [{ patterns: [[]], repeats: [1] }, RangeError, "patterns[0]: expected at least one step, got 0"],
    [{ patterns: [[[]]], repeats: [1] }, RangeError, "patterns[0][0]: expected at least one bit, got 0"],
    [
      { patterns: [[[1], [1, 0]]], repeats: [1] },
      RangeError,
      "patterns[0][1]: expected 1 bits as in patterns[0][0], got 2",
    ],
    [{ patterns: [[[2]]], repeats: [1] }, RangeError, "patterns[0][0][0]: expected 0 or 1, got 2"],
    [{ patterns: [[[true]]], repeats: [1] }, TypeError, "patterns[0][0][0]: expected 0 or 1, got true"],
    [{ patterns: [[[1]]], repeats: [1, 2] }, RangeError, "repeats: expected one for each of 1 patterns, got 2"],
    [{ patterns: [[[1]]], repeats: [0] }, RangeError, "repeats[0]: expected a positive integer, got 0"],
    [{ patterns: [[[1]]], repeat: [1] }, TypeError, 'unknown example key "repeat"; expected one of patterns, repeats'],
  ])("says what is wrong with %j, before any tensor exists", (wrong, Kind, message) => {
    const before = tf.memory().numTensors;
    const call = () => encodeRepeatCopy(wrong as never);
    expect(call).toThrow(new Kind(message));
    expect(tf.memory().numTensors).toBe(before);
  });

  it("says what is wrong with its options", () => {
    const one = { patterns: [[[1]]], repeats: [1] };
    expect(() => encodeRepeatCopy(one, { normMax: 0 })).toThrow(
      new RangeError("normMax: expected a positive number, got 0"),
    );
    expect(() => encodeRepeatCopy(one, { max: 1 } as never)).toThrow(
      new TypeError('unknown option key "max"; expected one of normMax'),
    );
  });
});

describe("repeatCopy", () => {
  it("has the reference's defaults", () => {
    const task = repeatCopy();
    const batch = task.sample(createRandom(1));
    expect([task.name, task.inputSize, task.targetSize]).toEqual(["repeat-copy", 6, 5]);
    expect(batch.observations.shape).toEqual([9, 16, 6]);
    expect(batch.target.shape).toEqual([9, 16, 5]);
    expect(batch.mask.shape).toEqual([9, 16]);
    const { lengths, repeats } = drawnIn(batch, 10);
    expect(new Set(lengths)).toEqual(new Set([1, 2]));
    expect(new Set(repeats)).toEqual(new Set([1, 2]));
  });

  it("draws for each element its length, then its repeats, then its bits", () => {
    const config = { batchSize: 5, numBits: 3, minLength: 2, maxLength: 4, minRepeats: 1, maxRepeats: 6, normMax: 6 };
    const random = createRandom(9);
    const patterns: number[][][] = [];
    const repeats: number[] = [];
    for (let element = 0; element < 5; element++) {
      const length = random.integer(2, 4);
      repeats.push(random.integer(1, 6));
      patterns.push(Array.from({ length }, () => Array.from({ length: 3 }, () => random.integer(0, 1))));
    }
    expect(numbersOf(repeatCopy(config).sample(createRandom(9)))).toEqual(
      numbersOf(encodeRepeatCopy({ patterns, repeats }, { normMax: 6 })),
    );
  });

  it("draws this batch from seed 1 on every machine", async () => {
    const task = repeatCopy({ batchSize: 2, numBits: 2, maxLength: 4 });
    const text = await task.render(task.sample(createRandom(1)), undefined, { wholeBatch: true });
    expect(text).toMatchInlineSnapshot(`
      "
      Observations:
      +- 1 - - 1 - - - - - - - - - -+
      +- - 1 - 1 - - - - - - - - - -+
      +1 - - - - - - - - - - - - - -+
      +- - - - - 2 - - - - - - - - -+

      Targets:
      +- - - - - - 1 - - 1 1 - - 1 -+
      +- - - - - - - 1 - 1 - 1 - 1 -+
      +- - - - - - - - - - - - - - 1+



      Observations:
      +- 1 - - - - - - - - - - - - -+
      +- - - - - - - - - - - - - - -+
      +1 - - - - - - - - - - - - - -+
      +- - - 2 - - - - - - - - - - -+

      Targets:
      +- - - - 1 - 1 - - - - - - - -+
      +- - - - - - - - - - - - - - -+
      +- - - - - - - - 1 - - - - - -+"
    `);
  });

  it("draws lengths and repeats uniformly, both bounds included, independent of each other", () => {
    const batchSize = 6000;
    const config = { batchSize, numBits: 1, minLength: 2, maxLength: 4, minRepeats: 3, maxRepeats: 5 };
    const { lengths, repeats } = drawnIn(repeatCopy(config).sample(createRandom(5)), 10);
    for (const length of [2, 3, 4]) {
      for (const count of [3, 4, 5]) {
        const found = lengths.filter((drawn, element) => drawn === length && repeats[element] === count).length;
        expect(found / batchSize, `length ${length}, ${count} repeats`).toBeAllClose(1 / 9, { absolute: 0.015 });
      }
    }
  });

  it("draws the same batches again from a restored generator or the same seed", () => {
    const task = repeatCopy({ maxLength: 5 });
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return [task.sample(random), task.sample(random)].map(numbersOf);
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(draw(3)[0]).not.toEqual(draw(3)[1]);
  });

  it("costs what maskedSigmoidCrossEntropy says, in the unit and average of its config", () => {
    const batch = encodeRepeatCopy({ patterns: [[[1, 0]]], repeats: [2] }); // three steps count, of three bits each
    const logits = tf.zerosLike(batch.target);
    const cost = (config: object) => repeatCopy({ numBits: 2, ...config }).cost(logits, batch);
    expect(cost({})).toBeAllClose(tf.scalar(9 * Math.LN2));
    expect(cost({ logProbInBits: true })).toBeAllClose(tf.scalar(9));
    expect(cost({ timeAverage: true, logProbInBits: true })).toBeAllClose(tf.scalar(3));
  });

  it("makes exactly the three tensors of a batch", () => {
    const task = repeatCopy();
    const before = tf.memory().numTensors;
    const batch = task.sample(createRandom(1));
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose(batch);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ batchSize: 0 }, RangeError, "batchSize: expected a positive integer, got 0"],
    [{ numBits: 1.5 }, RangeError, "numBits: expected a positive integer, got 1.5"],
    [{ numBits: "4" }, TypeError, 'numBits: expected a positive integer, got "4"'],
    [{ numBits: null }, TypeError, "numBits: expected a positive integer, got null"],
    [{ minLength: 0 }, RangeError, "minLength: expected a positive integer, got 0"],
    [{ minLength: 3 }, RangeError, "minLength: expected at most maxLength (2), got 3"],
    [{ minRepeats: 5, maxRepeats: 4 }, RangeError, "minRepeats: expected at most maxRepeats (4), got 5"],
    [{ maxRepeats: -1 }, RangeError, "maxRepeats: expected a positive integer, got -1"],
    [{ normMax: 0 }, RangeError, "normMax: expected a positive number, got 0"],
    [{ normMax: Number.NaN }, RangeError, "normMax: expected a positive number, got NaN"],
    [{ timeAverage: 1 }, TypeError, "timeAverage: expected true or false, got 1"],
    [{ logProbInBits: "no" }, TypeError, 'logProbInBits: expected true or false, got "no"'],
    [
      { foo: 1 },
      TypeError,
      'unknown config key "foo"; expected one of batchSize, numBits, minLength, maxLength, minRepeats, maxRepeats, normMax, timeAverage, logProbInBits',
    ],
    [[], TypeError, "config: expected an object, got an array"],
  ])("says what is wrong with %j", (config, Kind, message) => {
    const call = () => repeatCopy(config as never);
    expect(call).toThrow(new Kind(message));
  });

  it("says that it needs a generator", () => {
    expect(() => repeatCopy().sample(1 as never)).toThrow(
      new TypeError("random: expected a generator such as createRandom(1), got 1"),
    );
  });
});

type Batch = ReturnType<typeof encodeRepeatCopy>;

const numbersOf = ({ observations, target, mask }: Batch) =>
  [observations, target, mask].map((tensor) => ({ shape: tensor.shape, data: Array.from(tensor.dataSync()) }));

const elementsOf = ({ observations, target, mask }: Batch) => {
  const [o, t, m] = [observations.arraySync(), target.arraySync(), mask.arraySync()];
  return Array.from({ length: mask.shape[1] }, (_, b) =>
    o.map((step, i) => ({
      observation: step[b] as number[],
      target: t[i]?.[b] as number[],
      mask: m[i]?.[b] as number,
    })),
  );
};

/** Length and repeats of every element, read off its repeat channel and its mask. */
const drawnIn = ({ observations, mask }: Batch, normMax: number) => {
  const channel = observations.shape[2] - 1;
  const seen = tf.slice(observations, [0, 0, channel], [-1, -1, 1]);
  const repeats = Array.from(tf.mul(tf.sum(seen, [0, 2]), normMax).dataSync(), Math.round);
  const counted = Array.from(tf.sum(mask, 0).dataSync());
  const lengths = counted.map((steps, element) => (steps - 1) / (repeats[element] as number));
  return { lengths, repeats };
};
