import { describe, expect, it } from "vitest";
import { copy } from "../src/algorithmic/copy.js";
import { encodeRepeatCopy, repeatCopy } from "../src/algorithmic/repeat-copy.js";
import { defineTask } from "../src/define-task.js";
import { predictedBits } from "../src/predicted-bits.js";
import { createRandom } from "../src/random.js";

/** The first two elements of a batch from DeepMind's implementation, with its padding. */
const REFERENCE = {
  patterns: [
    [
      [1, 1, 1, 1],
      [0, 1, 1, 1],
    ],
    [
      [0, 1, 0, 1],
      [0, 0, 1, 0],
    ],
    [
      [0, 0, 1, 1],
      [1, 0, 1, 1],
    ],
  ],
  repeats: [1, 1, 2],
};

const FIRST =
  "Observations:\n+- 1 - - - - - - -+\n+- 1 1 - - - - - -+\n+- 1 1 - - - - - -+\n+- 1 1 - - - - - -+\n+1 - - - - - - - -+\n+- - - 1 - - - - -+\n\nTargets:\n+- - - - 1 - - - -+\n+- - - - 1 1 - - -+\n+- - - - 1 1 - - -+\n+- - - - 1 1 - - -+\n+- - - - - - 1 - -+";
const SECOND =
  "Observations:\n+- - - - - - - - -+\n+- 1 - - - - - - -+\n+- - 1 - - - - - -+\n+- 1 - - - - - - -+\n+1 - - - - - - - -+\n+- - - 1 - - - - -+\n\nTargets:\n+- - - - - - - - -+\n+- - - - 1 - - - -+\n+- - - - - 1 - - -+\n+- - - - 1 - - - -+\n+- - - - - - 1 - -+";
const FOURTH =
  "Observations:\n+- - 1 - - - - - -+\n+- - - - - - - - -+\n+- 1 1 - - - - - -+\n+- 1 1 - - - - - -+\n+1 - - - - - - - -+\n+- - - 2 - - - - -+\n\nTargets:\n+- - - - - 1 - 1 -+\n+- - - - - - - - -+\n+- - - - 1 1 1 1 -+\n+- - - - 1 1 1 1 -+\n+- - - - - - - - 1+";

describe("Task.render", () => {
  it("writes exactly the reference's strings", () => {
    const batch = encodeRepeatCopy(REFERENCE);
    const task = repeatCopy();
    expect(task.render(batch)).toBe(`\n${FIRST}`);
    expect(task.render(batch, undefined, { wholeBatch: true })).toBe(`\n${FIRST}\n\n\n\n${SECOND}\n\n\n\n${FOURTH}`);
  });

  it("adds the model's output unchanged: zero as a dash, other numbers without their fraction", () => {
    const batch = encodeRepeatCopy({ patterns: [[[1]], [[0]]], repeats: [1, 1] });
    const logits = Float32Array.of(0.7, -0.7, -1, 0, 5, -7.9, -2, 1, 0, 0, 0, 0, -0, 0, 3, 0, 12.9, 0, 1, 0);
    const task = repeatCopy({ numBits: 1 });
    expect(task.render(batch, logits)).toBe(
      "\nObservations:\n+- 1 - - -+\n+1 - - - -+\n+- - 1 - -+\n\nTargets:\n+- - - 1 -+\n+- - - - 1+" +
        "\n\nModel Output:\n+0 5 - - 12+\n+0 -7 - - -+",
    );
    const rounded = task.render(batch, predictedBits(logits, batch.mask), { wholeBatch: true });
    expect(rounded.split("\n\n\n\n").map((element) => element.split("Model Output:\n")[1])).toEqual([
      "+- - - - 1+\n+- - - - -+",
      "+- - - 1 1+\n+- - - - -+",
    ]);
  });

  it("shows the repeats themselves for any normMax", () => {
    for (const normMax of [1, 3, 7, 10, 49, 0.3]) {
      const repeats = [1, 3, 5, 29];
      const batch = encodeRepeatCopy({ patterns: repeats.map(() => [[1]]), repeats }, { normMax });
      const text = repeatCopy({ numBits: 1, normMax }).render(batch, undefined, { wholeBatch: true });
      const shown = text.split("\n\n\n\n").map((element) => element.trim().split("\n")[3]?.split(" ")[2]);
      expect(shown, `normMax ${normMax}`).toEqual(["1", "3", "5", "29"]);
    }
  });

  it("writes copy with its recall marker", () => {
    const task = copy({ batchSize: 1, numBits: 2, minLength: 2, maxLength: 2 });
    const text = task.render(task.sampleBatch(createRandom(3)));
    expect(text.split("\n").slice(4, 6)).toEqual(["+1 - - - - -+", "+- - - 1 - -+"]);
  });

  it("writes numbers of loss squared with two decimals, in columns", () => {
    const sampleSequence = () => [{ input: [0.125] }, { input: [-3], target: [1 / 3] }, { target: [-12.5] }];
    const task = defineTask({
      name: "sum",
      inputSize: 1,
      targetSize: 1,
      batchSize: 1,
      loss: "squared",
      sampleSequence,
    });
    const text = task.render(task.sampleBatch(createRandom(1)), Float32Array.of(0, 0.3, 1e4));
    expect(text).toBe(
      "\nObservations:\n+0.13   -3    -+\n\nTargets:\n+    -  0.33 -12.5+\n\nModel Output:\n+    -   0.3 10000+",
    );
  });

  it("changes neither batch nor output", () => {
    const batch = encodeRepeatCopy(REFERENCE);
    const output = batch.targets.slice();
    expect(repeatCopy().render(batch, output)).toContain("Model Output:\n+- - - - 1 - - - -+");
    expect(output).toEqual(batch.targets);
    expect(batch).toEqual(encodeRepeatCopy(REFERENCE));
  });

  it("rejects invalid arguments by name", () => {
    const batch = encodeRepeatCopy(REFERENCE);
    const render = repeatCopy().render as (...args: unknown[]) => string;
    expect(() => copy({ numBits: 3 }).render(batch)).toThrow(
      new RangeError("targets: expected [9, 3, 3], 81 numbers, got 135"),
    );
    expect(() => render({ ...batch, inputs: batch.targets })).toThrow(
      new RangeError("inputs: expected [9, 3, 6], 162 numbers, got 135"),
    );
    expect(() => render(undefined)).toThrow(new TypeError("batch: expected an object, got undefined"));
    expect(() => copy().render(batch)).toThrow(new RangeError("targets: expected [9, 3, 4], 108 numbers, got 135"));
    expect(() => render(batch, new Float32Array(27))).toThrow(
      new RangeError("output: expected [9, 3, 5], 135 numbers, got 27"),
    );
    expect(() => render(batch, [1])).toThrow(new TypeError("output: expected a Float32Array, got an array"));
    expect(() => render(batch, undefined, { whole: true })).toThrow(
      new TypeError('unknown option key "whole"; expected one of wholeBatch'),
    );
    expect(() => render(batch, undefined, { wholeBatch: 1 })).toThrow(
      new TypeError("wholeBatch: expected true or false, got 1"),
    );
  });
});
