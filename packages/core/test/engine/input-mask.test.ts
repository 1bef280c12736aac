/** How `unroll` passes an input mask, and a network without a memory, to an engine. */
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  type KernelEngine,
  mapState,
  type NetworkSizes,
  registerEngine,
  type UnrollInputs,
} from "../../src/engine/index.js";
import { Dnc, LstmNetwork, unroll } from "../../src/index.js";
import { bitsOf, normal, TINY } from "../support.js";

const LENGTHS = [3, 1];
const inputs = () => normal<tf.Rank.R3>([3, 2, 3], 1);
let warn = vi.spyOn(console, "warn");
let given: UnrollInputs<tf.TensorInfo>[] = [];
let masks: number[][] = [];

/** An engine whose outputs and gradients are ones. */
function register(supportsSizes: KernelEngine["supportsSizes"], supports: KernelEngine["supports"] = () => true): void {
  const ones = ({ shape }: tf.TensorInfo) => tf.ones(shape) as tf.TensorInfo;
  registerEngine({
    name: "ones",
    backends: ["cpu"],
    supports,
    supportsSizes,
    kernels: {
      forward(tensors, { sizes }) {
        given.push(tensors);
        if (tensors.inputMask) masks.push(Array.from(tf.backend().readSync(tensors.inputMask.dataId) as Float32Array));
        const [time, batch] = tensors.inputs.shape;
        const finalState = mapState((name) => ones(tensors.initialState[name]));
        return { logits: tf.ones([time, batch, sizes.outputSize]), finalState };
      },
      backward: ({ inputs, initialState, parameters }) => ({
        inputs: ones(inputs),
        initialState: mapState((name) => ones(initialState[name])),
        parameters: parameters.map(ones),
      }),
    },
    createTrainer: () => {
      throw new Error("unused");
    },
  });
}

beforeEach(() => {
  [given, masks] = [[], []];
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  for (const name of ["DncUnroll", "DncUnrollGradient"]) tf.unregisterKernel(name, "cpu");
  vi.restoreAllMocks();
});

it("lengths and masks are the op's tensor inputMask, in float32, and an attribute", () => {
  const asked: NetworkSizes[] = [];
  register((sizes) => {
    asked.push(sizes);
    return true;
  });
  const core = new Dnc({ ...TINY, memory: { masking: true } });
  unroll(core, inputs());
  expect(given[0].inputMask).toBeUndefined();
  const mask = tf.tensor2d([1, 1, 1, 0, 1, 0], [3, 2], "int32");
  const runs = [{ lengths: LENGTHS }, { inputMask: mask }, { inputMask: tf.cast(mask, "bool") as tf.Tensor2D }];
  for (const options of runs) {
    given = [];
    const { outputs } = unroll(core, inputs(), undefined, options);
    expect(bitsOf([outputs])[0].every((value) => value === 1)).toBe(true);
    expect(given).toHaveLength(1);
    const { inputMask, parameters } = given[0];
    expect([inputMask?.shape, inputMask?.dtype, parameters.length]).toEqual([[3, 2], "float32", 28]);
    expect(masks.at(-1)).toEqual([1, 1, 1, 0, 1, 0]);
  }
  expect(asked.map(({ inputMask, masking }) => [inputMask, masking])).toEqual(runs.map(() => [true, true]));
  expect(warn).not.toHaveBeenCalled();
});

it("the op has a gradient to everything but the mask, to which it is zero", () => {
  register(() => true);
  const core = new Dnc(TINY);
  for (const dtype of ["float32", "int32"] as const) {
    const [toInputs, toMask] = tf.grads((x: tf.Tensor, inputMask: tf.Tensor) =>
      tf.sum(unroll(core, x as tf.Tensor3D, undefined, { inputMask: inputMask as tf.Tensor2D }).outputs),
    )([inputs(), tf.ones([3, 2], dtype)]);
    expect(bitsOf([toInputs])[0].every((slope) => slope === 1)).toBe(true);
    expect(bitsOf([toMask])).toEqual([[0, 0, 0, 0, 0, 0]]);
  }
});

it("an engine that does not support input masks runs single steps of all sequences; the reason is printed once", () => {
  const core = new Dnc(TINY);
  register(({ inputMask }) => (inputMask ? "inputMask: expected none, got one" : true));
  for (let times = 0; times < 2; times++) {
    given = [];
    const { outputs } = unroll(core, inputs(), undefined, { lengths: LENGTHS });
    expect(bitsOf([outputs])).toEqual([[1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0]]);
    expect(given.map(({ inputs: { shape }, inputMask }) => [shape, inputMask])).toEqual(
      LENGTHS.concat(0).map(() => [[1, 2, 3], undefined]),
    );
  }
  expect(warn.mock.calls).toEqual([
    ["@dnc/core: engine ones does not support this network: inputMask: expected none, got one."],
  ]);
});

it("a network without a memory has tensors of no elements in place of the memory's", () => {
  register(() => true);
  const network = new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4, layers: 2 });
  const { outputs, finalState } = unroll(network, inputs());
  expect(outputs.shape).toEqual([3, 2, 2]);
  expect(
    bitsOf(finalState)
      .flat()
      .every((value) => value === 1),
  ).toBe(true);
  expect(Object.keys(finalState.controller)).toEqual(Object.keys(network.initialState(1).controller));
  const { initialState, parameters } = given[0];
  expect(Object.fromEntries(Object.entries(initialState).map(([name, { shape }]) => [name, shape]))).toEqual({
    ...{ memory: [2, 0, 0], readWeights: [2, 0, 0], writeWeights: [2, 0, 0], link: [2, 0, 0, 0] },
    ...{ precedenceWeights: [2, 0, 0], usage: [2, 0], readWords: [2, 0, 0], hidden: [2, 8], cell: [2, 8] },
  });
  expect(parameters.map(({ shape }) => shape)).toEqual(network.variables.map(({ variable }) => variable.shape));
});

it.each([
  ["of one layer", {}],
  ["of two layers", { layers: 2 }],
])("an LSTM network %s runs by the definition where the engine refuses it, and says so once", (_name, config) => {
  const network = new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4, ...config });
  const expected = unroll(network, inputs());
  warn.mockClear();
  register(
    () => true,
    () => `memory: expected one, got false (${network.config.layers})`,
  );
  for (let times = 0; times < 2; times++) expect(bitsOf(unroll(network, inputs()))).toEqual(bitsOf(expected));
  expect(given).toHaveLength(0);
  expect(warn.mock.calls).toEqual([
    [
      `@dnc/core: engine ones does not support this network: memory: expected one, got false (${network.config.layers}).`,
    ],
  ]);
});
