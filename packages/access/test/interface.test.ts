import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { MemoryAccess } from "../src/index.js";
import { uniform } from "./numbers.js";
import { randomAccess } from "./random-access.js";
import { referenceStep } from "./reference.js";

const CONFIG = { inputSize: 5, memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2 };

describe("the interface", () => {
  it("has the reference's variables, in its order and shapes", () => {
    const { variables } = new MemoryAccess(CONFIG);
    expect(variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["memory_access/write_vectors/w", [5, 6]],
      ["memory_access/write_vectors/b", [6]],
      ["memory_access/erase_vectors/w", [5, 6]],
      ["memory_access/erase_vectors/b", [6]],
      ["memory_access/free_gate/w", [5, 2]],
      ["memory_access/free_gate/b", [2]],
      ["memory_access/allocation_gate/w", [5, 2]],
      ["memory_access/allocation_gate/b", [2]],
      ["memory_access/write_gate/w", [5, 2]],
      ["memory_access/write_gate/b", [2]],
      ["memory_access/read_mode/w", [5, 10]],
      ["memory_access/read_mode/b", [10]],
      ["memory_access/write_keys/w", [5, 6]],
      ["memory_access/write_keys/b", [6]],
      ["memory_access/write_strengths/w", [5, 2]],
      ["memory_access/write_strengths/b", [2]],
      ["memory_access/read_keys/w", [5, 6]],
      ["memory_access/read_keys/b", [6]],
      ["memory_access/read_strengths/w", [5, 2]],
      ["memory_access/read_strengths/b", [2]],
    ]);
    expect(variables.every(({ variable }) => variable.trainable)).toBe(true);
  });

  it("draws weights from a normal cut off at 2 / sqrt(inputSize), standard deviation 0.8796 / sqrt(inputSize)", () => {
    const { variables } = new MemoryAccess({ inputSize: 50, wordSize: 100, writeHeads: 2, seed: 1 });
    for (const { name, variable } of variables.filter(({ name }) => name.endsWith("/w"))) {
      const scaled = Array.from(variable.dataSync(), (weight) => weight * Math.sqrt(50));
      expect(Math.max(...scaled.map(Math.abs)), name).toBeLessThanOrEqual(2 + 1e-6);
      if (scaled.length < 5000) continue;
      const mean = scaled.reduce((sum, x) => sum + x, 0) / scaled.length;
      const variance = scaled.reduce((sum, x) => sum + (x - mean) ** 2, 0) / scaled.length;
      expect(mean, name).toBeAllClose(0, { absolute: 0.04 });
      expect(Math.sqrt(variance), name).toBeAllClose(0.8796, { absolute: 0.02 });
      expect(Math.max(...scaled.map(Math.abs)), name).toBeGreaterThan(1.9);
    }
  });

  it("starts from biases of zero", () => {
    const { variables } = new MemoryAccess(CONFIG);
    for (const { variable } of variables.filter(({ name }) => name.endsWith("/b")))
      expect(variable.dataSync().every((bias) => bias === 0)).toBe(true);
  });

  it("draws the same weights from the same seed, and no value twice otherwise", () => {
    const drawn = (seed?: number) =>
      new MemoryAccess({ ...CONFIG, ...(seed === undefined ? {} : { seed }) }).variables
        .filter(({ name }) => name.endsWith("/w"))
        .flatMap(({ variable }) => Array.from(variable.dataSync()));
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn()).toEqual(drawn(0));
    const all = [0, 1, 2, 2 ** 31].flatMap(drawn);
    expect(new Set(all).size).toBe(all.length);
  });

  it("lets the caller own the variables", () => {
    const owned = new Map<string, tf.Variable>();
    const access = new MemoryAccess(CONFIG, (name, initial) => {
      const variable = tf.tidy(() => tf.variable(initial(), false));
      owned.set(name, variable);
      return variable;
    });
    expect([...owned.keys()]).toEqual(access.variables.map(({ name }) => name));
    for (const { name, variable } of access.variables) expect(variable).toBe(owned.get(name));
    const own = new MemoryAccess(CONFIG);
    for (const [index, { variable }] of access.variables.entries())
      expect(variable).toBeAllClose(own.variables[index].variable, { absolute: 0, relative: 0 });
  });

  it("has the interface parameters of its definition", () => {
    const { access, parameters, start } = randomAccess(CONFIG, 2, 1);
    const inputs = uniform<number[][]>([2, 5], 2, -1);
    const { trace } = referenceStep(parameters, inputs, start, CONFIG);
    const before = tf.memory().numTensors;
    const controls = access.interfaceParameters(tf.tensor2d(inputs));
    expect(tf.memory().numTensors).toBe(before + 11); // ten parameters and the inputs
    expect(Object.keys(controls)).toHaveLength(10);
    for (const [name, control] of Object.entries(controls))
      expect(control, name).toBeAllClose(tf.tensor(trace[name as keyof typeof trace]));
  });

  it("keeps gates in [0, 1] and read modes distributions for huge inputs", () => {
    const { access } = randomAccess(CONFIG, 1, 3);
    const controls = access.interfaceParameters(tf.fill([1, 5], 1e4));
    for (const gate of [controls.eraseVectors, controls.freeGate, controls.allocationGate, controls.writeGate])
      expect(gate.dataSync().every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(tf.sum(controls.readMode as tf.Tensor3D, 2)).toBeAllClose(tf.ones([1, 2]));
    for (const control of Object.values(controls) as tf.Tensor[])
      expect(control.dataSync().every(Number.isFinite)).toBe(true);
  });
});
