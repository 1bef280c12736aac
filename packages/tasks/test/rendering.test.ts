import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { copy } from "../src/copy.js";
import { modelOutput } from "../src/model-output.js";
import { createRandom } from "../src/random.js";
import { encodeRepeatCopy, repeatCopy } from "../src/repeat-copy.js";

/** The first two elements of a batch that DeepMind's implementation drew, padded as there. */
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
  it("writes exactly the reference's strings", async () => {
    const batch = encodeRepeatCopy(REFERENCE);
    const task = repeatCopy();
    expect(await task.render(batch)).toBe(`\n${FIRST}`);
    expect(await task.render(batch, undefined, { wholeBatch: true })).toBe(
      `\n${FIRST}\n\n\n\n${SECOND}\n\n\n\n${FOURTH}`,
    );
  });

  it("adds the model's output as it is given: zero a dash, the rest without its fraction", async () => {
    const batch = encodeRepeatCopy({ patterns: [[[1]], [[0]]], repeats: [1, 1] });
    const logits = tf.tensor3d([0.7, -0.7, -1, 0, 5, -7.9, -2, 1, 0, 0, 0, 0, -0, 0, 3, 0, 12.9, 0, 1, 0], [5, 2, 2]);
    const task = repeatCopy({ numBits: 1 });
    expect(await task.render(batch, logits)).toBe(
      "\nObservations:\n+- 1 - - -+\n+1 - - - -+\n+- - 1 - -+\n\nTargets:\n+- - - 1 -+\n+- - - - 1+" +
        "\n\nModel Output:\n+0 5 - - 12+\n+0 -7 - - -+",
    );
    const rounded = await task.render(batch, modelOutput(logits, batch.mask), { wholeBatch: true });
    expect(rounded.split("\n\n\n\n").map((element) => element.split("Model Output:\n")[1])).toEqual([
      "+- - - - 1+\n+- - - - -+",
      "+- - - 1 1+\n+- - - - -+",
    ]);
  });

  it("shows the repeats themselves for any normMax", async () => {
    for (const normMax of [1, 3, 7, 10, 49, 0.3]) {
      const repeats = [1, 3, 5, 29];
      const batch = encodeRepeatCopy({ patterns: repeats.map(() => [[1]]), repeats }, { normMax });
      const text = await repeatCopy({ numBits: 1, normMax }).render(batch, undefined, { wholeBatch: true });
      const shown = text.split("\n\n\n\n").map((element) => element.trim().split("\n")[3]?.split(" ")[2]);
      expect(shown, `normMax ${normMax}`).toEqual(["1", "3", "5", "29"]);
    }
  });

  it("writes copy with its recall marker", async () => {
    const task = copy({ batchSize: 1, numBits: 2, minLength: 2, maxLength: 2 });
    const text = await task.render(task.sample(createRandom(3)));
    expect(text.split("\n").slice(4, 6)).toEqual(["+1 - - - - -+", "+- - - 1 - -+"]);
  });

  it("makes no tensor and lets the caller dispose while it waits", async () => {
    const before = tf.memory().numTensors;
    const batch = encodeRepeatCopy(REFERENCE);
    const output = tf.clone(batch.target);
    const text = repeatCopy().render(batch, output);
    tf.dispose([batch, output]);
    expect(await text).toContain("Model Output:\n+- - - - 1 - - - -+");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("says what is wrong", async () => {
    const batch = encodeRepeatCopy(REFERENCE);
    const render = repeatCopy().render as (...args: unknown[]) => Promise<string>;
    await expect(copy({ numBits: 3 }).render(batch)).rejects.toThrow(
      new RangeError("observations: expected [time, batch, 5], got [9, 3, 6]"),
    );
    await expect(render(undefined)).rejects.toThrow(new TypeError("batch: expected an object, got undefined"));
    await expect(copy().render(batch)).rejects.toThrow(new RangeError("target: expected [9, 3, 4], got [9, 3, 5]"));
    await expect(render(batch, tf.zeros([9, 3]))).rejects.toThrow(
      new RangeError("output: expected [9, 3, 5], got [9, 3]"),
    );
    await expect(render(batch, [1])).rejects.toThrow(
      new TypeError("output: expected a tensor [9, 3, 5], got an array"),
    );
    await expect(render(batch, undefined, { whole: true })).rejects.toThrow(
      new TypeError('unknown option key "whole"; expected one of wholeBatch'),
    );
    await expect(render(batch, undefined, { wholeBatch: 1 })).rejects.toThrow(
      new TypeError("wholeBatch: expected true or false, got 1"),
    );
  });
});
