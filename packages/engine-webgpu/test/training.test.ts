import type { TrainerOptions } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { beforeEach, describe, expect, it } from "vitest";
import { WebGpuTrainer } from "../src/index.js";
import { Dnc, rmsProp, startWebGpu, TINY } from "./support.js";
import { BATCHES, makeBatch, meanSquaresOf, numbersOf, OPTIONS, trained } from "./training-support.js";

const hasAdapter = await startWebGpu();

describe.skipIf(!hasAdapter)("training on WebGPU (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  beforeEach(async () => {
    await tf.setBackend("webgpu");
  });

  it("uses at most twelve kernels in one submission per iteration", async () => {
    const training = new WebGpuTrainer(new Dnc(TINY), OPTIONS);
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

  it("reports each iteration once, in order, whenever results are read", async () => {
    const all = (await trained(TINY, BATCHES)).steps;
    const training = new WebGpuTrainer(new Dnc(TINY), OPTIONS);
    expect(await training.flush()).toEqual([]);
    training.step(BATCHES[0]);
    expect(await training.flush()).toEqual(all.slice(0, 1));
    for (const batch of BATCHES.slice(1, 3)) training.step(batch);
    const early = training.flush();
    for (const batch of BATCHES.slice(3)) training.step(batch);
    expect(await early).toEqual(all.slice(1, 3));
    expect(await training.flush()).toEqual(all.slice(3));
    training.dispose();
  });

  it("keeps the results of more iterations than its initial capacity", async () => {
    const config = { ...TINY, memorySize: 1, wordSize: 1, readHeads: 1, hiddenSize: 1 };
    const [core, training] = [new Dnc(config), new WebGpuTrainer(new Dnc(config), OPTIONS)];
    const batches = [makeBatch(1, 1, 1), makeBatch(1, 1, 2)];
    const half = new WebGpuTrainer(core, OPTIONS);
    const halves = [];
    for (let iteration = 0; iteration < 300; iteration++) {
      training.step(batches[iteration % 2]);
      half.step(batches[iteration % 2]);
      if (iteration === 149) halves.push(...(await half.flush()));
    }
    halves.push(...(await half.flush()));
    const steps = await training.flush();
    expect(steps.length).toBe(300);
    expect(steps).toEqual(halves);
    expect(steps[299].loss).not.toBe(steps[0].loss);
  });

  it("changes nothing after a loss that is not finite, until that has been reported", async () => {
    const core = new Dnc(TINY);
    const training = new WebGpuTrainer(core, OPTIONS);
    training.step(BATCHES[0]);
    const before = await numbersOf(core, training);
    const { variable } = core.variables[0];
    const good = tf.clone(variable);
    variable.assign(tf.fill(variable.shape, Number.NaN));
    training.readFromVariables();
    training.step(BATCHES[1]);
    variable.assign(good);
    training.readFromVariables();
    for (const batch of [BATCHES[2], BATCHES[3]]) training.step(batch);
    const steps = await training.flush();
    expect(steps.map(({ applied }) => applied)).toEqual([true, false, false, false]);
    expect(Number.isFinite(steps[1].loss)).toBe(false);
    expect(Number.isFinite(steps[2].loss)).toBe(true);
    expect(await numbersOf(core, training)).toEqual(before);
    training.step(BATCHES[2]);
    const [after] = await training.flush();
    expect(after).toEqual({ ...steps[2], applied: true });
    expect(await numbersOf(core, training)).not.toEqual(before);
    training.dispose();
  });

  it("continues bit by bit from the variables that were written", async () => {
    const [core, other] = [new Dnc(TINY), new Dnc({ ...TINY, seed: 2 })];
    const training = new WebGpuTrainer(core, OPTIONS);
    for (const batch of BATCHES.slice(0, 2)) training.step(batch);
    await training.writeToVariables();
    for (const [index, { variable }] of other.variables.entries()) variable.assign(core.variables[index].variable);
    const resumed = new WebGpuTrainer(other, OPTIONS);
    meanSquaresOf(resumed).set(meanSquaresOf(training));
    resumed.readFromVariables();
    await training.flush();
    for (const own of [training, resumed]) for (const batch of BATCHES.slice(2)) own.step(batch);
    expect(await resumed.flush()).toEqual(await training.flush());
    expect(await numbersOf(other, resumed)).toEqual(await numbersOf(core, training));
  });

  it.each([
    [
      { optimizer: rmsProp({ learningRate: 0 }) },
      RangeError,
      "optimizer.learningRate: expected a finite number above 0, got 0",
    ],
    [
      { optimizer: rmsProp({ epsilon: -1 }) },
      RangeError,
      "optimizer.epsilon: expected a finite number above 0, got -1",
    ],
    [{ maxGradNorm: Number.NaN }, RangeError, "maxGradNorm: expected a finite number above 0, got NaN"],
    [{ optimizer: rmsProp({ decay: 1 }) }, RangeError, "optimizer.decay: expected a number in [0, 1), got 1"],
    [
      { optimizer: rmsProp({ learningRate: "0.1" as never }) },
      TypeError,
      'optimizer.learningRate: expected a number, got "0.1"',
    ],
    [{ momentum: 0.9 }, TypeError, 'options: unknown key "momentum"'],
    [{ optimizer: { ...rmsProp(), momentun: 0.9 } }, TypeError, 'optimizer: unknown key "momentun"'],
    [{ optimizer: {} }, TypeError, 'optimizer.type: expected "rmsprop" or "adam", got undefined'],
    [{ optimizer: { type: "adam", beta1: 1 } }, RangeError, "optimizer.beta1: expected a number in [0, 1), got 1"],
    [{ optimizer: "rmsprop" }, TypeError, 'optimizer: expected an object, got "rmsprop"'],
    [{ loss: "hinge" }, TypeError, 'loss: expected "sigmoid", "softmax", "squared" or "linear", got "hinge"'],
    [
      { loss: "softmax", groupSizes: [1, 2] },
      RangeError,
      "groupSizes: expected sizes that add up to the 2 outputs, got 3",
    ],
  ])("refuses the options %j", (options, kind, message) => {
    const create = () => new WebGpuTrainer(new Dnc(TINY), options as TrainerOptions);
    expect(create).toThrow(new (kind as ErrorConstructor)(message));
  });

  it("refuses a core that the engine does not support", () => {
    const { config, variables } = new Dnc(TINY);
    const create = () => new WebGpuTrainer({ config: { ...config, controller: "rnn" }, variables });
    expect(create).toThrow(
      new TypeError('controller: expected one of "lstm", "deep-lstm", "gru", "feed-forward", got "rnn"'),
    );
  });

  it.each([
    [{ timeSteps: 0 }, "timeSteps: expected an integer above 0, got 0"],
    [{ batchSize: 1.5 }, "batchSize: expected an integer above 0, got 1.5"],
    [{ inputs: new Float32Array(3) }, "inputs: expected 60 numbers, got 3"],
    [{ targets: new Float32Array(0) }, "targets: expected 40 numbers, got 0"],
    [{ mask: new Float32Array(21) }, "mask: expected 20 numbers, got 21"],
  ])("refuses a batch of wrong sizes: %j", async (part, message) => {
    const training = new WebGpuTrainer(new Dnc(TINY));
    expect(() => training.step({ ...BATCHES[0], ...part })).toThrow(new RangeError(message));
    training.step(BATCHES[0]);
    expect((await training.flush()).map(({ applied }) => applied)).toEqual([true]);
    training.dispose();
  });

  it("reports the memory that a run needs if the device does not have it, and continues", async () => {
    const training = new WebGpuTrainer(new Dnc(TINY), OPTIONS);
    const undisturbed = new WebGpuTrainer(new Dnc(TINY), OPTIONS);
    const message = /^memory: expected at most \d+\.\d MiB for \w+, the run needs \d+\.\d MiB$/;
    for (const own of [training, undisturbed]) own.step(BATCHES[0]);
    expect(() => training.reserve(60000, 60000)).toThrow(message);
    for (const own of [training, undisturbed]) own.step(BATCHES[1]);
    expect(await training.flush()).toEqual(await undisturbed.flush());
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
      const training = new WebGpuTrainer(core, OPTIONS);
      for (const batch of BATCHES) training.step(batch);
      await training.flush();
      await training.writeToVariables();
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
