import * as tf from "@tensorflow/tfjs-core";
import { beforeEach, describe, expect, it } from "vitest";
import * as wasm from "../../engine-wasm/src/index.js";
import { type FusedBatch, FusedTraining, type FusedTrainingOptions } from "../src/index.js";
import { LIMITS } from "../src/training.js";
import { type Config, Dnc, startWebGpu, TINY, uniformNumbers } from "./support.js";

const hasAdapter = await startWebGpu();
const OPTIONS = { learningRate: 0.02, decay: 0.7, epsilon: 1e-3, maxGradNorm: 50 };

/** A batch of random bits, with a mask that is not all ones. */
function makeBatch(time: number, batch: number, seed: number, { inputSize, outputSize }: Config = TINY): FusedBatch {
  const next = uniformNumbers(seed + 1);
  const bits = (width: number) => Float32Array.from({ length: time * batch * width }, () => Math.round(next()));
  const [observations, target, mask] = [bits(inputSize), bits(outputSize), bits(1)];
  mask[0] = 1;
  return { time, batch, observations, target, mask };
}

const BATCHES = [5, 3, 6, 1, 3].map((time, seed) => makeBatch(time, 4, seed));

/** All parameters, then the mean squares. */
async function numbersOf(core: Dnc, training: FusedTraining): Promise<Float32Array[]> {
  await training.pull();
  const parameters = await Promise.all(core.variables.map(({ variable }) => variable.data<"float32">()));
  return [...parameters, training.meanSquares.slice()];
}

/** What training on the batches finds and leaves, on WebGPU. */
async function trained(config: Config, batches: readonly FusedBatch[], options: object = OPTIONS) {
  await tf.setBackend("webgpu");
  const core = new Dnc(config);
  const training = new FusedTraining(core, options);
  for (const batch of batches) training.step(batch);
  const found = { steps: await training.results(), numbers: await numbersOf(core, training), training };
  training.dispose();
  core.dispose();
  return found;
}

/** The same in the engine for the CPU, with the number of solved sequences counted from its logits. */
async function trainedOnCpu(config: Config, batches: readonly FusedBatch[], options: FusedTrainingOptions = OPTIONS) {
  await tf.setBackend("cpu");
  const core = new Dnc(config);
  const training = new wasm.FusedTraining(core, options);
  const steps = batches.map((batch) => {
    const step = training.step(batch);
    return { ...step, solved: solvedIn(training.logits(batch.time, batch.batch), batch) };
  });
  training.pull();
  const numbers = [...core.variables.map(({ variable }) => variable.dataSync<"float32">()), training.meanSquares];
  return { steps, numbers };
}

function solvedIn(logits: Float32Array, { time, batch, target, mask }: FusedBatch): number {
  const bits = logits.length / time / batch;
  const isRight = (row: number) =>
    Array.from({ length: bits }, (_, bit) => row * bits + bit).every(
      (at) => logits[at] > 2 ** -23 === (target[at] === 1),
    );
  const isSolved = (b: number) =>
    Array.from({ length: time }, (_, t) => t * batch + b).every((row) => mask[row] === 0 || isRight(row));
  return Array.from({ length: batch }, (_, b) => b).filter(isSolved).length;
}

async function compare(config: Config, batches: readonly FusedBatch[], options: object = OPTIONS) {
  const { steps, numbers } = await trained(config, batches, options);
  const expected = await trainedOnCpu(config, batches);
  expect(steps.length).toBe(batches.length);
  for (const [index, { loss, globalNorm, solved, applied }] of steps.entries()) {
    expect(applied).toBe(true);
    expect(loss).toBeAllClose(expected.steps[index].loss, { relative: 1e-5 });
    expect(globalNorm).toBeAllClose(expected.steps[index].globalNorm, { relative: 1e-4 });
    expect(solved).toBe(expected.steps[index].solved);
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

    it("counts what it has solved", async () => {
      const config = { ...TINY, outputSize: 1 };
      const batch = makeBatch(2, 8, 1, config);
      const cpu = await trainedOnCpu(config, [batch]);
      expect(cpu.steps[0].solved).toBeGreaterThan(0);
      expect(cpu.steps[0].solved).toBeLessThan(8);
      expect((await trained(config, [batch])).steps[0].solved).toBe(cpu.steps[0].solved);
    });
  },
);

describe.skipIf(!hasAdapter)("a bit (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  it.each([
    [0, 4],
    [2 ** -24, 4],
    [2 ** -23, 4],
    [2 ** -22, 0],
  ])("with the logit %d is zero in so many sequences of four: %d", async (logit, solved) => {
    await tf.setBackend("webgpu");
    const core = new Dnc(TINY);
    for (const { name, variable } of core.variables)
      if (name.includes("output_linear")) variable.assign(tf.fill(variable.shape, name.endsWith("/b") ? logit : 0));
    const training = new FusedTraining(core, OPTIONS);
    training.step({ ...BATCHES[0], target: new Float32Array(BATCHES[0].target.length) });
    expect((await training.results())[0].solved).toBe(solved);
    training.dispose();
  });
});

describe.skipIf(!hasAdapter)("training on WebGPU (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  beforeEach(async () => {
    await tf.setBackend("webgpu");
  });

  it("is at most twelve kernels in one submission an iteration", async () => {
    const training = new FusedTraining(new Dnc(TINY), OPTIONS);
    expect(training.dispatches).toBe(0);
    const { queue } = tf.backend() as unknown as { queue: GPUQueue };
    const submit = queue.submit.bind(queue);
    let submissions = 0;
    queue.submit = (buffers) => {
      submissions++;
      submit(buffers);
    };
    for (const batch of BATCHES) training.step(batch);
    queue.submit = submit;
    expect(submissions).toBe(BATCHES.length);
    expect(training.dispatches).toBe(6);
    training.dispose();
  });

  it("gives the same bits in every run", async () => {
    const [first, second] = [await trained(TINY, BATCHES), await trained(TINY, BATCHES)];
    expect(second.steps).toEqual(first.steps);
    expect(second.numbers).toEqual(first.numbers);
  });

  it("reports each iteration once, in order, whenever it is asked", async () => {
    const all = (await trained(TINY, BATCHES)).steps;
    const training = new FusedTraining(new Dnc(TINY), OPTIONS);
    expect(await training.results()).toEqual([]);
    training.step(BATCHES[0]);
    expect(await training.results()).toEqual(all.slice(0, 1));
    for (const batch of BATCHES.slice(1, 3)) training.step(batch);
    const early = training.results();
    for (const batch of BATCHES.slice(3)) training.step(batch);
    expect(await early).toEqual(all.slice(1, 3));
    expect(await training.results()).toEqual(all.slice(3));
    training.dispose();
  });

  it("keeps the results of more iterations than there was room for", async () => {
    const config = { ...TINY, memorySize: 1, wordSize: 1, readHeads: 1, hiddenSize: 1 };
    const [core, training] = [new Dnc(config), new FusedTraining(new Dnc(config), OPTIONS)];
    const batches = [makeBatch(1, 1, 1), makeBatch(1, 1, 2)];
    const half = new FusedTraining(core, OPTIONS);
    const halves = [];
    for (let iteration = 0; iteration < 300; iteration++) {
      training.step(batches[iteration % 2]);
      half.step(batches[iteration % 2]);
      if (iteration === 149) halves.push(...(await half.results()));
    }
    halves.push(...(await half.results()));
    const steps = await training.results();
    expect(steps.length).toBe(300);
    expect(steps).toEqual(halves);
    expect(steps[299].loss).not.toBe(steps[0].loss);
  });

  it("moves nothing once a loss is not finite, until that has been said", async () => {
    const core = new Dnc(TINY);
    const training = new FusedTraining(core, OPTIONS);
    training.step(BATCHES[0]);
    const before = await numbersOf(core, training);
    const { variable } = core.variables[0];
    const good = tf.clone(variable);
    variable.assign(tf.fill(variable.shape, Number.NaN));
    training.push();
    training.step(BATCHES[1]);
    variable.assign(good);
    training.push();
    for (const batch of [BATCHES[2], BATCHES[3]]) training.step(batch);
    const steps = await training.results();
    expect(steps.map(({ applied }) => applied)).toEqual([true, false, false, false]);
    expect(Number.isFinite(steps[1].loss)).toBe(false);
    expect(Number.isFinite(steps[2].loss)).toBe(true);
    expect(await numbersOf(core, training)).toEqual(before);
    training.step(BATCHES[2]);
    const [after] = await training.results();
    expect(after).toEqual({ ...steps[2], applied: true });
    expect(await numbersOf(core, training)).not.toEqual(before);
    training.dispose();
  });

  it("continues bit by bit from what was pulled", async () => {
    const [core, other] = [new Dnc(TINY), new Dnc({ ...TINY, seed: 2 })];
    const training = new FusedTraining(core, OPTIONS);
    for (const batch of BATCHES.slice(0, 2)) training.step(batch);
    await training.pull();
    for (const [index, { variable }] of other.variables.entries()) variable.assign(core.variables[index].variable);
    const resumed = new FusedTraining(other, OPTIONS);
    resumed.meanSquares.set(training.meanSquares);
    resumed.push();
    await training.results();
    for (const own of [training, resumed]) for (const batch of BATCHES.slice(2)) own.step(batch);
    expect(await resumed.results()).toEqual(await training.results());
    expect(await numbersOf(other, resumed)).toEqual(await numbersOf(core, training));
  });

  it.each([
    [{ learningRate: 0 }, RangeError, "learningRate: expected a finite number above 0, got 0"],
    [{ epsilon: -1 }, RangeError, "epsilon: expected a finite number above 0, got -1"],
    [{ maxGradNorm: Number.NaN }, RangeError, "maxGradNorm: expected a finite number above 0, got NaN"],
    [{ decay: 1 }, RangeError, "decay: expected a number in [0, 1), got 1"],
    [{ learningRate: "0.1" }, TypeError, 'learningRate: expected a number, got "0.1"'],
    [{ momentum: 0.9 }, TypeError, 'options: unknown key "momentum"'],
  ])("refuses the options %j", (options, kind, message) => {
    const create = () => new FusedTraining(new Dnc(TINY), options as FusedTrainingOptions);
    expect(create).toThrow(new (kind as ErrorConstructor)(message));
  });

  it("refuses a core that the engine does not cover", () => {
    const create = () => new FusedTraining(new Dnc({ ...TINY, controller: "gru" }));
    expect(create).toThrow(new TypeError('core: expected a controller that the engine covers, got "gru"'));
  });

  it.each([
    [{ time: 0 }, "time: expected an integer above 0, got 0"],
    [{ batch: 1.5 }, "batch: expected an integer above 0, got 1.5"],
    [{ observations: new Float32Array(3) }, "observations: expected 60 numbers, got 3"],
    [{ target: new Float32Array(0) }, "target: expected 40 numbers, got 0"],
    [{ mask: new Float32Array(21) }, "mask: expected 20 numbers, got 21"],
  ])("refuses a batch of wrong sizes: %j", async (part, message) => {
    const training = new FusedTraining(new Dnc(TINY));
    expect(() => training.step({ ...BATCHES[0], ...part })).toThrow(new RangeError(message));
    training.step(BATCHES[0]);
    expect((await training.results()).map(({ applied }) => applied)).toEqual([true]);
    training.dispose();
  });

  it("says how much memory a run needs that the device does not have, and goes on", async () => {
    const training = new FusedTraining(new Dnc(TINY), OPTIONS);
    const undisturbed = new FusedTraining(new Dnc(TINY), OPTIONS);
    const message = /^memory: expected at most \d+\.\d MiB for \w+, the run needs \d+\.\d MiB$/;
    for (const own of [training, undisturbed]) own.step(BATCHES[0]);
    expect(() => training.reserve(60000, 60000)).toThrow(message);
    for (const own of [training, undisturbed]) own.step(BATCHES[1]);
    expect(await training.results()).toEqual(await undisturbed.results());
  });

  it("leaves no buffers and no tensors behind", async () => {
    const { device } = tf.backend() as unknown as { device: GPUDevice };
    const createBuffer = device.createBuffer.bind(device);
    const alive = new Set<GPUBuffer>();
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      alive.add(buffer);
      buffer.destroy = () => {
        alive.delete(buffer);
        destroy();
      };
      return buffer;
    };
    const core = new Dnc(TINY);
    const run = async () => {
      const training = new FusedTraining(core, OPTIONS);
      for (const batch of BATCHES) training.step(batch);
      await training.results();
      await training.pull();
      training.dispose();
      training.dispose();
      return training;
    };
    await run();
    const { numTensors, numDataBuffers } = tf.memory();
    const buffers = alive.size;
    const disposed = await run();
    device.createBuffer = createBuffer;
    expect(alive.size).toBe(buffers);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
    expect(() => disposed.step(BATCHES[0])).toThrow("disposed");
  });
});
