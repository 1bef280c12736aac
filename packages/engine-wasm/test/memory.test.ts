import { unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { hosts } from "../src/hosts.js";
import { WasmTrainer } from "../src/index.js";
import { Dnc, makeBatch, makeState, normal, parametersOf, results, rmsProp, TINY } from "./support.js";

const kernelBytes = () => hosts.get().runtime.memory.buffer.byteLength;
const residentBytes = () => process.memoryUsage().rss;

describe("memory", () => {
  it("does not grow over thousands of iterations of changing lengths", () => {
    const training = new WasmTrainer(new Dnc(TINY), { threads: 1 });
    const batches = [5, 2, 8, 3].map((time) => makeBatch(time, 4, time));
    const iterate = (count: number) => {
      for (let iteration = 0; iteration < count; iteration++) training.step(batches[iteration % 4]);
    };
    iterate(200);
    const [kernel, resident, tensors] = [kernelBytes(), residentBytes(), tf.memory().numTensors];
    iterate(2000);
    expect(kernelBytes()).toBe(kernel);
    expect(residentBytes() - resident).toBeLessThan(30e6);
    expect(tf.memory().numTensors).toBe(tensors);
    training.dispose();
  });

  it("does not grow over gradients through sequences as one op", () => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal([4, 3, 3], 1) as tf.Tensor3D, makeState(core, 3, "random", 1)];
    const iterate = (count: number) => {
      for (let iteration = 0; iteration < count; iteration++) {
        const { value, grads } = tf.variableGrads(() => {
          const { outputs, finalState } = unroll(core, inputs, state);
          return tf.add(tf.sum(outputs), tf.sum(finalState.access.memory)) as tf.Scalar;
        });
        tf.dispose([value, grads]);
        tf.dispose(unroll(core, inputs));
        tf.dispose(core.step(normal([3, 3], 1) as tf.Tensor2D, state));
      }
    };
    iterate(20);
    const left = () => {
      const { numTensors, numDataBuffers } = tf.memory();
      return { numTensors, numDataBuffers, kernel: kernelBytes() };
    };
    const before = left();
    const resident = residentBytes();
    // `normal` above leaves one tensor per iteration, which belongs to the caller.
    tf.tidy(() => iterate(300));
    expect(left()).toEqual(before);
    expect(residentBytes() - resident).toBeLessThan(60e6);
  });

  it("caches only a few networks, and recreates others with the same results", () => {
    const cores = [1, 2, 3, 4, 5, 6, 7].map((hiddenSize) => new Dnc({ ...TINY, hiddenSize }));
    const inputs = normal([4, 3, 3], 1) as tf.Tensor3D;
    const run = () => cores.map((core) => tf.tidy(() => Array.from(unroll(core, inputs).outputs.dataSync())));
    const first = run();
    const kernel = kernelBytes();
    for (let round = 0; round < 20; round++) expect(run()).toEqual(first);
    expect(kernelBytes()).toBe(kernel);
  });

  it("is freed when training is disposed", () => {
    const train = () => {
      const core = new Dnc({ ...TINY, memorySize: 40 });
      const training = new WasmTrainer(core);
      training.step(makeBatch(20, 8, 1));
      training.dispose();
      core.dispose();
    };
    train();
    const kernel = kernelBytes();
    for (let run = 0; run < 20; run++) train();
    expect(kernelBytes()).toBe(kernel);
  });
});

describe("a run that WebAssembly has no memory for", () => {
  const options = { optimizer: rmsProp({ learningRate: 0.01 }), threads: 1 };
  const [small, large] = [makeBatch(3, 2, 1), makeBatch(8000, 4, 1)];
  const SLOTS = 1536; // 127 of 8001 states are kept, of four sequences, each with links of 9 MiB
  const message = /^memory: expected at most 4\.00 GiB, the run needs (\d+\.\d\d) GiB$/;

  it("is one clear sentence with the size, and allocates nothing", () => {
    const training = new WasmTrainer(new Dnc({ ...TINY, memorySize: 20000 }), options);
    const before = kernelBytes();
    const failure = caught(() => training.reserve(9, 16));
    expect(failure).toBeInstanceOf(RangeError);
    const [, size] = failure.message.match(message) ?? [];
    // The links of six states (before each of five groups of steps, and the last) and their gradient, of the four sequences of a round,
    // are nearly all of the memory.
    expect(Number(size)).toBeCloseTo((7 * 4 * 20000 ** 2 * 4) / 2 ** 30, -1);
    expect(kernelBytes()).toBe(before);
    expect(caught(() => training.step(makeBatch(9, 16, 1))).message).toMatch(message);
  });

  it("does not change training, before its first step and between others", () => {
    const [core, other] = [1, 2].map(() => new Dnc({ ...TINY, memorySize: SLOTS }));
    const [training, undisturbed] = [core, other].map((own) => new WasmTrainer(own, options));
    const fail = () => expect(() => training.step(large)).toThrow(message);
    fail();
    for (let step = 0; step < 3; step++) {
      expect(training.step(small)).toEqual(undisturbed.step(small));
      fail();
      expect(training.logits(3, 2)).toEqual(undisturbed.logits(3, 2));
    }
    expect(parametersOf(core, training)).toEqual(parametersOf(other, undisturbed));
    training.dispose();
    undisturbed.dispose();
  });

  it("does not change sequences as one op", () => {
    const core = new Dnc({ ...TINY, memorySize: 512 });
    const [sequence, long] = [3, 100_000].map((time) => normal([time, 2, 3], 1) as tf.Tensor3D);
    const state = core.initialState(2);
    const bits = () =>
      tf.tidy(() => Array.from(results(unroll, core, sequence, state), ([, tensor]) => Array.from(tensor.dataSync())));
    const before = bits();
    const tensors = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.variableGrads(() => tf.sum(unroll(core, long, state).outputs)))).toThrow(message);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(bits()).toEqual(before);
  });
});

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected an error, got none");
}
