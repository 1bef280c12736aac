import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeRepeatCopy, repeatCopy } from "../../src/algorithmic/repeat-copy.js";
import { createRandom } from "../../src/random.js";
import { scoreBatch } from "../../src/score.js";
import { nestedBatch, sumOverTime } from "../support.js";

const RUNS = { seed: 1, numRuns: 40 };

const examples = fc.integer({ min: 1, max: 4 }).chain((numBits) => {
  const bits = fc.array(fc.nat(1), { minLength: numBits, maxLength: numBits });
  const pattern = fc.array(bits, { minLength: 1, maxLength: 5 });
  return fc.array(fc.tuple(pattern, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 4 });
});

describe("encodeRepeatCopy", () => {
  it("writes the pattern the requested number of times, marks start and end, and sets the mask at the targets", () => {
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
    const [first, second] = sequencesOf(batch);
    const r = Math.fround;
    expect(first).toEqual([
      { input: [0, 0, 1, 0], target: [0, 0, 0], mask: 0 },
      { input: [1, 0, 0, 0], target: [0, 0, 0], mask: 0 },
      { input: [1, 1, 0, 0], target: [0, 0, 0], mask: 0 },
      { input: [0, 0, 0, r(0.2)], target: [0, 0, 0], mask: 0 },
      { input: [0, 0, 0, 0], target: [1, 0, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [1, 1, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [1, 0, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [1, 1, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [0, 0, 1], mask: 1 },
    ]);
    expect(second).toEqual([
      { input: [0, 0, 1, 0], target: [0, 0, 0], mask: 0 },
      { input: [0, 1, 0, 0], target: [0, 0, 0], mask: 0 },
      { input: [0, 0, 0, r(0.3)], target: [0, 0, 0], mask: 0 },
      { input: [0, 0, 0, 0], target: [0, 1, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [0, 1, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [0, 1, 0], mask: 1 },
      { input: [0, 0, 0, 0], target: [0, 0, 1], mask: 1 },
      { input: [0, 0, 0, 0], target: [0, 0, 0], mask: 0 },
      { input: [0, 0, 0, 0], target: [0, 0, 0], mask: 0 },
    ]);
  });

  it("divides the repeats by normMax in float32", () => {
    const { inputs } = nestedBatch(encodeRepeatCopy({ patterns: [[[1]]], repeats: [5] }, { normMax: 7 }));
    expect(inputs[2]?.[0]?.[2]).toBe(Math.fround(5 / 7));
  });

  it("takes L(r+1)+3 steps, of which Lr+1 count", () => {
    fc.assert(
      fc.property(examples, (pairs) => {
        const patterns = pairs.map(([pattern]) => pattern);
        const repeats = pairs.map(([, count]) => count);
        const batch = encodeRepeatCopy({ patterns, repeats });
        const totals = patterns.map((pattern, i) => pattern.length * ((repeats[i] as number) + 1) + 3);
        expect([batch.timeSteps, batch.batchSize]).toEqual([Math.max(...totals), patterns.length]);
        expect(sumOverTime(batch, batch.mask)).toEqual(
          patterns.map((pattern, i) => pattern.length * (repeats[i] as number) + 1),
        );
        sequencesOf(batch).forEach((steps, i) => {
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
  ])("rejects %j of the examples", (wrong, Kind, message) => {
    const call = () => encodeRepeatCopy(wrong as never);
    expect(call).toThrow(new Kind(message));
  });

  it("rejects invalid options", () => {
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
    const batch = task.sampleBatch(createRandom(1));
    expect([task.name, task.inputSize, task.targetSize]).toEqual(["repeat-copy", 6, 5]);
    expect(batch).toMatchObject({ timeSteps: 9, batchSize: 16 });
    expect(batch.inputs).toHaveLength(9 * 16 * 6);
    expect(batch.targets).toHaveLength(9 * 16 * 5);
    expect(batch.mask).toHaveLength(9 * 16);
    const { lengths, repeats } = sampledIn(batch, 10);
    expect(new Set(lengths)).toEqual(new Set([1, 2]));
    expect(new Set(repeats)).toEqual(new Set([1, 2]));
  });

  it("samples for each sequence its length, then its repeats, then its bits", () => {
    const config = { batchSize: 5, numBits: 3, minLength: 2, maxLength: 4, minRepeats: 1, maxRepeats: 6, normMax: 6 };
    const random = createRandom(9);
    const patterns: number[][][] = [];
    const repeats: number[] = [];
    for (let element = 0; element < 5; element++) {
      const length = random.integer(2, 4);
      repeats.push(random.integer(1, 6));
      patterns.push(Array.from({ length }, () => Array.from({ length: 3 }, () => random.integer(0, 1))));
    }
    expect(repeatCopy(config).sampleBatch(createRandom(9))).toEqual(
      encodeRepeatCopy({ patterns, repeats }, { normMax: 6 }),
    );
  });

  it("samples this batch from seed 1 on every machine", () => {
    const task = repeatCopy({ batchSize: 2, numBits: 2, maxLength: 4 });
    const text = task.render(task.sampleBatch(createRandom(1)), undefined, { wholeBatch: true });
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

  it("samples lengths and repeats uniformly, both bounds included, independent of each other", () => {
    const batchSize = 6000;
    const config = { batchSize, numBits: 1, minLength: 2, maxLength: 4, minRepeats: 3, maxRepeats: 5 };
    const { lengths, repeats } = sampledIn(repeatCopy(config).sampleBatch(createRandom(5)), 10);
    for (const length of [2, 3, 4]) {
      for (const count of [3, 4, 5]) {
        const found = lengths.filter((drawn, element) => drawn === length && repeats[element] === count).length;
        expect(found / batchSize, `length ${length}, ${count} repeats`).toBeAllClose(1 / 9, { absolute: 0.015 });
      }
    }
  });

  it("samples the same batches again from a restored generator or the same seed", () => {
    const task = repeatCopy({ maxLength: 5 });
    const sample = (seed: number) => {
      const random = createRandom(seed);
      return [task.sampleBatch(random), task.sampleBatch(random)];
    };
    expect(sample(3)).toEqual(sample(3));
    expect(sample(3)).not.toEqual(sample(4));
    expect(sample(3)[0]).not.toEqual(sample(3)[1]);
  });

  it("has the loss of its config, in its unit and average", () => {
    const batch = encodeRepeatCopy({ patterns: [[[1, 0]]], repeats: [2] }); // three steps count, of three bits each
    const logits = new Float32Array(batch.targets.length);
    const loss = (config: object) => scoreBatch(repeatCopy({ numBits: 2, ...config }), logits, batch).loss;
    expect(loss({})).toBeAllClose(9 * Math.LN2);
    expect(loss({ logProbInBits: true })).toBeAllClose(9);
    expect(loss({ timeAverage: true, logProbInBits: true })).toBeAllClose(3);
  });

  it("has the length of each sequence if asked for, and otherwise the same batch", () => {
    const config = { maxLength: 9, maxRepeats: 4 };
    const { lengths: steps, ...batch } = repeatCopy({ ...config, lengths: true }).sampleBatch(createRandom(1));
    const { lengths, repeats } = sampledIn(batch, 10);
    expect(steps).toEqual(Uint32Array.from(lengths, (length, sequence) => length * (repeats[sequence] + 1) + 3));
    expect(batch).toEqual(repeatCopy(config).sampleBatch(createRandom(1)));
  });

  it("samples new arrays each time, as plain data that can be posted to a worker", () => {
    const task = repeatCopy();
    const [one, other] = [task.sampleBatch(createRandom(1)), task.sampleBatch(createRandom(1))];
    for (const name of ["inputs", "targets", "mask"] as const) expect(one[name]).not.toBe(other[name]);
    expect(structuredClone(one)).toEqual(one);
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
    [{ loss: "hinge" }, TypeError, 'loss: expected one of sigmoid, softmax, squared, got "hinge"'],
    [{ logProbInBits: "no" }, TypeError, 'logProbInBits: expected true or false, got "no"'],
    [
      { foo: 1 },
      TypeError,
      'unknown config key "foo"; expected one of batchSize, numBits, minLength, maxLength, minRepeats, maxRepeats, normMax, standardizeRepeats, lengths, loss, groupSizes, timeAverage, logProbInBits',
    ],
    [[], TypeError, "config: expected an object, got an array"],
  ])("rejects %j with a reason", (config, Kind, message) => {
    const call = () => repeatCopy(config as never);
    expect(call).toThrow(new Kind(message));
  });

  it("rejects an absent generator", () => {
    expect(() => repeatCopy().sampleBatch(1 as never)).toThrow(
      new TypeError("random: expected a generator such as createRandom(1), got 1"),
    );
  });
});

type Batch = ReturnType<typeof encodeRepeatCopy>;

const sequencesOf = (batch: Batch) => {
  const { inputs, targets, mask } = nestedBatch(batch);
  return Array.from({ length: batch.batchSize }, (_, sequence) =>
    inputs.map((step, t) => ({ input: step[sequence], target: targets[t][sequence], mask: mask[t][sequence] })),
  );
};

/** Reads length and repeats of every sequence from its repeat channel and its mask. */
const sampledIn = (batch: Batch, normMax: number) => {
  const channels = batch.inputs.length / batch.mask.length;
  const seen = batch.mask.map((_, row) => batch.inputs[row * channels + channels - 1]);
  const repeats = sumOverTime(batch, seen).map((value) => Math.round(value * normMax));
  const counted = sumOverTime(batch, batch.mask);
  const lengths = counted.map((steps, sequence) => (steps - 1) / repeats[sequence]);
  return { lengths, repeats };
};
