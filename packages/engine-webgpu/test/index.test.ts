import { LstmNetwork } from "@dnc/core";
import { findEngine, supportsCore } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import * as wasm from "../../engine-wasm/src/index.js";
import * as engine from "../src/index.js";
import { Dnc, rmsProp, TINY } from "./support.js";

it("exports exactly these names", () => {
  expect(Object.keys(engine).sort()).toMatchInlineSnapshot(`
    [
      "WebGpuTrainer",
      "webGpuEngine",
    ]
  `);
});

it("registers the kernel only for its backend, alongside another engine", () => {
  for (const kernel of ["DncUnroll", "DncUnrollGradient"]) expect(tf.getKernel(kernel, "webgpu")).toBeDefined();
  expect(tf.getKernel("DncUnroll", "webgl")).toBeUndefined();
  expect(tf.getGradient("DncUnroll")).toBeDefined();
  expect(findEngine("cpu")).toBe(wasm.wasmEngine);
  expect(findEngine("webgpu")).toBe(engine.webGpuEngine);
});

describe("the engine's supports", () => {
  const { webGpuEngine } = engine;

  it("is true for every controller and variant, and for a network without a memory", () => {
    for (const controller of ["lstm", "deep-lstm", "gru", "feed-forward"] as const)
      expect(supportsCore(webGpuEngine, new Dnc({ ...TINY, controller }))).toBe(true);
    for (const memory of [{ masking: true, deallocation: true, sharpness: true }, { links: false }])
      expect(supportsCore(webGpuEngine, new Dnc({ ...TINY, memory }))).toBe(true);
    expect(supportsCore(webGpuEngine, new LstmNetwork({ inputSize: 1, outputSize: 1 }))).toBe(true);
  });

  it("is a reason for a setting that the kernels do not know", () => {
    const { config } = new Dnc(TINY);
    expect(webGpuEngine.supports({ ...config, memory: { ...config.memory, rotation: true } as never })).toBe(
      "memory.rotation: expected a network without this setting, got true",
    );
    expect(webGpuEngine.supports({ ...config, depth: 2 } as never)).toBe(
      "depth: expected a network without this setting, got 2",
    );
  });

  it("is true for every loss and optimizer, otherwise a reason", () => {
    const { config } = new Dnc(TINY);
    const adam = { type: "adam" } as const;
    expect(
      webGpuEngine.supports(config, { loss: "softmax", groupSizes: [1, 1], optimizer: adam, carryState: true }),
    ).toBe(true);
    expect(webGpuEngine.supports(config, { loss: "squared", optimizer: rmsProp({ momentum: 0.9 }) })).toBe(true);
    expect(webGpuEngine.supports(config, { loss: "softmax", groupSizes: [3] })).toBe(
      "groupSizes: expected sizes that add up to the 2 outputs, got 3",
    );
    expect(webGpuEngine.supports(config, { loss: "hinge" } as never)).toBe(
      'loss: expected "sigmoid", "softmax", "squared" or "linear", got "hinge"',
    );
    expect(webGpuEngine.supports(config, { optimizer: { type: "sgd" } } as never)).toBe(
      'optimizer.type: expected "rmsprop" or "adam", got "sgd"',
    );
  });
});

describe("training on a backend other than webgpu", () => {
  it("is refused", () => {
    expect(tf.getBackend()).toBe("cpu");
    expect(() => new engine.WebGpuTrainer(new Dnc(TINY))).toThrow(new TypeError("backend: expected webgpu, got cpu"));
  });
});
