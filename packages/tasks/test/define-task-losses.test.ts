/** Tests the losses that a task may have, and the lengths of its sequences. */
import { describe, expect, it } from "vitest";
import { defineTask, type TaskDefinition } from "../src/define-task.js";
import { createRandom, type Random } from "../src/random.js";
import { scoreBatch } from "../src/score.js";

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

describe("a defined task", () => {
  it("has a loss over groups of outputs, or of numbers", () => {
    const definition = { ...echo, targetSize: 4, batchSize: 1, sampleSequence: () => [{ target: [0, 1, 1, 0] }] };
    const score = (options: Partial<TaskDefinition>) => {
      const task = defineTask({ ...definition, ...options });
      const batch = task.sampleBatch(createRandom(1));
      return scoreBatch(task, Float32Array.of(0, 1, 0, 1), batch);
    };
    const symbols = score({ loss: "softmax", groupSizes: [2, 2] });
    expect(symbols).toMatchObject({ bits: 2, wrongBits: 1 });
    expect(symbols.loss).toBeAllClose(Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(1)));
    expect(score({ loss: "squared" })).toMatchObject({ bits: 4, wrongBits: 2, loss: 1 });
    expect(defineTask({ ...definition, loss: "softmax", groupSizes: [2, 2] })).toMatchObject({ groupSizes: [2, 2] });
  });

  it.each([
    ["softmax", [2.5], -0.5, "a finite number of at least 0"],
    ["softmax", [0], 1e39, "a finite number of at least 0"],
    ["squared", [-7.5], Number.NaN, "a finite number"],
  ] as const)("with loss %s samples the target %j and refuses %d", (loss, right, wrong, expected) => {
    const sample = (target: readonly number[]) =>
      defineTask({ ...echo, loss, batchSize: 1, sampleSequence: () => [{ target }] }).sampleBatch(createRandom(1));
    expect(Array.from(sample(right).targets)).toEqual(right);
    const message = `sampleSequence()[0].target[0]: expected ${expected}, got ${wrong}`;
    expect(() => sample([wrong])).toThrow(new RangeError(message));
  });

  it("has the lengths of its sequences in a batch only if asked for", () => {
    const sampleSequence = (random: Random) => [
      ...Array.from({ length: random.integer(0, 5) }, () => ({ input: [1, 1] })),
      { target: [1] },
    ];
    const { lengths, timeSteps, mask, batchSize } = defineTask({ ...echo, sampleSequence, lengths: true }).sampleBatch(
      createRandom(3),
    );
    // The last step of a sequence is the one that counts.
    const counted = Array.from({ length: batchSize }, (_, sequence) =>
      Array.from({ length: timeSteps }, (_, t) => mask[t * batchSize + sequence]).lastIndexOf(1),
    );
    expect(lengths).toEqual(Uint32Array.from(counted, (t) => t + 1));
    expect(new Set(lengths).size).toBeGreaterThan(2);
    expect(Math.max(...(lengths as Uint32Array))).toBe(timeSteps);
    expect(defineTask({ ...echo, sampleSequence }).sampleBatch(createRandom(3))).not.toHaveProperty("lengths");
  });
});
