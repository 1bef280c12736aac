import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineTask, type TaskDefinition } from "../src/define-task.js";
import { createRandom, type Random } from "../src/random.js";
import type { Step } from "../src/sequence.js";

const RUNS = { seed: 1, numRuns: 40 };

/** See a number, wait, say it. */
const echo: TaskDefinition = {
  name: "echo",
  inputSize: 2,
  targetSize: 1,
  drawSequence: (random) => {
    const bit = random.integer(0, 1);
    return [{ observation: [bit, 1] }, {}, { answer: [bit] }];
  },
};

/** A task that draws these steps whatever the generator says. */
const drawing = (steps: unknown) => defineTask({ ...echo, batchSize: 2, drawSequence: () => steps as Step[] });

describe("defineTask", () => {
  it("puts what it draws side by side, zeros where nothing is said, and counts the steps that have an answer", () => {
    const sequences = [
      [{ observation: [1, -2.5], answer: [0] }, { answer: [0.5] }],
      [{ observation: [3, 4] }, { observation: undefined, answer: undefined }, { answer: [1] }],
    ];
    let drawn = 0;
    const drawSequence = () => sequences[drawn++] as Step[];
    const task = defineTask({ name: "mine", inputSize: 2, targetSize: 1, batchSize: 2, drawSequence });
    const batch = task.sample(createRandom(1));
    expect([task.name, task.inputSize, task.targetSize]).toEqual(["mine", 2, 1]);
    expect(batch.observations.arraySync()).toEqual([
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
    expect(batch.target.arraySync()).toEqual([
      [[0], [0]],
      [[0.5], [0]],
      [[0], [1]],
    ]);
    expect(batch.mask.arraySync()).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it("holds every sequence it draws, of any length and width, and nothing else", () => {
    fc.assert(
      fc.property(drawnBatches, ({ inputSize, targetSize, sequences }) => {
        let drawn = 0;
        const batchSize = sequences.length;
        const drawSequence = () => sequences[drawn++] as Step[];
        const task = defineTask({ name: "any", inputSize, targetSize, batchSize, drawSequence });
        const { observations, target, mask } = task.sample(createRandom(1));
        const time = Math.max(...sequences.map((steps) => steps.length));
        const row = (size: number, values?: readonly number[]) =>
          Array.from({ length: size }, (_, i) => values?.[i] ?? 0);
        const expected = <T>(value: (step: Step | undefined) => T) =>
          Array.from({ length: time }, (_, t) => sequences.map((steps) => value(steps[t])));
        expect(observations.arraySync()).toEqual(expected((step) => row(inputSize, step?.observation)));
        expect(target.arraySync()).toEqual(expected((step) => row(targetSize, step?.answer)));
        expect(mask.arraySync()).toEqual(expected((step) => (step?.answer ? 1 : 0)));
      }),
      RUNS,
    );
  });

  it("draws 16 sequences unless told otherwise, one after the other from the generator it is given", () => {
    const random = createRandom(5);
    const bits = Array.from({ length: 16 }, () => [random.integer(0, 1)]);
    const batch = defineTask(echo).sample(createRandom(5));
    expect(batch.target.arraySync()[2]).toEqual(bits);
    expect(new Set(bits.flat())).toEqual(new Set([0, 1]));
  });

  it("keeps the numbers of each sequence, though the next one is drawn into the same arrays", () => {
    let drawn = 0;
    const observation = [0, 0];
    const answer = [0];
    const steps: Step[] = [];
    const drawSequence = () => {
      observation[0] = ++drawn;
      answer[0] = drawn / 4;
      steps[0] = { observation, answer };
      if (drawn === 2) steps.push({ observation });
      return steps;
    };
    const batch = defineTask({ ...echo, batchSize: 2, drawSequence }).sample(createRandom(1));
    expect(batch.observations.arraySync()).toEqual([
      [
        [1, 0],
        [2, 0],
      ],
      [
        [0, 0],
        [2, 0],
      ],
    ]);
    expect(batch.target.arraySync()).toEqual([
      [[0.25], [0.5]],
      [[0], [0]],
    ]);
    expect(batch.mask.arraySync()).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it("costs what maskedSigmoidCrossEntropy says, in the unit and average of its definition", () => {
    const cost = (options: Partial<TaskDefinition>) => {
      const drawSequence = () => [{ answer: [1] }, {}, { answer: [0] }, { answer: [0.25] }];
      const task = defineTask({ ...echo, ...options, drawSequence });
      const batch = task.sample(createRandom(1));
      return task.cost(tf.zerosLike(batch.target), batch);
    };
    expect(cost({})).toBeAllClose(tf.scalar(3 * Math.LN2));
    expect(cost({ logProbInBits: true })).toBeAllClose(tf.scalar(3));
    expect(cost({ logProbInBits: true, timeAverage: true })).toBeAllClose(tf.scalar(1));
  });

  it("shows observations as `shown` says, and as they are without it", async () => {
    const definition = { ...echo, batchSize: 1, drawSequence: () => [{ observation: [0.3, 2] }, { answer: [1] }] };
    const render = (options: Partial<TaskDefinition>) => {
      const task = defineTask({ ...definition, ...options });
      return task.render(task.sample(createRandom(1)));
    };
    const shown = (value: number, channel: number) => (channel === 0 ? Math.round(value * 10) : value);
    expect(await render({ shown })).toBe("\nObservations:\n+3 -+\n+2 -+\n\nTargets:\n+- 1+");
    expect(await render({})).toBe("\nObservations:\n+0 -+\n+2 -+\n\nTargets:\n+- 1+");
    await expect(render({ shown: () => "3" as never })).rejects.toThrow(
      new TypeError('shown(): expected a number, got "3"'),
    );
  });

  it("scores and shows only what fits the task", async () => {
    const batch = drawing([{ answer: [1] }]).sample(createRandom(1));
    const wide = defineTask({ ...echo, targetSize: 3 });
    expect(() => wide.cost(batch.target, batch)).toThrow(
      new RangeError("target: expected [time, batch, 3], got [1, 2, 1]"),
    );
    await expect(wide.render(batch)).rejects.toThrow(new RangeError("target: expected [1, 2, 3], got [1, 2, 1]"));
  });

  it("is what its definition said when it was made", () => {
    const definition = { ...echo, batchSize: 3 };
    const task = defineTask(definition);
    Object.assign(definition, { batchSize: 5, inputSize: 9, drawSequence: undefined });
    expect(task.sample(createRandom(1)).observations.shape).toEqual([3, 3, 2]);
  });

  it("makes exactly the three tensors of a batch, and none for one that it refuses", () => {
    const before = tf.memory().numTensors;
    const batch = defineTask(echo).sample(createRandom(1));
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose(batch);
    let drawn = 0;
    const broken = defineTask({ ...echo, drawSequence: () => (drawn++ < 15 ? [{ answer: [1] }] : []) });
    expect(() => broken.sample(createRandom(1))).toThrow(RangeError);
    expect(drawn).toBe(16);
    expect(tf.memory().numTensors).toBe(before);
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
      { drawSequence: [[]] },
      TypeError,
      "drawSequence: expected a function from a generator to an array of steps, got an array",
    ],
    [
      { drawSequence: undefined },
      TypeError,
      "drawSequence: expected a function from a generator to an array of steps, got undefined",
    ],
    [{ shown: 10 }, TypeError, "shown: expected a function from a value and its channel to a number, got 10"],
    [{ timeAverage: 1 }, TypeError, "timeAverage: expected true or false, got 1"],
    [{ logProbInBits: "no" }, TypeError, 'logProbInBits: expected true or false, got "no"'],
    [
      { draw: 1 },
      TypeError,
      'unknown definition key "draw"; expected one of name, inputSize, targetSize, batchSize, drawSequence, shown, timeAverage, logProbInBits',
    ],
  ])("says what is wrong with a definition that has %j", (wrong, Kind, message) => {
    const call = () => defineTask({ ...echo, ...wrong } as never);
    expect(call).toThrow(new Kind(message));
  });

  it("needs a definition, and a generator to draw from", () => {
    expect(() => defineTask(undefined as never)).toThrow(
      new TypeError("definition: expected an object, got undefined"),
    );
    expect(() => defineTask(echo).sample(undefined as never as Random)).toThrow(
      new TypeError("random: expected a generator such as createRandom(1), got undefined"),
    );
  });

  it.each([
    [undefined, TypeError, "drawSequence(): expected an array, got undefined"],
    [Promise.resolve([]), TypeError, "drawSequence(): expected an array, got an object"],
    [[], RangeError, "drawSequence(): expected at least one step, got 0"],
    [
      [{ observation: [1, 2] }, {}],
      RangeError,
      "drawSequence(): expected an answer in at least one step, got none in 2",
    ],
    [[null], TypeError, "drawSequence()[0]: expected an object, got null"],
    [[{}, [1, 2]], TypeError, "drawSequence()[1]: expected an object, got an array"],
    [[{ target: [1] }], TypeError, 'unknown drawSequence()[0] key "target"; expected one of observation, answer'],
    [[{}, { observation: [1] }], RangeError, "drawSequence()[1].observation: expected 2 numbers, got 1"],
    [[{ observation: [] }], RangeError, "drawSequence()[0].observation: expected 2 numbers, got 0"],
    [[{ observation: 1 }], TypeError, "drawSequence()[0].observation: expected an array, got 1"],
    [
      [{ observation: [1, Number.NaN] }],
      RangeError,
      "drawSequence()[0].observation[1]: expected a finite number, got NaN",
    ],
    [[{ observation: [1e39, 0] }], RangeError, "drawSequence()[0].observation[0]: expected a finite number, got 1e+39"],
    [[{ observation: [0, "1"] }], TypeError, 'drawSequence()[0].observation[1]: expected a finite number, got "1"'],
    [
      // biome-ignore lint/suspicious/noSparseArray: a hole must not pass for a number
      [{ observation: [, 1] }],
      TypeError,
      "drawSequence()[0].observation[0]: expected a finite number, got undefined",
    ],
    [[{ answer: [0, 1] }], RangeError, "drawSequence()[0].answer: expected 1 numbers, got 2"],
    [[{ answer: null }], TypeError, "drawSequence()[0].answer: expected an array, got null"],
    [[{ answer: [1.01] }], RangeError, "drawSequence()[0].answer[0]: expected a number in [0, 1], got 1.01"],
    [[{ answer: [-0.5] }], RangeError, "drawSequence()[0].answer[0]: expected a number in [0, 1], got -0.5"],
    [[{ answer: [Number.NaN] }], RangeError, "drawSequence()[0].answer[0]: expected a number in [0, 1], got NaN"],
    [[{ answer: [true] }], TypeError, "drawSequence()[0].answer[0]: expected a number in [0, 1], got true"],
  ])("refuses to sample %j", (steps, Kind, message) => {
    const call = () => drawing(steps).sample(createRandom(1));
    expect(call).toThrow(new Kind(message));
  });
});

/** Sizes and a batch of sequences that fit them, each with an answer in its last step. */
const drawnBatches = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain((sizes) => {
  const [inputSize, targetSize] = sizes;
  const numbers = (size: number, min: number, max: number) =>
    fc.array(fc.float({ min, max, noNaN: true }), { minLength: size, maxLength: size });
  const observation = numbers(inputSize, -100, 100);
  const answer = numbers(targetSize, 0, 1);
  const step = fc.record({ observation, answer }, { requiredKeys: [] });
  const sequence = fc
    .tuple(fc.array(step, { maxLength: 4 }), answer)
    .map(([steps, last]) => [...steps, { answer: last }]);
  return fc.record({
    inputSize: fc.constant(inputSize),
    targetSize: fc.constant(targetSize),
    sequences: fc.array(sequence, { minLength: 1, maxLength: 4 }),
  });
});
