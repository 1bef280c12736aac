/** Tests traces that the kernel computes: they have the quantities of the definition. */
import { type DncConfig, type TraceQuantity, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { Network } from "../src/network.js";
import { Dnc, makeState, normal, TINY } from "./support.js";

const CONFIGS: { readonly [name: string]: DncConfig } = {
  "the reference's memory": TINY,
  "several write heads and layers": {
    ...TINY,
    ...{ controller: "deep-lstm", layers: 2, writeHeads: 3, memory: { masking: { minimum: 0.1 }, deallocation: true } },
  },
  "a GRU and no links": { ...TINY, controller: "gru", memory: { links: false } },
  "more slots than fit the fastest cache": { ...TINY, memorySize: 67, controller: "feed-forward" },
};

/** Traces a network's sequence, all quantities but those left out. */
function traced(core: InstanceType<typeof Dnc>, without: readonly string[] = []) {
  const inputs = normal([5, 3, 3], 1) as tf.Tensor3D;
  const state = makeState(core, 3, "random", 1);
  const definition = unroll(core, inputs, state, { trace: true });
  const names = Object.keys(definition.trace).filter((name) => !without.includes(name)) as TraceQuantity[];
  const run = vi.spyOn(Network.prototype, "run");
  const chosen = unroll(core, inputs, state, { trace: names });
  const kernelSteps = run.mock.calls.length;
  run.mockRestore();
  return { definition, chosen, names, kernelSteps };
}

describe("a trace of chosen quantities", () => {
  it.each(Object.entries(CONFIGS))("has what the definition has, with %s", (_, config) => {
    const { definition, chosen, names, kernelSteps } = traced(new Dnc(config));
    expect(names.length).toBeGreaterThan(15);
    expect(kernelSteps).toBe(5);
    expect(Object.keys(chosen.trace)).toEqual(names);
    for (const name of names) {
      expect(chosen.trace[name]?.shape, name).toEqual(definition.trace[name]?.shape);
      expect(chosen.trace[name], name).toBeAllClose(definition.trace[name] as tf.Tensor, {
        absolute: 1e-5,
        relative: 1e-4,
      });
    }
    expect(chosen.outputs).toBeAllClose(definition.outputs, { absolute: 1e-5, relative: 1e-4 });
    expect(chosen.finalState.access.memory).toBeAllClose(definition.finalState.access.memory, {
      absolute: 1e-5,
      relative: 1e-4,
    });
  });

  it("is the definition's where the kernel does not have a quantity, and under a gradient", () => {
    const core = new Dnc({ ...TINY, memory: { sharpness: true } });
    const { definition, chosen, kernelSteps } = traced(core);
    expect(kernelSteps).toBe(0);
    expect(chosen.trace.forwardSharpness).toBeAllClose(definition.trace.forwardSharpness as tf.Tensor, { absolute: 0 });
    const { kernelSteps: without } = traced(core, ["forwardSharpness", "backwardSharpness"]);
    expect(without).toBe(5);
    const loss = () => tf.sum(unroll(core, tf.ones([2, 1, 3]), undefined, { trace: ["usage"] }).outputs) as tf.Scalar;
    expect(Object.keys(tf.variableGrads(loss).grads)).not.toHaveLength(0);
  });

  it("leaves only what it returns, and allocates little more", () => {
    const core = new Dnc({ ...TINY, memorySize: 64, wordSize: 16 });
    const inputs = tf.ones([20, 1, 3]) as tf.Tensor3D;
    const bytes = countWritten(() => tf.dispose(unroll(core, inputs, undefined, { trace: ["memory", "usage"] })));
    const returned = 4 * 20 * 64 * 17;
    const state = 4 * 64 * 64;
    expect(bytes).toBeLessThan(returned + 4 * state);
    const before = tf.memory().numTensors;
    const { outputs, finalState, trace } = unroll(core, inputs, undefined, { trace: ["memory"] });
    expect(Object.keys(trace)).toEqual(["memory"]);
    tf.dispose([outputs, finalState, trace]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** Counts the bytes of all arrays that a function gives to the backend. */
function countWritten(run: () => void): number {
  let bytes = 0;
  const write = vi.spyOn(tf.backend() as tf.KernelBackend, "write");
  run();
  for (const [values] of write.mock.calls) bytes += (values as Float32Array)?.byteLength ?? 0;
  write.mockRestore();
  return bytes;
}
