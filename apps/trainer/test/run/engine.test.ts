import { configureEngine, WasmTrainer } from "@dnc/engine-wasm";
import type { Settings } from "@dnc/settings/flags";
import type { TrainingReport } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it } from "vitest";
import { readSettings } from "../../src/flags/settings.js";
import { createLearning, type LearningOptions, smallSettings } from "../support.js";

afterEach(() => configureEngine({}));

/** Runs ten iterations; returns reports, weights and slots. */
async function tenIterations(settings: Settings, options: LearningOptions = {}) {
  const ten = { ...settings, num_training_iterations: 10, report_interval: 1, seed: 5 };
  const { network, optimizer, training } = await createLearning(ten, options);
  const steps: Pick<TrainingReport, "step" | "loss" | "gradientNorm" | "exactMatch">[] = [];
  await training.run({
    onReport: ({ step, loss, gradientNorm, exactMatch }) => void steps.push({ step, loss, gradientNorm, exactMatch }),
  });
  const valuesOf = ({ variables }: typeof network | typeof optimizer) =>
    variables.map(({ variable }) => variable.dataSync<"float32">().slice());
  return { steps, weights: valuesOf(network), slots: valuesOf(optimizer), training };
}

describe("training on the CPU", () => {
  it.each([
    ["the defaults", readSettings({})],
    ["copy", smallSettings({ task: "copy", num_bits: "1", max_length: "1", batch_size: "8" })],
    ["deep-lstm", smallSettings({ controller: "deep-lstm" })],
    ["feed-forward", smallSettings({ controller: "feed-forward", num_write_heads: "2", clip_value: "0" })],
    ["a clipped gradient", smallSettings({ max_grad_norm: "0.1", learning_rate: "0.001", optimizer_epsilon: "0.01" })],
  ])("uses the CPU engine and learns the same as ops: %s", async (_name, settings) => {
    const [fused, ops] = [await tenIterations(settings), await tenIterations(settings, { engine: false })];
    expect(fused.training.trainer).toBeInstanceOf(WasmTrainer);
    expect(ops.training.trainer).toBeUndefined();
    fused.steps.forEach(({ loss, gradientNorm, ...exact }, index) => {
      const { loss: opsLoss, gradientNorm: opsNorm, ...opsExact } = ops.steps[index];
      expect(exact).toEqual(opsExact);
      expect(Math.abs(loss / opsLoss - 1)).toBeLessThan(1e-5);
      expect(Math.abs(gradientNorm / opsNorm - 1)).toBeLessThan(1e-4);
    });
    for (const what of ["weights", "slots"] as const)
      fused[what].forEach((values, index) => {
        expect(tf.tensor(values)).toBeAllClose(tf.tensor(ops[what][index]), { absolute: 1e-6, relative: 0 });
      });
  });

  it("gives the same bits for any number of threads, every time", async () => {
    const withThreads = async (threads: number) => {
      configureEngine({ threads });
      const { training, ...rest } = await tenIterations(readSettings({}));
      return rest;
    };
    const one = await withThreads(1);
    for (const threads of [2, 2, 3, 1]) expect(await withThreads(threads)).toEqual(one);
  });

  it("describes the engine", async () => {
    const description = async (words: Parameters<typeof smallSettings>[0], threads?: number) => {
      configureEngine({ threads });
      return (await createLearning(smallSettings(words))).training.description;
    };
    expect(await description({}, 1)).toMatch(/^fused WebAssembly kernel \((relaxed-)?simd\), 1 thread$/);
    expect(await description({}, 2)).toMatch(/, up to 2 threads$/);
    expect(await description({ controller: "gru" }, 1)).toMatch(/^fused WebAssembly kernel/);
  });
});
