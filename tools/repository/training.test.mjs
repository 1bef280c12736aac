/** Tests `train` of @dnc/training on the CPU engine: it gives the same run as the definition. */
import { createController } from "@dnc/controller";
import { Dnc } from "@dnc/core";
import { findEngine } from "@dnc/core/engine";
import "@dnc/engine-wasm";
import { createRandom, repeatCopy } from "@dnc/tasks";
import { constantRate, cosineDecay, evaluate, RmsProp, sigmoidCrossEntropy, train } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

const task = repeatCopy({ batchSize: 4, numBits: 2 });

beforeAll(async () => {
  await tf.setBackend("cpu");
  await tf.ready();
});

/** Computes the largest difference between two arrays of numbers. */
const farthest = (a, b) => a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);

/** A controller that no engine supports: an LSTM, made by a function. */
const customController = ({ inputSize, seed }, createVariable) =>
  createController({ type: "lstm", inputSize, hiddenSize: 6, seed }, createVariable);

/** Makes a run of 20 iterations with three checkpoints. */
async function run(options = {}, controller = "lstm") {
  const network = new Dnc({
    ...{ inputSize: task.inputSize, outputSize: task.targetSize, controller, seed: 2 },
    ...{ hiddenSize: 8, memorySize: 5, wordSize: 4, readHeads: 2 },
  });
  const optimizer = new RmsProp(network.variables, { learningRate: 0.01 });
  const [reports, checkpoints] = [[], []];
  const valuesOf = ({ variables }) => variables.flatMap(({ variable }) => Array.from(variable.dataSync()));
  const result = await train({
    ...{ network, task, optimizer, iterations: 20, reportInterval: 5, checkpointInterval: 8 },
    onReport: (report) => reports.push(report),
    onCheckpoint: ({ step }) => checkpoints.push([step, valuesOf(network), valuesOf(optimizer)]),
    ...options,
  });
  return { network, optimizer, reports, checkpoints, ...result };
}

describe("train", () => {
  it("uses the engine, and learns the same as the definition", async () => {
    // A custom loss always runs on the definition.
    const [byEngine, byDefinition] = [await run(), await run({ loss: sigmoidCrossEntropy })];
    expect(byEngine.engine).toMatch(/^fused WebAssembly kernel/);
    expect(byDefinition.engine).toBe("TensorFlow.js ops (loss: expected the task's, got a function)");
    expect(byEngine.reports).toHaveLength(4);
    byEngine.reports.forEach(({ step, iterations, loss, exactMatch, gradientNorm }, index) => {
      const expected = byDefinition.reports[index];
      expect([step, iterations, exactMatch]).toEqual([expected.step, expected.iterations, expected.exactMatch]);
      expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
      expect(Math.abs(gradientNorm / expected.gradientNorm - 1)).toBeLessThan(1e-4);
    });
    expect(byEngine.checkpoints.map(([step]) => step)).toEqual([8, 16, 20]);
    byEngine.checkpoints.forEach(([, weights, slots], index) => {
      const [, expectedWeights, expectedSlots] = byDefinition.checkpoints[index];
      expect(farthest(weights, expectedWeights)).toBeLessThan(1e-5);
      expect(farthest(slots, expectedSlots)).toBeLessThan(1e-5);
    });
  });

  it("follows a learning-rate schedule on the engine, as the definition does", async () => {
    const learningRate = cosineDecay(0.02, { iterations: 20, warmUp: 5 });
    const [byEngine, byDefinition] = [
      await run({ learningRate }),
      await run({ learningRate, loss: sigmoidCrossEntropy }),
    ];
    expect(byEngine.engine).toMatch(/^fused WebAssembly kernel/);
    expect(byEngine.reports.map(({ learningRate }) => learningRate)).toEqual([5, 10, 15, 20].map(learningRate));
    byEngine.checkpoints.forEach(([, weights], index) => {
      expect(farthest(weights, byDefinition.checkpoints[index][1])).toBeLessThan(1e-5);
    });
    const [fixed] = (await run({ learningRate: constantRate(0.01) })).checkpoints;
    expect(fixed).toEqual((await run()).checkpoints[0]);
  });

  it("resumes on the engine to the last bit", async () => {
    const whole = await run();
    const { network, optimizer, state } = await run({ iterations: 11 });
    await train({ network, task, optimizer, iterations: 20, reportInterval: 5, state });
    const [weights, slots] = [network, optimizer].map(({ variables }) =>
      variables.flatMap(({ variable }) => Array.from(variable.dataSync())),
    );
    expect([20, weights, slots]).toEqual(whole.checkpoints.at(-1));
  });

  it("can evaluate between two iterations without changing the training", async () => {
    const random = createRandom(9);
    const quiet = await run();
    const { checkpoints } = await run({ onReport: () => evaluate(quiet.network, task, { random, sequences: 3 }) });
    expect(checkpoints.at(-1)).toEqual(quiet.checkpoints.at(-1));
  });

  it.each([
    ["a custom controller", {}, customController, /controller: expected one of .+, got a function/],
    ["a custom loss", { loss: sigmoidCrossEntropy }, "lstm", /expected the task's, got a function/],
  ])("reports why it does not use the engine for %s", async (_name, options, controller, reason) => {
    expect(findEngine()?.name).toBe("wasm");
    const { engine, step } = await run({ iterations: 2, ...options }, controller);
    expect([step, engine]).toEqual([2, expect.stringMatching(reason)]);
  });
});
