import { findEngine, supportsCore } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import * as wasm from "../../engine-wasm/src/index.js";
import * as engine from "../src/index.js";
import { Dnc, TINY } from "./support.js";

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
  it("is true for the LSTM of any depth and for the feed-forward controller", () => {
    for (const controller of ["lstm", "deep-lstm", "feed-forward"] as const)
      expect(supportsCore(engine.webGpuEngine, new Dnc({ ...TINY, controller }))).toBe(true);
    expect(supportsCore(engine.webGpuEngine, new Dnc({ ...TINY, controller: "gru" }))).toBe(
      'controller: expected "lstm", "deep-lstm" or "feed-forward", got "gru"',
    );
  });
});

describe("training on a backend other than webgpu", () => {
  it("is refused", () => {
    expect(tf.getBackend()).toBe("cpu");
    expect(() => new engine.WebGpuTrainer(new Dnc(TINY))).toThrow(new TypeError("backend: expected webgpu, got cpu"));
  });
});
