import { LstmNetwork } from "@dnc/core";
import type { BatchArrays, TrainerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { DeviceLimits } from "../src/generate.js";
import { WebGpuTrainer } from "../src/index.js";
import { LIMITS } from "../src/trainer.js";
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
  "iterations on WebGPU are those of the definition (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
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
      ["the linear loss", { loss: "linear" }],
      ["the sigmoid loss, with Adam and clipped gradients", { maxGradNorm: 0.1, optimizer: ADAM }],
    ])("for %s", async (_, options) => {
      const batches = Array.from({ length: 20 }, (_, seed) =>
        withTargets(makeBatch(2 + (seed % 3), 3, seed, CONFIG), options.loss ?? "sigmoid", seed),
      );
      const rates = batches.map(
        (_, iteration) => (iteration < 10 ? 1 : 0.3) * (options.optimizer?.learningRate ?? 1e-4),
      );
      await compare(() => new Dnc(CONFIG), batches, options, rates);
    });

    it("for an LSTM without a memory and sequences of different lengths", async () => {
      const batches = Array.from({ length: 20 }, (_, seed) => withLengths(makeBatch(4, 3, seed, CONFIG), seed));
      await compare(() => new LstmNetwork({ inputSize: 3, outputSize: 5, hiddenSize: 6 }), batches, {
        optimizer: ADAM,
      });
    });

    it("for every variant, where arrays do not fit into workgroup memory", async () => {
      const memory = { masking: true, deallocation: true, sharpness: true };
      const batches = Array.from({ length: 3 }, (_, seed) => makeBatch(3, 2, seed, CONFIG));
      const limits = { workgroupBytes: 0, threads: 41 };
      await compare(() => new Dnc({ ...CONFIG, writeHeads: 2, memory }), batches, { optimizer: ADAM }, [], limits);
    });

    it("for a variant whose state is carried, with an input mask now and then", async () => {
      const config = { ...CONFIG, memory: { masking: true, deallocation: true, links: false } };
      const options: TrainerOptions = { carryState: true, optimizer: { type: "rmsprop", learningRate: 1e-3 } };
      const batches = Array.from({ length: 20 }, (_, seed) => {
        const batch = makeBatch(2 + (seed % 2), seed < 10 ? 3 : 4, seed, config);
        if (seed % 5 === 3) return { ...batch, inputMask: batch.mask };
        return seed === 6 || seed === 10 ? { ...batch, newSequences: true } : batch;
      });
      await compare(() => new Dnc(config), batches, options);
    });
  },
);

/** Shortens the sequences of a batch. */
function withLengths(batch: BatchArrays, seed: number): BatchArrays {
  const next = uniformNumbers(seed + 5);
  const lengths = Uint32Array.from({ length: batch.batchSize }, () => Math.floor((batch.timeSteps + 1) * next()));
  const isRun = (row: number) => Math.floor(row / batch.batchSize) < lengths[row % batch.batchSize];
  return { ...batch, lengths, mask: batch.mask.map((value, row) => (isRun(row) ? value : 0)) };
}

/** Compares training on WebGPU with training by the definition. */
async function compare(
  create: () => Dnc | LstmNetwork,
  batches: readonly BatchArrays[],
  options: TrainerOptions,
  rates: readonly number[] = [],
  limits: Partial<DeviceLimits> = {},
): Promise<void> {
  const expected = await plainTraining(create(), batches, options, rates);
  await tf.setBackend("webgpu");
  const own = create();
  const trainer = new WebGpuTrainer(own, { ...options, [LIMITS]: limits } as TrainerOptions);
  for (const [iteration, batch] of batches.entries()) {
    if (iteration in rates) trainer.setLearningRate(rates[iteration]);
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
  if (options.optimizer?.type === "adam") expect(steps).toEqual(Float32Array.of(batches.length));
  trainer.dispose();
  own.dispose();
}

describe.skipIf(!hasAdapter)("a trainer (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  it("continues bit by bit from the state of optimizer and sequences that was written", async () => {
    const batches = Array.from({ length: 5 }, (_, seed) => makeBatch(2, 3, seed, CONFIG));
    const options: TrainerOptions = { carryState: true, optimizer: ADAM };
    await tf.setBackend("webgpu");
    const [core, other] = [new Dnc(CONFIG), new Dnc({ ...CONFIG, seed: 2 })];
    const trainer = new WebGpuTrainer(core, options);
    expect(trainer.carriedState).toBeUndefined();
    for (const batch of batches.slice(0, 3)) trainer.step(batch);
    await trainer.writeToVariables();
    const resumed = new WebGpuTrainer(other, options);
    for (const [index, { variable }] of other.variables.entries()) variable.assign(core.variables[index].variable);
    for (const [name, numbers] of Object.entries(trainer.optimizerState))
      (resumed.optimizerState as Record<string, Float32Array>)[name].set(numbers as Float32Array);
    resumed.carriedState = trainer.carriedState;
    resumed.readFromVariables();
    await trainer.flush();
    for (const batch of batches.slice(3)) for (const each of [trainer, resumed]) each.step(batch);
    expect(await resumed.flush()).toEqual(await trainer.flush());
    for (const each of [trainer, resumed]) await each.writeToVariables();
    expect(resumed.optimizerState).toEqual(trainer.optimizerState);
    expect(resumed.carriedState).toEqual(trainer.carriedState);
    expect(() => trainer.step(makeBatch(2, 4, 1, CONFIG))).toThrow(
      new RangeError("batchSize: expected 3 as in the batch before, or newSequences: true, got 4"),
    );
    resumed.carriedState = { ...resumed.carriedState, usage: new Float32Array(2) } as never;
    expect(() => resumed.readFromVariables()).toThrow(
      new RangeError("carriedState.usage: expected 7 numbers per sequence, got 2"),
    );
  });

  it("counts only the updates that were applied", async () => {
    await tf.setBackend("webgpu");
    const core = new Dnc(CONFIG);
    const trainer = new WebGpuTrainer(core, { optimizer: ADAM });
    const batch = makeBatch(1, 2, 1, CONFIG);
    const { variable } = core.variables[0];
    trainer.step(batch);
    await trainer.writeToVariables();
    const good = tf.clone(variable);
    variable.assign(tf.fill(variable.shape, Number.NaN));
    trainer.readFromVariables();
    for (let iteration = 0; iteration < 2; iteration++) trainer.step(batch);
    variable.assign(good);
    trainer.readFromVariables();
    await trainer.flush();
    trainer.step(batch);
    expect((await trainer.flush())[0].applied).toBe(true);
    await trainer.writeToVariables();
    expect(trainer.optimizerState).toMatchObject({ steps: Float32Array.of(2) });
  });

  it("refuses a learning rate that is none", () => {
    const trainer = new WebGpuTrainer(new Dnc(CONFIG));
    expect(() => trainer.setLearningRate(0)).toThrow(
      new RangeError("learningRate: expected a finite number above 0, got 0"),
    );
  });
});
