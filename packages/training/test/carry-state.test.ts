/** Tests truncated backpropagation: the network's state carried from batch to batch. */
import { unroll } from "@dnc/core";
import { createRandom, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createOptimizer } from "../src/create-optimizer.js";
import { evaluate } from "../src/evaluate.js";
import { lossFunction } from "../src/loss-function.js";
import { toTensors } from "../src/to-tensors.js";
import { train } from "../src/train.js";
import type { TrainOptions } from "../src/train-options.js";
import { trainStep } from "../src/train-step.js";
import type { TrainingCheckpoint } from "../src/training-report.js";
import { optimizerOf, smallNetwork, smallTask, valuesOf } from "./support.js";

const OPTIMIZERS = [
  { type: "rmsprop", learningRate: 0.01 },
  { type: "rmsprop", learningRate: 0.01, momentum: 0.9 },
  { type: "adam", learningRate: 0.01 },
] as const;

function smallRun(
  options: Omit<Partial<TrainOptions>, "network" | "optimizer"> = {},
  which: (typeof OPTIMIZERS)[number] = OPTIMIZERS[0],
) {
  const network = smallNetwork();
  const optimizer = createOptimizer(which, network.variables);
  onTestFinished(() => optimizer.dispose());
  return { network, optimizer, task: smallTask, iterations: 6, reportInterval: 2, carryState: true, ...options };
}

/** The task, with `newSequences` in the batches of these iterations. */
function restartingAt(...iterations: readonly number[]): Task {
  let count = 0;
  const sampleBatch: Task["sampleBatch"] = (random, options) => ({
    ...smallTask.sampleBatch(random, options),
    newSequences: iterations.includes(++count),
  });
  return { ...smallTask, sampleBatch };
}

describe("train with carryState", () => {
  it("starts each batch from the final state of the batch before, without a gradient through it", async () => {
    const run = smallRun({ iterations: 3 });
    await train(run);
    const network = smallNetwork();
    const parts = { network, loss: lossFunction(smallTask), optimizer: optimizerOf(network), maxGradNorm: 50 };
    const random = createRandom(1);
    let state: ReturnType<typeof network.initialState> | undefined;
    for (let step = 0; step < 3; step++) {
      const batch = smallTask.sampleBatch(random);
      const { inputs } = toTensors(batch);
      const next = unroll(network, inputs, state).finalState;
      await trainStep(parts, batch, { state });
      state = next;
    }
    expect(valuesOf(run.network)).toEqual(valuesOf(network));
    const zeroState = smallRun({ iterations: 3, carryState: false });
    await train(zeroState);
    expect(valuesOf(run.network)).not.toEqual(valuesOf(zeroState.network));
  });

  it("starts from the zero state where a batch has new sequences", async () => {
    const run = smallRun({ task: restartingAt(1, 2, 3, 4, 5, 6) });
    await train(run);
    const zeroState = smallRun({ carryState: false });
    await train(zeroState);
    expect(valuesOf(run.network)).toEqual(valuesOf(zeroState.network));
    const once = smallRun({ task: restartingAt(4) });
    await train(once);
    expect(valuesOf(once.network)).not.toEqual(valuesOf(zeroState.network));
  });

  it.each(OPTIMIZERS)("resumes bit-identically: %j", async (optimizer) => {
    const whole = smallRun({ iterations: 7 }, optimizer);
    await train(whole);
    const first = smallRun({}, optimizer);
    const saved: TrainingCheckpoint[] = [];
    await train({ ...first, iterations: 4, onCheckpoint: (checkpoint) => void saved.push(checkpoint) });
    const state = JSON.parse(JSON.stringify(saved[0].state));
    expect(state.carriedState).toHaveLength(9);
    const second = smallRun({ iterations: 7 }, optimizer);
    for (const part of ["network", "optimizer"] as const)
      first[part].variables.forEach(({ variable }, index) => {
        second[part].variables[index].variable.assign(variable);
      });
    await train({ ...second, state });
    expect(valuesOf(second.network)).toEqual(valuesOf(whole.network));
    expect(valuesOf(second.optimizer)).toEqual(valuesOf(whole.optimizer));
  });

  it("refuses a batch of another size, new sequences without it, and a state that would be ignored", async () => {
    const sizes: Task = {
      ...smallTask,
      sampleBatch: (random) => smallTask.sampleBatch(random, { batchSize: random.integer(0, 1) + 2 }),
    };
    await expect(train(smallRun({ task: sizes, iterations: 20 }))).rejects.toThrow(
      /^batchSize: expected [23] as in the batch before, or newSequences: true, got [23]$/,
    );
    await expect(train(smallRun({ task: restartingAt(2), carryState: false }))).rejects.toThrow(
      new TypeError("newSequences: expected false without carryState, got true"),
    );
    const { state } = await train(smallRun());
    await expect(train(smallRun({ state, carryState: false, iterations: 8 }))).rejects.toThrow(
      new TypeError("state.carriedState: expected none without carryState, got one"),
    );
    await expect(train(smallRun({ carryState: 1 as never }))).rejects.toThrow(
      new TypeError("carryState: expected true or false, got 1"),
    );
  });

  it("leaves no tensors", async () => {
    const run = smallRun();
    await train(run);
    const before = tf.memory().numTensors;
    const { state } = await train({ ...run, checkpointInterval: 2, onCheckpoint: () => {} });
    await train({ ...run, state, iterations: 8 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("evaluate with carryState", () => {
  it("starts each batch from the final state of the batch before", async () => {
    const network = smallNetwork();
    const options = { sequences: 6, carryState: true };
    const before = tf.memory().numTensors;
    const carried = await evaluate(network, smallTask, { ...options, random: createRandom(1) });
    const restarted = await evaluate(network, restartingAt(1, 2, 3), { ...options, random: createRandom(1) });
    const plain = await evaluate(network, smallTask, { sequences: 6, random: createRandom(1) });
    expect(carried.loss).not.toBe(plain.loss);
    expect(restarted).toEqual(plain);
    expect(tf.memory().numTensors).toBe(before);
    await expect(evaluate(network, smallTask, { ...options, sequences: 5, random: createRandom(1) })).rejects.toThrow(
      new RangeError("sequences: expected a multiple of the batch size (2) with carryState, got 5"),
    );
  });
});
