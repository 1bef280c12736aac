import { unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { configureEngine, startThreads, WasmTrainer } from "../src/index.js";
import { INSTRUCTION_SETS, type InstructionSet } from "../src/kernel.js";
import { awaitThreads, Dnc, makeBatch, makeState, normal, parametersOf, results, rmsProp, TINY } from "./support.js";

const CONFIG = { ...TINY, writeHeads: 2, memorySize: 13, wordSize: 9, readHeads: 4, hiddenSize: 70 };

/** Runs a short training; returns losses, norms, logits and parameters. */
async function train(threads: number, instructionSet: InstructionSet): Promise<unknown> {
  const warmUp = new WasmTrainer(new Dnc(CONFIG), { threads, instructionSet });
  await awaitThreads(warmUp, makeBatch(1, 5, 1), threads);
  warmUp.dispose();
  const core = new Dnc(CONFIG);
  const training = new WasmTrainer(core, {
    threads,
    instructionSet,
    optimizer: rmsProp({ learningRate: 0.01 }),
    maxGradNorm: 1,
  });
  const steps = [4, 6, 2, 6].map((time, seed) => {
    const step = training.step(makeBatch(time, 5, seed));
    expect(training.threadsUsed).toBe(threads);
    return [step, Array.from(training.logits(time, 5))];
  });
  const bits = [steps, parametersOf(core, training)];
  training.dispose();
  core.dispose();
  return bits;
}

describe.each(INSTRUCTION_SETS)("training with %s", (instructionSet) => {
  it("has the same bits on one, two and three threads, and in every run", async () => {
    const reference = await train(1, instructionSet);
    for (const threads of [1, 2, 3, 2]) expect(await train(threads, instructionSet)).toEqual(reference);
  });

  it("uses no more threads than there are sequences", async () => {
    const training = new WasmTrainer(new Dnc(TINY), { threads: 3, instructionSet });
    expect(training.threadsUsed).toBe(0);
    await awaitThreads(training, makeBatch(2, 3, 1), 3);
    for (const batch of [2, 1, 3]) {
      training.step(makeBatch(2, batch, 1));
      expect(training.threadsUsed).toBe(batch);
    }
    training.dispose();
  });

  it("runs for many steps while sizes and the number of threads change with every step", async () => {
    const core = new Dnc({ ...TINY, memorySize: 3, hiddenSize: 2 });
    const training = new WasmTrainer(core, { threads: 3, instructionSet });
    const batches = [1, 2, 3, 4].map((size) => makeBatch(size, size, size));
    await awaitThreads(training, batches[3], 3);
    let finite = true;
    for (let iteration = 0; iteration < 2000; iteration++)
      finite &&= training.step(batches[(iteration * 7) % 4]).applied;
    expect(finite).toBe(true);
    training.dispose();
  });
});

describe("a sequence as one op", () => {
  it("has the same bits on one, two and three threads", async () => {
    const core = new Dnc(CONFIG);
    const [inputs, state] = [normal([3, 5, 3], 1) as tf.Tensor3D, makeState(core, 5, "random", 1)];
    const bits = () =>
      tf.tidy(() => Array.from(results(unroll, core, inputs, state), ([name, tensor]) => [name, ...tensor.dataSync()]));
    const reference = [1, 2, 3, 1].map((threads) => {
      configureEngine({ threads });
      return bits();
    });
    const warmUp = new WasmTrainer(new Dnc(TINY), { threads: 3 });
    await awaitThreads(warmUp, makeBatch(1, 3, 1), 3);
    warmUp.dispose();
    for (const threads of [1, 2, 3]) {
      configureEngine({ threads });
      expect(bits()).toEqual(reference[0]);
    }
    expect(reference.every((other) => String(other) === String(reference[0]))).toBe(true);
    configureEngine({});
  });

  it("has the same bits in every run, and nearly the same with other instructions", () => {
    const core = new Dnc(CONFIG);
    const [inputs, state] = [normal([3, 5, 3], 1) as tf.Tensor3D, makeState(core, 5, "random", 1)];
    const outputs = INSTRUCTION_SETS.map((instructionSet) => {
      configureEngine({ instructionSet });
      const [first, second] = [1, 2].map(() => unroll(core, inputs, state).outputs);
      expect(Array.from(first.dataSync())).toEqual(Array.from(second.dataSync()));
      return first;
    });
    configureEngine({});
    expect(outputs[0]).toBeAllClose(outputs[1]);
    expect(Array.from(outputs[0].dataSync())).not.toEqual(Array.from(outputs[1].dataSync()));
  });
});

describe("startThreads", () => {
  it("waits until all threads are ready, so that the first step uses them", async () => {
    expect(await startThreads(4)).toBe(4);
    const training = new WasmTrainer(new Dnc(TINY), { threads: 4 });
    training.step(makeBatch(2, 4, 1));
    expect(training.threadsUsed).toBe(4);
    training.dispose();
    expect(await startThreads(1)).toBe(1);
  });
});
