import { Dnc, unroll } from "@dnc/core";
import { findEngine, findEngines } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { normal, randomState, TINY } from "../../core/test/support.js";
import * as engine from "../src/index.js";
import { ops } from "../src/ops.js";

const forward = vi.spyOn(ops, "forward");

/** Counts the runs of the engine. */
function runsIn(compute: () => unknown): number {
  forward.mockClear();
  tf.tidy(() => {
    compute();
  });
  return forward.mock.calls.length;
}

it("exports exactly these names", () => {
  expect(Object.keys(engine).sort()).toMatchInlineSnapshot(`
    [
      "tfjsEngine",
    ]
  `);
});

describe("importing the package", () => {
  it("registers the engine for the backends of TensorFlow.js", () => {
    for (const backend of ["cpu", "wasm", "webgl", "webgpu", "tensorflow"])
      expect(findEngine(backend)).toBe(engine.tfjsEngine);
  });

  it("yields to an engine with custom kernels, if a backend has one", async () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([3, 2, 3], 1);
    expect(runsIn(() => unroll(core, inputs))).toBe(1);
    const { wasmEngine } = await import("../../engine-wasm/src/index.js");
    expect(findEngines("cpu")).toEqual([wasmEngine, engine.tfjsEngine]);
    expect(findEngines("webgl")).toEqual([engine.tfjsEngine]);
    expect(runsIn(() => unroll(core, inputs))).toBe(0);
    for (const kernel of ["DncUnroll", "DncUnrollGradient"]) tf.unregisterKernel(kernel, "cpu");
    expect(runsIn(() => unroll(core, inputs))).toBe(1);
  });
});

describe("the engine", () => {
  it("runs steps, also within a gradient, unless the caller has prepared the weights", () => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal<tf.Rank.R2>([2, 3], 1), randomState(core, 2)];
    expect(runsIn(() => core.step(inputs, state))).toBe(1);
    expect(runsIn(() => tf.grad((x) => tf.sum(core.step(x as tf.Tensor2D, state).output))(inputs))).toBe(1);
    expect(runsIn(() => core.step(inputs, state, { prepared: core.prepareWeights() }))).toBe(0);
  });

  it("does not run traces", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([3, 2, 3], 1);
    expect(runsIn(() => unroll(core, inputs, undefined, { trace: true }))).toBe(0);
  });

  it("prints once why a network runs by its definition", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const core = new Dnc({ ...TINY, writeHeads: 2 });
    for (let times = 0; times < 2; times++) unroll(core, normal<tf.Rank.R3>([3, 2, 3], 1));
    expect(warn.mock.calls).toEqual([
      ["@dnc/core: engine tfjs does not support this network: writeHeads: expected 1, got 2."],
    ]);
    warn.mockRestore();
  });
});
