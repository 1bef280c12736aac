import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import * as engine from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(engine).sort()).toMatchInlineSnapshot(`
    [
      "WasmTrainer",
      "availableInstructionSets",
      "configureEngine",
      "startThreads",
      "wasmEngine",
      "whyUnavailable",
    ]
  `);
});

it("registers the kernel for the backends whose tensors it can read synchronously", () => {
  for (const backend of ["cpu", "wasm", "tensorflow"]) expect(tf.getKernel("DncUnroll", backend)).toBeDefined();
  for (const backend of ["webgl", "webgpu"]) expect(tf.getKernel("DncUnroll", backend)).toBeUndefined();
  expect(tf.getGradient("DncUnroll")).toBeDefined();
});
