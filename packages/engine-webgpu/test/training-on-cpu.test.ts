import type { BatchArrays, RmsPropState, TrainerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import * as wasm from "../../engine-wasm/src/index.js";
import { WebGpuTrainer } from "../src/index.js";
import { LIMITS } from "../src/trainer.js";
import { type Config, Dnc, startWebGpu, TINY } from "./support.js";
import { BATCHES, makeBatch, OPTIONS, trained } from "./training-support.js";

const hasAdapter = await startWebGpu();

/** The same in the engine for the CPU, with the number of exact matches counted from its logits. */
async function trainedOnCpu(config: Config, batches: readonly BatchArrays[], options: TrainerOptions = OPTIONS) {
  await tf.setBackend("cpu");
  const core = new Dnc(config);
  const training = new wasm.WasmTrainer(core, options);
  const steps = batches.map((batch) => {
    const step = training.step(batch);
    return { ...step, exactMatch: matchesIn(training.logits(batch.timeSteps, batch.batchSize), batch) };
  });
  training.writeToVariables();
  const numbers = [
    ...core.variables.map(({ variable }) => variable.dataSync<"float32">()),
    (training.optimizerState as RmsPropState).meanSquares,
  ];
  return { steps, numbers };
}

function matchesIn(logits: Float32Array, { timeSteps, batchSize, targets, mask }: BatchArrays): number {
  const bits = logits.length / timeSteps / batchSize;
  const isRight = (row: number) =>
    Array.from({ length: bits }, (_, bit) => row * bits + bit).every(
      (at) => logits[at] > 2 ** -23 === (targets[at] === 1),
    );
  const isMatch = (b: number) =>
    Array.from({ length: timeSteps }, (_, t) => t * batchSize + b).every((row) => mask[row] === 0 || isRight(row));
  return Array.from({ length: batchSize }, (_, b) => b).filter(isMatch).length;
}

async function compare(config: Config, batches: readonly BatchArrays[], options: object = OPTIONS) {
  const { steps, numbers } = await trained(config, batches, options);
  const expected = await trainedOnCpu(config, batches);
  expect(steps.length).toBe(batches.length);
  for (const [index, { loss, globalNorm, exactMatch, applied }] of steps.entries()) {
    expect(applied).toBe(true);
    expect(loss).toBeAllClose(expected.steps[index].loss, { relative: 1e-5 });
    expect(globalNorm).toBeAllClose(expected.steps[index].globalNorm, { relative: 1e-4 });
    expect(exactMatch).toBe(expected.steps[index].exactMatch);
  }
  for (const [index, own] of numbers.entries())
    expect(own).toBeAllClose(expected.numbers[index], { absolute: 2e-5, relative: 1e-4 });
}

describe.skipIf(!hasAdapter)(
  "training on WebGPU is the same as on the CPU (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
  () => {
    it.each([
      ["an LSTM", {}],
      ["a deep LSTM and two write heads", { controller: "deep-lstm", layers: 2, writeHeads: 2 }],
      ["a controller without a past", { controller: "feed-forward" }],
      ["logits and states that are clipped", { clipValue: 0.1 }],
      ["nothing clipped", { clipValue: null }],
    ])("for %s, over batches of different lengths", (_, config) => compare({ ...TINY, ...config } as Config, BATCHES));

    it("for one sequence of one step", () => compare(TINY, [makeBatch(1, 1, 1), makeBatch(1, 1, 2)]));

    it.each([
      ["nothing fits workgroup memory", { workgroupBytes: 0 }],
      ["memory and link do not fit", { workgroupBytes: 2400 }],
      ["the copies of a step do not fit", { workgroupBytes: 3000 }],
      ["a workgroup is one warp", { threads: 32 }],
      ["a workgroup is of an odd size", { threads: 41 }],
      ["a workgroup is large", { threads: 256 }],
    ])("where %s", (_, limits) =>
      compare({ ...TINY, writeHeads: 2 }, BATCHES.slice(0, 2), { ...OPTIONS, [LIMITS]: limits }),
    );

    // 37 slots: more than one round of loads, and parts of unequal lengths.
    it.each([
      ["memory and link", { writeHeads: 2 }, { workgroupBytes: 6000, threads: 256 }],
      [
        "memory and link",
        { writeHeads: 2, memory: { links: false, masking: true } },
        { workgroupBytes: 3000, threads: 96 },
      ],
      ["only the link", { readHeads: 3 }, { workgroupBytes: 9000, threads: 128 }],
      [
        "everything, with all variants,",
        { memory: { masking: true, deallocation: true, sharpness: true } },
        { workgroupBytes: 0 },
      ],
    ])("where %s of many slots are in buffers", (_, config, limits) =>
      compare({ ...TINY, memorySize: 37, ...config } as Config, BATCHES.slice(0, 2), { ...OPTIONS, [LIMITS]: limits }),
    );

    it("counts exact matches", async () => {
      const config = { ...TINY, outputSize: 1 };
      const batch = makeBatch(2, 8, 1, config);
      const cpu = await trainedOnCpu(config, [batch]);
      expect(cpu.steps[0].exactMatch).toBeGreaterThan(0);
      expect(cpu.steps[0].exactMatch).toBeLessThan(8);
      expect((await trained(config, [batch])).steps[0].exactMatch).toBe(cpu.steps[0].exactMatch);
    });
  },
);

describe.skipIf(!hasAdapter)("a bit (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  it.each([
    [0, 4],
    [2 ** -24, 4],
    [2 ** -23, 4],
    [2 ** -22, 0],
  ])("with the logit %d is zero in so many sequences of four: %d", async (logit, exactMatch) => {
    await tf.setBackend("webgpu");
    const core = new Dnc(TINY);
    for (const { name, variable } of core.variables)
      if (name.includes("output_linear")) variable.assign(tf.fill(variable.shape, name.endsWith("/b") ? logit : 0));
    const training = new WebGpuTrainer(core, OPTIONS);
    training.step({ ...BATCHES[0], targets: new Float32Array(BATCHES[0].targets.length) });
    expect((await training.flush())[0].exactMatch).toBe(exactMatch);
    training.dispose();
  });
});
