import { unroll } from "@dnc/core";
import { createRandom, repeatCopy, scoreBatch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { evaluate } from "../src/evaluate.js";
import { predict } from "../src/predict.js";
import { toTensors } from "../src/to-tensors.js";
import { smallNetwork, smallTask } from "./support.js";

describe("predict", () => {
  it("returns what unroll does, and leaves no tensors", async () => {
    const network = smallNetwork();
    const batch = smallTask.sampleBatch(createRandom(1));
    const before = tf.memory().numTensors;
    const logits = await predict(network, batch);
    expect(tf.memory().numTensors).toBe(before);
    expect(logits).toEqual(unroll(network, toTensors(batch).inputs).outputs.dataSync());
  });
});

describe("evaluate", () => {
  it("scores the requested number of sequences, and calls back after each batch", async () => {
    const network = smallNetwork();
    const progress: number[] = [];
    const onBatch = (sequences: number) => progress.push(sequences);
    const score = await evaluate(network, smallTask, { random: createRandom(5), sequences: 5, onBatch });
    expect(progress).toEqual([2, 4, 5]);
    const batch = smallTask.sampleBatch(createRandom(5), { batchSize: 5 });
    const { loss, ...counts } = scoreBatch(smallTask, await predict(network, batch), batch);
    expect(score).toMatchObject(counts);
    expect(score.loss).toBeAllClose(loss);
  });

  it("scores one batch by default, in the unit of the task", async () => {
    const network = smallNetwork();
    const inBits = repeatCopy({ batchSize: 2, numBits: 2, logProbInBits: true });
    const [nats, bits] = [
      await evaluate(network, smallTask, { random: createRandom(1) }),
      await evaluate(network, inBits, { random: createRandom(1) }),
    ];
    expect(nats.sequences).toBe(2);
    expect(bits.loss * Math.LN2).toBeAllClose(nats.loss);
  });

  it("rejects invalid arguments by name", async () => {
    const [network, random] = [smallNetwork(), createRandom(1)];
    await expect(evaluate(network, smallTask, { random, sequences: 0 })).rejects.toThrow(
      new RangeError("sequences: expected a positive integer, got 0"),
    );
    await expect(evaluate(network, smallTask, { random, batches: 1 } as never)).rejects.toThrow(
      new TypeError('unknown option key "batches"; expected one of random, sequences, carryState, onBatch'),
    );
    await expect(evaluate(network, smallTask, {} as never)).rejects.toThrow(
      new TypeError("random: expected a generator such as createRandom(1), got undefined"),
    );
  });
});
