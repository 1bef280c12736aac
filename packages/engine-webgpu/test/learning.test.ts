import type { BatchArrays, TrainerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { WebGpuTrainer } from "../src/index.js";
import { plainTraining } from "./plain-training.js";
import { Dnc, startWebGpu, TINY, uniformNumbers } from "./support.js";
import { makeBatch } from "./training-support.js";

const hasAdapter = await startWebGpu();
const CONFIG = { ...TINY, outputSize: 5 };

/** Replaces the targets of a batch by probabilities, some of them 0; where the mask is 0 by zeros. */
function withTargets(batch: BatchArrays, loss: TrainerOptions["loss"], seed: number): BatchArrays {
  if (loss === "sigmoid") return batch;
  const next = uniformNumbers(seed + 77);
  const outputs = batch.targets.length / batch.mask.length;
  const at = (index: number) => batch.mask[Math.floor(index / outputs)] * Math.max(0, next() - 0.2);
  return { ...batch, targets: batch.targets.map((_, index) => (loss === "softmax" ? at(index) : 4 * at(index) - 2)) };
}

const ADAM = { type: "adam", learningRate: 0.01, epsilon: 1e-3 } as const;

describe.skipIf(!hasAdapter)(
  "20 iterations on WebGPU are those of the definition (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
  () => {
    it.each<[string, TrainerOptions]>([
      ["softmax over groups, with Adam", { loss: "softmax", groupSizes: [2, 1, 2], optimizer: ADAM }],
      [
        "softmax over all outputs, with momentum",
        { loss: "softmax", optimizer: { type: "rmsprop", learningRate: 1e-3, momentum: 0.8, decay: 0.7 } },
      ],
      [
        "the squared loss, with another decay",
        { loss: "squared", optimizer: { type: "rmsprop", learningRate: 3e-3, decay: 0.5 } },
      ],
      ["the sigmoid loss, with Adam and clipped gradients", { maxGradNorm: 0.1, optimizer: ADAM }],
    ])("for %s", async (_, options) => {
      const batches = Array.from({ length: 20 }, (_, seed) =>
        withTargets(makeBatch(2 + (seed % 3), 3, seed, CONFIG), options.loss ?? "sigmoid", seed),
      );
      const rates = batches.map((_, iteration) => (iteration < 10 ? 1 : 0.3) * (options.optimizer?.learningRate ?? 0));
      const core = new Dnc(CONFIG);
      const expected = await plainTraining(core, batches, options, rates);
      await tf.setBackend("webgpu");
      const own = new Dnc(CONFIG);
      const trainer = new WebGpuTrainer(own, options);
      for (const [iteration, batch] of batches.entries()) {
        trainer.setLearningRate(rates[iteration]);
        trainer.step(batch);
      }
      for (const [iteration, step] of (await trainer.flush()).entries()) {
        const wanted = expected.steps[iteration];
        expect(step.loss).toBeAllClose(wanted.loss, { absolute: 2e-5, relative: 2e-5 });
        expect(step.globalNorm).toBeAllClose(wanted.globalNorm, { absolute: 2e-5, relative: 1e-4 });
        expect(step).toMatchObject({ exactMatch: wanted.exactMatch, applied: true });
      }
      await trainer.writeToVariables();
      const parameters = await Promise.all(own.variables.map(({ variable }) => variable.data()));
      expect(parameters.flatMap((values) => Array.from(values))).toBeAllClose(expected.parameters, {
        absolute: 5e-5,
        relative: 1e-4,
      });
      const { steps, ...moments } = trainer.optimizerState as { steps?: Float32Array };
      for (const [index, values] of Object.values<Float32Array>(moments).entries())
        expect(values).toBeAllClose(Float32Array.from(expected.moments[index]), { absolute: 2e-5, relative: 1e-4 });
      expect(steps?.[0] ?? 20).toBe(20);
      trainer.dispose();
    });
  },
);
