import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineTask, type TaskDefinition } from "../src/define-task.js";
import { createRandom, type Random } from "../src/random.js";
import { scoreBatch } from "../src/score.js";
import type { Step } from "../src/sequence.js";
import { nestedBatch } from "./support.js";

const RUNS = { seed: 1, numRuns: 40 };

/** A task that repeats a number after a delay. */
const echo: TaskDefinition = {
  name: "echo",
  inputSize: 2,
  targetSize: 1,
  sampleSequence: (random) => {
    const bit = random.integer(0, 1);
    return [{ input: [bit, 1] }, {}, { target: [bit] }];
  },
};

/** Creates a task that always samples these steps. */
const sampling = (steps: unknown) => defineTask({ ...echo, batchSize: 2, sampleSequence: () => steps as Step[] });

describe("defineTask", () => {
  it("stacks sampled sequences, with zeros for absent values, and sets the mask at steps with a target", () => {
    const sequences = [
      [{ input: [1, -2.5], target: [0] }, { target: [0.5] }],
      [{ input: [3, 4] }, { input: undefined, target: undefined }, { target: [1] }],
    ];
    let drawn = 0;
    const sampleSequence = () => sequences[drawn++] as Step[];
    const task = defineTask({ name: "mine", inputSize: 2, targetSize: 1, batchSize: 2, sampleSequence });
    const batch = nestedBatch(task.sampleBatch(createRandom(1)));
    expect([task.name, task.inputSize, task.targetSize]).toEqual(["mine", 2, 1]);
    expect(batch.inputs).toEqual([
      [
        [1, -2.5],
        [3, 4],
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
      [[0], [0]],
      [[0.5], [0]],
      [[0], [1]],
    ]);
    expect(batch.mask).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it("contains exactly the sampled sequences, of any length and width", () => {
    fc.assert(
      fc.property(sampledBatches, ({ inputSize, targetSize, sequences }) => {
        let drawn = 0;
        const batchSize = sequences.length;
        const sampleSequence = () => sequences[drawn++] as Step[];
        const task = defineTask({ name: "any", inputSize, targetSize, batchSize, sampleSequence });
        const { inputs, targets, mask } = nestedBatch(task.sampleBatch(createRandom(1)));
        const time = Math.max(...sequences.map((steps) => steps.length));
        const row = (size: number, values?: readonly number[]) =>
          Array.from({ length: size }, (_, i) => values?.[i] ?? 0);
        const expected = <T>(value: (step: Step | undefined) => T) =>
          Array.from({ length: time }, (_, t) => sequences.map((steps) => value(steps[t])));
        expect(inputs).toEqual(expected((step) => row(inputSize, step?.input)));
        expect(targets).toEqual(expected((step) => row(targetSize, step?.target)));
        expect(mask).toEqual(expected((step) => (step?.target ? 1 : 0)));
      }),
      RUNS,
    );
  });

  it("samples 16 sequences by default, sequentially from the given generator", () => {
    const random = createRandom(5);
    const bits = Array.from({ length: 16 }, () => [random.integer(0, 1)]);
    const batch = nestedBatch(defineTask(echo).sampleBatch(createRandom(5)));
    expect(batch.targets[2]).toEqual(bits);
    expect(new Set(bits.flat())).toEqual(new Set([0, 1]));
  });

  it("samples the requested number of sequences: the same ones, whatever the size of the batch", () => {
    const task = defineTask({ ...echo, batchSize: 3 });
    expect(task.batchSize).toBe(3);
    const bits = (sizes: readonly (number | undefined)[]) => {
      const random = createRandom(5);
      const batches = sizes.map((batchSize) => task.sampleBatch(random, { batchSize }));
      expect(batches.map(({ batchSize }) => batchSize)).toEqual(sizes.map((size) => size ?? 3));
      return batches.flatMap((batch) => nestedBatch(batch).targets[2]);
    };
    expect(bits([1, 5, 2])).toEqual(bits([undefined, undefined, 2]));
    expect(() => task.sampleBatch(createRandom(1), { batchSize: 0 })).toThrow(
      new RangeError("batchSize: expected a positive integer, got 0"),
    );
    expect(() => task.sampleBatch(createRandom(1), { size: 2 } as never)).toThrow(
      new TypeError('unknown option key "size"; expected one of batchSize'),
    );
  });

  it("copies each sequence, so that the next one can be sampled into the same arrays", () => {
    let drawn = 0;
    const input = [0, 0];
    const target = [0];
    const steps: Step[] = [];
    const sampleSequence = () => {
      input[0] = ++drawn;
      target[0] = drawn / 4;
      steps[0] = { input, target };
      if (drawn === 2) steps.push({ input });
      return steps;
    };
    const batch = nestedBatch(defineTask({ ...echo, batchSize: 2, sampleSequence }).sampleBatch(createRandom(1)));
    expect(batch.inputs).toEqual([
      [
        [1, 0],
        [2, 0],
      ],
      [
        [0, 0],
        [2, 0],
      ],
    ]);
    expect(batch.targets).toEqual([
      [[0.25], [0.5]],
      [[0], [0]],
    ]);
    expect(batch.mask).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it("has the loss of its definition, in its unit and average", () => {
    const loss = (options: Partial<TaskDefinition>) => {
      const sampleSequence = () => [{ target: [1] }, {}, { target: [0] }, { target: [0.25] }];
      const task = defineTask({ ...echo, ...options, sampleSequence });
      const batch = task.sampleBatch(createRandom(1));
      return scoreBatch(task, new Float32Array(batch.targets.length), batch).loss / 16;
    };
    expect(loss({})).toBeAllClose(3 * Math.LN2);
    expect(loss({ logProbInBits: true })).toBeAllClose(3);
    expect(loss({ logProbInBits: true, timeAverage: true })).toBeAllClose(1);
    expect(defineTask(echo)).toMatchObject({ loss: "sigmoid", timeAverage: false, logProbInBits: false });
  });

  it("shows inputs through `formatInput`, or unchanged without it", () => {
    const definition = { ...echo, batchSize: 1, sampleSequence: () => [{ input: [0.3, 2] }, { target: [1] }] };
    const render = (options: Partial<TaskDefinition>) => {
      const task = defineTask({ ...definition, ...options });
      return task.render(task.sampleBatch(createRandom(1)));
    };
    const formatInput = (value: number, channel: number) => (channel === 0 ? Math.round(value * 10) : value);
    expect(render({ formatInput })).toBe("\nObservations:\n+3 -+\n+2 -+\n\nTargets:\n+- 1+");
    expect(render({})).toBe("\nObservations:\n+0 -+\n+2 -+\n\nTargets:\n+- 1+");
    expect(defineTask({ ...definition, formatInput }).formatInput?.(0.3, 0)).toBe(3);
    expect(defineTask(definition)).not.toHaveProperty("formatInput");
    expect(() => render({ formatInput: () => "3" as never })).toThrow(
      new TypeError('formatInput(): expected a number, got "3"'),
    );
  });

  it("scores and shows only what fits the task", () => {
    const batch = sampling([{ target: [1] }]).sampleBatch(createRandom(1));
    const wide = defineTask({ ...echo, targetSize: 3 });
    expect(() => scoreBatch(wide, batch.targets, batch)).toThrow(
      new RangeError("targets: expected [1, 2, 3], 6 numbers, got 2"),
    );
    expect(() => wide.render(batch)).toThrow(new RangeError("targets: expected [1, 2, 3], 6 numbers, got 2"));
  });

  it("does not change if its definition changes later", () => {
    const definition = { ...echo, batchSize: 3 };
    const task = defineTask(definition);
    Object.assign(definition, { batchSize: 5, inputSize: 9, sampleSequence: undefined });
    const batch = task.sampleBatch(createRandom(1));
    expect(batch).toMatchObject({ timeSteps: 3, batchSize: 3 });
    expect(batch.inputs).toHaveLength(3 * 3 * 2);
  });

  it("refuses a batch if only the last sequence is invalid", () => {
    let drawn = 0;
    const broken = defineTask({ ...echo, sampleSequence: () => (drawn++ < 15 ? [{ target: [1] }] : []) });
    expect(() => broken.sampleBatch(createRandom(1))).toThrow(RangeError);
    expect(drawn).toBe(16);
  });

  it.each([
    [{ name: undefined }, TypeError, "name: expected a text that is not empty, got undefined"],
    [{ name: "" }, TypeError, 'name: expected a text that is not empty, got ""'],
    [{ inputSize: 0 }, RangeError, "inputSize: expected a positive integer, got 0"],
    [{ inputSize: undefined }, TypeError, "inputSize: expected a positive integer, got undefined"],
    [{ targetSize: 1.5 }, RangeError, "targetSize: expected a positive integer, got 1.5"],
    [{ targetSize: "3" }, TypeError, 'targetSize: expected a positive integer, got "3"'],
    [{ batchSize: -1 }, RangeError, "batchSize: expected a positive integer, got -1"],
    [
      { sampleSequence: [[]] },
      TypeError,
      "sampleSequence: expected a function from a generator to an array of steps, got an array",
    ],
    [
      { sampleSequence: undefined },
      TypeError,
      "sampleSequence: expected a function from a generator to an array of steps, got undefined",
    ],
    [
      { formatInput: 10 },
      TypeError,
      "formatInput: expected a function from a value and its channel to a number, got 10",
    ],
    [{ timeAverage: 1 }, TypeError, "timeAverage: expected true or false, got 1"],
    [{ lengths: 1 }, TypeError, "lengths: expected true or false, got 1"],
    [{ loss: "hinge" }, TypeError, 'loss: expected one of sigmoid, softmax, squared, got "hinge"'],
    [{ groupSizes: [1] }, TypeError, 'groupSizes: expected none for loss "sigmoid", got an array'],
    [
      { loss: "softmax", groupSizes: [1, 1] },
      RangeError,
      "groupSizes: expected sizes that add up to the 1 outputs, got 2",
    ],
    [{ logProbInBits: "no" }, TypeError, 'logProbInBits: expected true or false, got "no"'],
    [
      { draw: 1 },
      TypeError,
      'unknown definition key "draw"; expected one of name, inputSize, targetSize, batchSize, sampleSequence, formatInput, lengths, description, channelLabels, phases, maxTimeSteps, meanCountedSteps, loss, groupSizes, timeAverage, logProbInBits',
    ],
  ])("rejects a definition with %j", (wrong, Kind, message) => {
    const call = () => defineTask({ ...echo, ...wrong } as never);
    expect(call).toThrow(new Kind(message));
  });

  it("needs a definition, and a generator to sample from", () => {
    expect(() => defineTask(undefined as never)).toThrow(
      new TypeError("definition: expected an object, got undefined"),
    );
    expect(() => defineTask(echo).sampleBatch(undefined as never as Random)).toThrow(
      new TypeError("random: expected a generator such as createRandom(1), got undefined"),
    );
  });

  it.each([
    [undefined, TypeError, "sampleSequence(): expected an array, got undefined"],
    [Promise.resolve([]), TypeError, "sampleSequence(): expected an array, got an object"],
    [[], RangeError, "sampleSequence(): expected at least one step, got 0"],
    [[{ input: [1, 2] }, {}], RangeError, "sampleSequence(): expected a target in at least one step, got none in 2"],
    [[null], TypeError, "sampleSequence()[0]: expected an object, got null"],
    [[{}, [1, 2]], TypeError, "sampleSequence()[1]: expected an object, got an array"],
    [[{ answer: [1] }], TypeError, 'unknown sampleSequence()[0] key "answer"; expected one of input, target'],
    [[{}, { input: [1] }], RangeError, "sampleSequence()[1].input: expected 2 numbers, got 1"],
    [[{ input: [] }], RangeError, "sampleSequence()[0].input: expected 2 numbers, got 0"],
    [[{ input: 1 }], TypeError, "sampleSequence()[0].input: expected an array, got 1"],
    [[{ input: [1, Number.NaN] }], RangeError, "sampleSequence()[0].input[1]: expected a finite number, got NaN"],
    [[{ input: [1e39, 0] }], RangeError, "sampleSequence()[0].input[0]: expected a finite number, got 1e+39"],
    [[{ input: [0, "1"] }], TypeError, 'sampleSequence()[0].input[1]: expected a finite number, got "1"'],
    [
      // biome-ignore lint/suspicious/noSparseArray: a hole must not count as a number
      [{ input: [, 1] }],
      TypeError,
      "sampleSequence()[0].input[0]: expected a finite number, got undefined",
    ],
    [[{ target: [0, 1] }], RangeError, "sampleSequence()[0].target: expected 1 numbers, got 2"],
    [[{ target: null }], TypeError, "sampleSequence()[0].target: expected an array, got null"],
    [[{ target: [1.01] }], RangeError, "sampleSequence()[0].target[0]: expected a number in [0, 1], got 1.01"],
    [[{ target: [-0.5] }], RangeError, "sampleSequence()[0].target[0]: expected a number in [0, 1], got -0.5"],
    [[{ target: [Number.NaN] }], RangeError, "sampleSequence()[0].target[0]: expected a number in [0, 1], got NaN"],
    [[{ target: [true] }], TypeError, "sampleSequence()[0].target[0]: expected a number in [0, 1], got true"],
  ])("refuses to sample %j", (steps, Kind, message) => {
    const call = () => sampling(steps).sampleBatch(createRandom(1));
    expect(call).toThrow(new Kind(message));
  });
});

/** Sizes and a batch of sequences that fit them, each with a target in its last step. */
const sampledBatches = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain((sizes) => {
  const [inputSize, targetSize] = sizes;
  const numbers = (size: number, min: number, max: number) =>
    fc.array(fc.float({ min, max, noNaN: true }), { minLength: size, maxLength: size });
  const input = numbers(inputSize, -100, 100);
  const target = numbers(targetSize, 0, 1);
  const step = fc.record({ input, target }, { requiredKeys: [] });
  const sequence = fc
    .tuple(fc.array(step, { maxLength: 4 }), target)
    .map(([steps, last]) => [...steps, { target: last }]);
  return fc.record({
    inputSize: fc.constant(inputSize),
    targetSize: fc.constant(targetSize),
    sequences: fc.array(sequence, { minLength: 1, maxLength: 4 }),
  });
});
