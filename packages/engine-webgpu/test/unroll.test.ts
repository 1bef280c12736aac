import { MemoryAccess } from "@dnc/access";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import "../src/index.js";
import { Network } from "../src/network.js";
import { type Case, composed, Dnc, distance, fused, resultsOn, startWebGpu, TINY } from "./support.js";

const hasAdapter = await startWebGpu();
const runs = vi.spyOn(Network.prototype, "run");

/**
 * Computes the largest difference between the kernel on WebGPU and the same network step by step on the CPU backend.
 */
async function differenceOf(given: Case) {
  runs.mockClear();
  const own = await resultsOn("webgpu", fused, given);
  expect(runs.mock.calls.length).toBeGreaterThan(0);
  return distance(own, await resultsOn("cpu", composed, given));
}

describe.skipIf(!hasAdapter)(
  "a sequence as one op is the same as a loop of steps (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
  () => {
    it("for networks of any sizes", async () => {
      const size = (max: number) => fc.integer({ min: 1, max });
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            inputSize: size(5),
            outputSize: size(5),
            memorySize: size(9),
            wordSize: size(7),
            readHeads: size(3),
            writeHeads: size(3),
            hiddenSize: size(9),
            clipValue: fc.constantFrom(null, 0.3, 20),
            controller: fc.constantFrom("lstm" as const, "feed-forward" as const),
          }),
          size(4),
          size(3),
          fc.constantFrom("random" as const, "tied" as const, "onehot" as const),
          async (config, time, batch, kind) => {
            const { name, difference } = await differenceOf({ config: { ...config, seed: 3 }, time, batch, kind });
            expect(difference, name).toBeLessThan(2e-5);
          },
        ),
        { seed: 5, numRuns: 5 },
      );
    });

    it.each([
      [
        "one of everything",
        { memorySize: 1, wordSize: 1, readHeads: 1, hiddenSize: 1, inputSize: 1, outputSize: 1 },
        1,
        1,
      ],
      ["three layers", { controller: "deep-lstm" as const, layers: 3 }, 3, 2],
      ["so many slots that sums over them are split", { memorySize: 33, wordSize: 6, readHeads: 1 }, 3, 2],
      [
        "sizes of whole vectors",
        { memorySize: 8, wordSize: 4, readHeads: 4, hiddenSize: 16, inputSize: 8, outputSize: 8 },
        3,
        2,
      ],
      ["more outputs than a block has columns", { outputSize: 70 }, 2, 2],
    ])("with %s", async (_, config, time, batch) => {
      const { name, difference } = await differenceOf({ config: { ...TINY, ...config }, time, batch });
      expect(difference, name).toBeLessThan(2e-5);
    });

    it("at the sizes of the reference", async () => {
      for (const kind of ["random", "onehot"] as const) {
        const given = { config: { inputSize: 6, outputSize: 5, seed: 1 }, time: 9, batch: 2, kind };
        const { name, difference } = await differenceOf(given);
        expect(difference, name).toBeLessThan(2e-5);
      }
    });

    // One size of network, so that its kernels are compiled once.
    it.each([
      ["all gates are open", /_gate|erase/, 60],
      ["all gates are shut", /_gate|erase/, -60],
      ["gates are exactly 1", /_gate|erase/, 1000],
      ["gates are exactly 0", /_gate|erase/, -1000],
      ["only what is allocated is written", /(allocation|write)_gate/, 60],
      ["all that was read is free, and erased", /free_gate|erase/, 60],
      ["strengths are large", /strengths/, 100],
      ["strengths are next to zero", /strengths/, -100],
    ])("where %s", async (_, name, value) => {
      for (const kind of ["random", "onehot", "tied"] as const) {
        const config = { ...TINY, writeHeads: 2, readHeads: 3 };
        const time = kind === "tied" ? 2 : 3;
        const worst = await differenceOf({ config, time, batch: 2, kind, biases: [name, value] });
        expect(worst.difference, worst.name).toBeLessThan(1e-4);
      }
    });

    it("where strengths are huge, so that a head selects one slot", async () => {
      const { name, difference } = await differenceOf({ config: TINY, time: 1, batch: 3, biases: [/strengths/, 1e5] });
      expect(difference, name).toBeLessThan(1e-3);
    });

    it("where the controller saturates", async () => {
      const { name, difference } = await differenceOf({ config: TINY, time: 3, batch: 2, scale: 1000 });
      expect(difference, name).toBeLessThan(2e-5);
    });
  },
);

describe.skipIf(!hasAdapter)(
  "the memory access by itself (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
  () => {
    it("has the same outputs and gradients as on the CPU", async () => {
      const found: number[][] = [];
      for (const backend of ["webgpu", "cpu"]) {
        await tf.setBackend(backend);
        const config = { inputSize: 4, memorySize: 5, wordSize: 3, readHeads: 2, writeHeads: 2, seed: 1 };
        const access = new MemoryAccess(config);
        const inputs = tf.tensor2d([0.1, 0.2, 0.3, 0.4, -0.1, 0.5, 0.2, 0.1], [2, 4]);
        const cost = (x: tf.Tensor) => {
          const first = access.step(x as tf.Tensor2D, access.initialState(2));
          const second = access.step(x as tf.Tensor2D, first.state);
          return tf.add(tf.sum(second.output), tf.sum(tf.square(second.state.memory))) as tf.Scalar;
        };
        const { value, grad } = tf.valueAndGrad(cost)(inputs);
        const { grads } = tf.variableGrads(() => cost(inputs));
        const tensors = [value, grad, ...access.variables.map(({ variable }) => grads[variable.name])];
        const values = await Promise.all(tensors.map((tensor) => tensor.data()));
        found.push(values.flatMap((numbers) => Array.from(numbers)));
      }
      expect(found[0]).toBeAllClose(found[1], { absolute: 2e-6, relative: 2e-5 });
    });
  },
);

describe.skipIf(!hasAdapter)("the kernel (needs a WebGPU adapter; apt-get install chromium libvulkan1)", () => {
  it("is NaN where its inputs are NaN, and only there", async () => {
    await tf.setBackend("webgpu");
    const inputs = tf.tensor3d([1, Number.NaN, 0, 1, 2, 3], [1, 2, 3]);
    const outputs = Array.from(await fused(new Dnc(TINY), inputs).outputs.data());
    expect(outputs.map(Number.isNaN)).toEqual([true, true, false, false]);
  });

  it("runs the sequence again if another one ran between it and its gradient", async () => {
    await tf.setBackend("webgpu");
    const core = new Dnc(TINY);
    const inputs = tf.variable(tf.randomNormal([3, 2, 3], 0, 1, "float32", 5)) as tf.Variable<tf.Rank.R3>;
    const gradient = async (between: () => void) => {
      const { grads } = tf.variableGrads(() => {
        const { outputs } = fused(core, inputs);
        between();
        return tf.sum(tf.square(outputs)) as tf.Scalar;
      }, [inputs]);
      return Array.from(await grads[inputs.name].data());
    };
    const plain = await gradient(() => {});
    const other = tf.zeros([5, 1, 3]) as tf.Tensor3D;
    expect(await gradient(() => tf.dispose(fused(core, other)))).toEqual(plain);
    expect(plain.some((value) => value !== 0)).toBe(true);
  });

  it("has the gradient that central differences have", async () => {
    await tf.setBackend("webgpu");
    const core = new Dnc({ ...TINY, memorySize: 4, wordSize: 3, hiddenSize: 4 });
    const weights = tf.randomNormal([3, 1, 2], 0, 1, "float32", 9);
    const cost = (x: tf.Tensor) => tf.sum(tf.mul(fused(core, x as tf.Tensor3D).outputs, weights));
    const [at, way] = [5, 6].map((seed) => tf.randomNormal([3, 1, 3], 0, 1, "float32", seed));
    const slope = await tf.sum(tf.mul(tf.grad(cost)(at), way)).data();
    const value = async (step: number) => (await cost(tf.add(at, tf.mul(way, step))).data())[0];
    const differences = ((await value(0.01)) - (await value(-0.01))) / 0.02;
    expect(slope[0]).toBeAllClose(differences, { relative: 5e-3 });
  });

  it("leaves no tensors but its results", async () => {
    await tf.setBackend("webgpu");
    const core = new Dnc(TINY);
    const inputs = tf.zeros([3, 2, 3]) as tf.Tensor3D;
    const iterate = () =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => tf.sum(fused(core, inputs).outputs) as tf.Scalar);
        tf.dispose([value, grads]);
        fused(core, inputs);
      });
    iterate();
    const { numTensors, numDataBuffers } = tf.memory();
    for (let iteration = 0; iteration < 5; iteration++) iterate();
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  });
});
