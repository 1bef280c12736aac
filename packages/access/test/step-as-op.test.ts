import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryAccess } from "../src/index.js";
import { type NetworkSizes, registerUnrollOp, type UnrollInputs } from "../src/unroll-op/index.js";
import { fieldsOf, toTensors, uniform } from "./numbers.js";
import { randomAccess } from "./random-access.js";

const SMALL = { inputSize: 3, memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2 };
let warn = vi.spyOn(console, "warn");
let seen: NetworkSizes[] = [];
let runs: { sizes: NetworkSizes; given: UnrollInputs<tf.TensorInfo> }[] = [];

/** Registers kernels that return the initial state, and an owner with this answer. */
function registerOwner(supportsSizes: (sizes: NetworkSizes) => true | string): void {
  const owner = {
    name: "abacus",
    supportsSizes: (sizes: NetworkSizes) => {
      seen.push(sizes);
      return supportsSizes(sizes);
    },
  };
  const kernels = {
    forward: (given: UnrollInputs<tf.TensorInfo>, { sizes }: { sizes: NetworkSizes }) => {
      runs.push({ sizes, given });
      const copy = (info: tf.TensorInfo) => tf.clone(info as tf.Tensor);
      const finalState = Object.fromEntries(
        Object.entries(given.initialState).map(([name, info]) => [name, copy(info)]),
      );
      return { logits: tf.zeros([1, 2, 0]), finalState } as never;
    },
    backward: () => {
      throw new Error("unused");
    },
  };
  registerUnrollOp(kernels, ["cpu"], owner);
}

beforeEach(() => {
  [seen, runs] = [[], []];
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  for (const name of ["DncUnroll", "DncUnrollGradient"]) tf.unregisterKernel(name, "cpu");
  vi.restoreAllMocks();
});

describe("a step on a backend with the unroll op", () => {
  it("is one op if its owner supports the memory, with the attributes of the memory", () => {
    registerOwner(() => true);
    const config = { ...SMALL, masking: { minimum: 0.25 }, deallocation: true, links: false };
    const { access, start } = randomAccess({ ...config, sharpness: false }, 2, 1);
    const { output, state } = access.step(tf.ones([2, 3]), toTensors(start));
    expect(runs).toHaveLength(1);
    expect(runs[0].sizes).toEqual({
      ...{ controller: "none", layers: 1, hiddenSize: 3, inputSize: 3, outputSize: 0, clipValue: 0 },
      ...{ memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2, inputMask: false },
      ...{ masking: true, maskMinimum: 0.25, deallocation: true, sharpness: false, links: false },
    });
    expect(seen).toEqual([runs[0].sizes]);
    expect(runs[0].given.parameters.map(({ shape }) => shape)).toEqual(
      access.variables.map(({ variable }) => variable.shape),
    );
    expect([runs[0].given.initialState.link.shape, output.shape]).toEqual([
      [2, 2, 0, 0],
      [2, 2, 3],
    ]);
    expect(state.memory).toBeAllClose(tf.tensor3d(start.memory));
    expect(warn).not.toHaveBeenCalled();
  });

  it("runs op by op if its owner does not support the memory; the reason is printed once", () => {
    const { access, start } = randomAccess({ ...SMALL, masking: { minimum: 0 } }, 2, 1);
    const inputs = tf.tensor2d(uniform<number[][]>([2, 3], 2, -1));
    const expected = access.step(inputs, toTensors(start));
    registerOwner(({ masking }) => (masking ? "memory.masking: expected false, got true" : true));
    for (let times = 0; times < 2; times++) {
      const { output, state } = access.step(inputs, toTensors(start));
      expect(output).toBeAllClose(expected.output, { absolute: 0, relative: 0 });
      for (const [name, tensor] of Object.entries(fieldsOf<tf.Tensor>(expected.state)))
        expect(fieldsOf<tf.Tensor>(state)[name], name).toBeAllClose(tensor, { absolute: 0, relative: 0 });
    }
    expect(runs).toHaveLength(0);
    expect(warn.mock.calls).toEqual([
      [
        "@dnc/access: engine abacus does not support this memory: memory.masking: expected false, got true; such a step runs op by op.",
      ],
    ]);
    const stock = new MemoryAccess(SMALL);
    stock.step(inputs, stock.initialState(2));
    expect(runs).toHaveLength(1);
  });

  it("runs op by op with a trace, prepared weights or a replaced method", () => {
    registerOwner(() => true);
    const access = new MemoryAccess(SMALL);
    const [inputs, state] = [tf.ones<tf.Rank.R2>([2, 3]), access.initialState(2)];
    access.step(inputs, state, { trace: true });
    access.step(inputs, state, { prepared: access.prepareWeights() });
    expect(warn).not.toHaveBeenCalled();
    const replaced = new MemoryAccess(SMALL);
    replaced.prepareWeights = () => access.prepareWeights();
    for (let times = 0; times < 2; times++) replaced.step(inputs, state);
    expect(runs).toHaveLength(0);
    expect(warn.mock.calls).toEqual([
      [
        "@dnc/access: expected a stock MemoryAccess to run as one op, got one with replaced prepareWeights; such a step runs op by op.",
      ],
    ]);
  });
});
