/** What all algorithmic tasks have in common: facts that are true of their batches, seeds, and refusals. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  associativeRecall,
  bigRepeatCopy,
  copy,
  createRandom,
  dynamicAllocation,
  dynamicNGrams,
  keyValue,
  phasesOf,
  prioritySort,
  repeatCopy,
  type Task,
  type TaskFacts,
  twoWayKeyValue,
} from "../../src/index.js";
import { nestedBatch, sumOverTime } from "../support.js";

// biome-ignore lint/suspicious/noExplicitAny: the configurations differ
type Create = (config?: any) => Task & TaskFacts;

const TASKS: readonly (readonly [Create, object, number])[] = [
  [copy, { startMarker: false, maxLength: 5 }, 11],
  [repeatCopy, { minRepeats: 1, maxRepeats: 4, standardizeRepeats: true }, 13],
  [associativeRecall, { maxItems: 4 }, 24],
  [associativeRecall, { form: "csordas", signedInputs: true, scoreInputs: true }, 31],
  [dynamicNGrams, { contextBits: 2, length: 20 }, 19],
  [prioritySort, { numInputs: 5, numTargets: 3 }, 9],
  [keyValue, { keyBits: 4, valueBits: 2 }, 34],
  [keyValue, { signedInputs: true, scoreInputs: true }, 34],
  [twoWayKeyValue, { numBits: 4, maxItems: 5 }, 18],
  [twoWayKeyValue, { distinctValues: false, signedInputs: true, scoreInputs: true }, 51],
  [bigRepeatCopy, { maxPatterns: 3, maxLength: 4 }, 30],
  [bigRepeatCopy, { signedInputs: true, scoreInputs: true, maxLength: 3, maxPatterns: 4 }, 32],
  [dynamicAllocation, {}, 110],
];

describe.each(TASKS)("%o with %j", (create, config, maxTimeSteps) => {
  const task = create({ ...config, lengths: true, batchSize: 400 });
  const batch = task.sampleBatch(createRandom(1));

  it("has facts that are true", () => {
    expect(task.maxTimeSteps).toBe(maxTimeSteps);
    expect(batch.timeSteps).toBe(maxTimeSteps);
    const counted = sumOverTime(batch, batch.mask).reduce((a, b) => a + b) / batch.batchSize;
    expect(counted / task.meanCountedSteps).toBeAllClose(1, { absolute: 0.08 });
    const { inputs, targets } = task.channelLabels();
    expect([inputs.length, targets.length]).toEqual([task.inputSize, task.targetSize]);
    const phases = phasesOf(task, batch, 0) as readonly string[];
    expect(new Set(phases).size).toBeGreaterThan(1);
    expect(task.description).toMatch(/\d/);
  });

  it("draws the same sequences for a seed, one after the other, and as long as lengths says", () => {
    const few = create({ ...config, lengths: true, batchSize: 8 }).sampleBatch(createRandom(1));
    expect(create({ ...config, lengths: true, batchSize: 8 }).sampleBatch(createRandom(1))).toEqual(few);
    const random = createRandom(1);
    for (let sequence = 0; sequence < 3; sequence++) {
      const alone = task.sampleBatch(random, { batchSize: 1 });
      expect(alone.timeSteps).toBe(few.lengths?.[sequence]);
      const { inputs, targets, mask } = nestedBatch(few);
      const of = <Row>(rows: readonly (readonly Row[])[]) =>
        rows.slice(0, alone.timeSteps).map((row) => [row[sequence]]);
      expect(nestedBatch(alone)).toEqual({ inputs: of(inputs), targets: of(targets), mask: of(mask) });
    }
  });

  it("renders its inputs as digits", () => {
    const lines = task
      .render(batch)
      .split("\n")
      .filter((line) => line.startsWith("+"));
    expect(lines).toHaveLength(task.inputSize + task.targetSize);
    for (const line of lines) expect(line).toMatch(/^\+([-0-9] )*[-0-9]\+$/);
  });

  it.each([
    [{ batchSize: 0 }, RangeError, "batchSize: expected a positive integer, got 0"],
    [{ lengths: 1 }, TypeError, "lengths: expected true or false, got 1"],
    [{ loss: "cubic" }, TypeError, "loss: expected one of sigmoid, softmax, squared, got"],
    [{ numbits: 3 }, TypeError, 'unknown config key "numbits"; expected one of batchSize, '],
  ])("rejects %j with a reason", (change, Kind, message) => {
    const call = () => create({ ...config, ...change });
    expect(call).toThrow(Kind);
    expect(call).toThrow(message);
  });
});

it.each([
  [copy, { startMarker: 1 }, "startMarker: expected true or false, got 1"],
  [
    repeatCopy,
    { minRepeats: 2, standardizeRepeats: true },
    "standardizeRepeats: expected false for a single number of repeats (2), got true",
  ],
  [associativeRecall, { minItems: 1 }, "minItems: expected at least 2, got 1"],
  [associativeRecall, { form: "other" }, 'form: expected one of ntm, csordas, got "other"'],
  [associativeRecall, { itemLength: 0 }, "itemLength: expected a positive integer, got 0"],
  [associativeRecall, { signedInputs: 1 }, "signedInputs: expected true or false, got 1"],
  [dynamicNGrams, { contextBits: 21 }, "contextBits: expected an integer from 1 to 20, got 21"],
  [dynamicNGrams, { length: 5 }, "length: expected more than contextBits (5), got 5"],
  [prioritySort, { numTargets: 21 }, "numTargets: expected at most numInputs (20), got 21"],
  [prioritySort, { numInputs: 2 ** 21 }, "numInputs: expected at most 1048576, got 2097152"],
  [keyValue, { keyBits: 3 }, "maxItems: expected at most 8, the number of keys, got 16"],
  [keyValue, { valueBits: 31 }, "valueBits: expected an integer from 1 to 30, got 31"],
  [keyValue, { scoreInputs: "all" }, 'scoreInputs: expected true or false, got "all"'],
  [twoWayKeyValue, { distinctValues: null }, "distinctValues: expected true or false, got null"],
  [twoWayKeyValue, { minItems: 17 }, "minItems: expected at most maxItems (16), got 17"],
  [bigRepeatCopy, { minPatterns: 9 }, "minPatterns: expected at most maxPatterns (8), got 9"],
  [dynamicAllocation, { numBits: 1.5 }, "numBits: expected a positive integer, got 1.5"],
] as const)("%o rejects %j with a reason", (create: Create, config, message) => {
  expect(() => create(config)).toThrow(message);
});

it.each([copy, repeatCopy, associativeRecall, prioritySort, bigRepeatCopy, dynamicAllocation])(
  "%o has sizes even where no array could be as wide, for who checks them before sampling",
  (create: Create) => {
    const numBits = 2 ** 32;
    expect(create({ numBits }).inputSize).toBeGreaterThan(numBits);
  },
);

it("numbers that are scaled are finite in any range", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (minRepeats, more) => {
      const maxRepeats = minRepeats + more;
      const task = repeatCopy({ minRepeats, maxRepeats, standardizeRepeats: true, batchSize: 1, numBits: 1 });
      const batch = task.sampleBatch(createRandom(minRepeats));
      const { inputs, mask } = nestedBatch(batch);
      const repeats = mask.findIndex(([counts]) => counts === 1) - 1;
      const shown = inputs[repeats][0][2];
      const length = inputs.length; // length + 2 + length * repeats + 1, of a pattern of length 1 or 2
      const scale = Math.sqrt(((more + 1) ** 2 - 1) / 12);
      const count = Math.round(shown * scale + (minRepeats + maxRepeats) / 2);
      expect([1, 2].map((each) => each * (count + 1) + 3)).toContain(length);
      expect(phasesOf(task, batch)?.[repeats]).toBe("repeats");
      if (shown !== 0) expect(task.formatInput?.(shown, 2)).toBe(count);
    }),
    { seed: 1, numRuns: 40 },
  );
});
