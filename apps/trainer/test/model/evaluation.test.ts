import { unroll } from "@dnc/core";
import { exactMatch, meanLoss } from "@dnc/tasks";
import { toTensors } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CommandLineWords } from "../../src/flags/settings.js";
import { evaluate, evaluationRandom } from "../../src/model/evaluation.js";
import { createCore, createTask } from "../../src/model/model.js";
import { smallSettings } from "../support.js";

function network(words: CommandLineWords = {}) {
  const settings = smallSettings({ seed: "3", ...words });
  const core = createCore(settings, createTask(settings), 3);
  onTestFinished(() => core.dispose());
  return { settings, core };
}

describe("evaluate", () => {
  it.each<CommandLineWords>([
    { num_bits: "1", max_length: "1", max_repeats: "1", batch_size: "40" },
    { max_length: "5", max_repeats: "3", batch_size: "40" },
    { task: "copy", num_bits: "1", max_length: "1", batch_size: "40" },
    { controller: "gru", num_bits: "1", max_length: "1", max_repeats: "1", batch_size: "40" },
  ])("counts with %o what one counts by hand", async (words) => {
    const { settings, core } = network(words);
    const score = await evaluate(core, settings, evaluationRandom(5), 40);

    const task = createTask(settings);
    const batch = task.sampleBatch(evaluationRandom(5));
    const tensors = toTensors(batch);
    const logits = unroll(core, tensors.inputs).outputs;
    const outputs = logits.dataSync<"float32">();
    const [answers, target, mask] = [logits, tensors.targets, tensors.mask].map((tensor) => tensor.arraySync());
    let [bits, wrongBits] = [0, 0];
    for (const [time, elements] of (answers as number[][][]).entries()) {
      for (const [element, numbers] of elements.entries()) {
        if ((mask as number[][])[time][element] === 0) continue;
        bits += numbers.length;
        wrongBits += numbers.filter((x, bit) => Number(x > 0) !== (target as number[][][])[time][element][bit]).length;
      }
    }
    expect(score).toMatchObject({ sequences: 40, bits, wrongBits });
    expect(score.exactMatch).toBe(exactMatch(outputs, batch).filter((value) => value === 1).length);
    expect(score.loss / 40).toBeCloseTo(meanLoss(outputs, batch), 4);
  });

  it("finds some exact matches and some others, where one bit is to be guessed", async () => {
    const { settings, core } = network({ task: "copy", num_bits: "1", max_length: "1" });
    const { exactMatch } = await evaluate(core, settings, evaluationRandom(0), 50);
    expect(exactMatch).toBeGreaterThan(5);
    expect(exactMatch).toBeLessThan(45);
  });

  it("has the same sequences however many are computed at a time", async () => {
    const { settings, core } = network({ max_length: "4" });
    const score = (batch_size: number) => evaluate(core, { ...settings, batch_size }, evaluationRandom(1), 23);
    const one = await score(1);
    for (const batchSize of [7, 23, 64]) {
      const { loss, ...counts } = await score(batchSize);
      expect(one).toMatchObject(counts);
      expect(loss).toBeCloseTo(one.loss, 3);
    }
  });

  it("is the same twice, to the last bit, and other for another seed", async () => {
    const { settings, core } = network();
    const score = (seed: number) => evaluate(core, settings, evaluationRandom(seed), 20);
    expect(await score(1)).toEqual(await score(1));
    expect((await score(2)).loss).not.toBe((await score(1)).loss);
  });

  it("leaves no tensors", async () => {
    const { settings, core } = network();
    const before = tf.memory().numTensors;
    await evaluate(core, settings, evaluationRandom(1), 5);
    expect(tf.memory().numTensors).toBe(before);
  });
});
