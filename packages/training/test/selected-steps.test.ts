/** Tests batches in which not every step is run: `lengths` and `inputMask`. */
import { copy, createRandom, repeatCopy, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { evaluate } from "../src/evaluate.js";
import { predict } from "../src/predict.js";
import { traceSequence } from "../src/trace-sequence.js";
import { train } from "../src/train.js";
import { optimizerOf, smallNetwork, valuesOf } from "./support.js";

const task = repeatCopy({ batchSize: 3, numBits: 2, maxLength: 3, lengths: true });

/** The same batches with an input mask instead of lengths. */
const masked: Task = {
  ...task,
  sampleBatch: (random, options) => {
    const { lengths, ...batch } = task.sampleBatch(random, options);
    const { timeSteps, batchSize } = batch;
    const inputMask = Float32Array.from({ length: timeSteps * batchSize }, (_, row) =>
      Math.floor(row / batchSize) < (lengths as Uint32Array)[row % batchSize] ? 1 : 0,
    );
    return { ...batch, inputMask };
  },
};

async function trained(of: Task, carryState = false) {
  const network = smallNetwork(3, of);
  const { report } = await train({ network, task: of, optimizer: optimizerOf(network), iterations: 2, carryState });
  return { loss: report?.loss, values: valuesOf(network) };
}

describe("a batch with lengths", () => {
  it("trains like one with the input mask of the same steps", async () => {
    expect(await trained(task)).toEqual(await trained(masked));
    expect(await trained(task, true)).toEqual(await trained(masked, true));
  });

  it("trains like one that runs to the end, unless the state is carried", async () => {
    const whole = repeatCopy({ batchSize: 3, numBits: 2, maxLength: 3 });
    // Steps after the last that counts have no influence.
    expect((await trained(task)).loss).toBeAllClose((await trained(whole)).loss ?? 0);
    expect((await trained(task, true)).loss).not.toBeAllClose((await trained(whole, true)).loss ?? 0);
  });

  it("has outputs of zero after the end of a sequence", async () => {
    const network = smallNetwork(3, task);
    const batch = task.sampleBatch(createRandom(2));
    const before = tf.memory().numTensors;
    const logits = await predict(network, batch);
    expect(tf.memory().numTensors).toBe(before);
    const size = task.targetSize;
    (batch.lengths as Uint32Array).forEach((length, sequence) => {
      for (let t = 0; t < batch.timeSteps; t++) {
        const at = (t * batch.batchSize + sequence) * size;
        expect(logits.subarray(at, at + size).some((logit) => logit !== 0)).toBe(t < length);
      }
    });
  });

  it("is evaluated and traced", async () => {
    const network = smallNetwork(3, task);
    const random = () => createRandom(1);
    const score = await evaluate(network, task, { random: random(), sequences: 6 });
    expect(await evaluate(network, masked, { random: random(), sequences: 6 })).toEqual(score);
    const batch = task.sampleBatch(createRandom(2));
    const { quantities } = await traceSequence(network, batch);
    const { usage } = quantities;
    const [sequence] = Array.from(batch.lengths as Uint32Array, (length, index) => [length, index])
      .sort(([a], [b]) => a - b)
      .map(([, index]) => index);
    const at = (t: number) => usage.data.slice((t * 3 + sequence) * 4, (t * 3 + sequence + 1) * 4);
    const length = (batch.lengths as Uint32Array)[sequence];
    expect(length).toBeLessThan(batch.timeSteps);
    expect(at(batch.timeSteps - 1)).toEqual(at(length - 1));
  });

  it("is refused if a step counts that is not run", async () => {
    const broken: Task = {
      ...task,
      sampleBatch: (random, options) => ({ ...task.sampleBatch(random, options), lengths: new Uint32Array(3).fill(2) }),
    };
    const message = /^mask\[\d+\]: expected 0, because the step is not run, got 1$/;
    await expect(trained(broken)).rejects.toThrow(message);
    const network = smallNetwork(3, task);
    await expect(evaluate(network, broken, { random: createRandom(1), sequences: 3 })).rejects.toThrow(message);
  });
});

it("a trace has the probabilities of the task's loss", async () => {
  const symbols = copy({ numBits: 3, loss: "softmax", groupSizes: [2, 1] });
  const network = smallNetwork(3, symbols);
  const batch = symbols.sampleBatch(createRandom(1), { batchSize: 1 });
  const logits = await predict(network, batch);
  const output = async (of: Parameters<typeof traceSequence>[2]) =>
    (await traceSequence(network, batch, of)).quantities.output.data;
  const bits = await output({});
  expect(bits).toBeAllClose(Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit))));
  const probabilities = await output(symbols);
  for (let at = 0; at < probabilities.length; at += 3) {
    expect(probabilities[at] + probabilities[at + 1]).toBeAllClose(1);
    expect(probabilities[at + 2]).toBe(1);
  }
  expect(await output({ loss: "squared" })).toBeAllClose(logits);
});
