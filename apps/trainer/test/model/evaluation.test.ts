import { unroll } from "@dnc/core";
import { type CommandLineWords, createNetwork, createTask } from "@dnc/settings";
import { exactMatch, meanLoss } from "@dnc/tasks";
import { evaluate, toTensors } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { evaluationRandom } from "../../src/model/evaluation.js";
import { sequenceTask, smallConfig } from "../support.js";

async function network(words: CommandLineWords = {}) {
  const config = smallConfig({ seed: "3", ...words });
  const task = await createTask(config.task);
  const core = createNetwork(config.network, task, 3);
  onTestFinished(() => core.dispose());
  const score = async (seed: number, sequences: number, batchSize = config.task.batchSize) => {
    const ofSize = await createTask({ ...config.task, batchSize });
    return evaluate(core, ofSize, { random: evaluationRandom(seed), sequences });
  };
  return { task, core, score };
}

describe("evaluate", () => {
  it.each<CommandLineWords>([
    { num_bits: "1", max_length: "1", max_repeats: "1", batch_size: "40" },
    { max_length: "5", max_repeats: "3", batch_size: "40" },
    { task: "copy", num_bits: "1", max_length: "1", batch_size: "40" },
    { controller: "gru", num_bits: "1", max_length: "1", max_repeats: "1", batch_size: "40" },
  ])("gives the same counts as plain loops, with %o", async (words) => {
    const { task, core, score: evaluated } = await network(words);
    const score = await evaluated(5, 40);

    const batch = sequenceTask(task).sampleBatch(evaluationRandom(5));
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

  it("finds exact matches and mismatches if one bit must be guessed", async () => {
    const { score } = await network({ task: "copy", num_bits: "1", max_length: "1" });
    const { exactMatch } = await score(0, 50);
    expect(exactMatch).toBeGreaterThan(5);
    expect(exactMatch).toBeLessThan(45);
  });

  it("has the same sequences for any batch size", async () => {
    const { score } = await network({ max_length: "4" });
    const one = await score(1, 23, 1);
    for (const batchSize of [7, 23, 64]) {
      const { loss, ...counts } = await score(1, 23, batchSize);
      expect(one).toMatchObject(counts);
      expect(loss).toBeCloseTo(one.loss, 3);
    }
  });

  it("is bit-identical when repeated, and different for another seed", async () => {
    const { score } = await network();
    expect(await score(1, 20)).toEqual(await score(1, 20));
    expect((await score(2, 20)).loss).not.toBe((await score(1, 20)).loss);
  });

  it("leaves no tensors", async () => {
    const { score } = await network();
    const before = tf.memory().numTensors;
    await score(1, 5);
    expect(tf.memory().numTensors).toBe(before);
  });
});
