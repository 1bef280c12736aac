import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { interfaceLayers, MemoryAccess } from "../src/index.js";
import { uniform } from "./numbers.js";
import { randomAccess } from "./random-access.js";
import { referenceStep } from "./reference.js";
import { VARIANTS } from "./variants.js";

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

  it("has the layers of the variants after the reference's, which start from the same values with any variant", () => {
    const valuesOf = (access: MemoryAccess) =>
      new Map(access.variables.map(({ name, variable }) => [name, Array.from(variable.dataSync())]));
    const stock = valuesOf(new MemoryAccess({ ...CONFIG, seed: 3 }));
    const seen = new Map<string, number[]>();
    for (const [name, variants] of VARIANTS) {
      const values = valuesOf(new MemoryAccess({ ...CONFIG, ...variants, seed: 3 }));
      const kept = [...stock.keys()].filter((key) => variants.links || !key.includes("read_mode"));
      expect([...values.keys()].slice(0, kept.length), name).toEqual(kept);
      for (const key of kept) expect(values.get(key), `${name}, ${key}`).toEqual(stock.get(key));
      for (const [key, value] of [...values].slice(kept.length)) {
        expect(seen.get(key) ?? value, `${name}, ${key}`).toEqual(value);
        seen.set(key, value);
      }
    }
    expect([...seen.keys()].filter((key) => key.endsWith("/w"))).toEqual([
      "memory_access/write_masks/w",
      "memory_access/read_masks/w",
      "memory_access/forward_sharpness/w",
      "memory_access/backward_sharpness/w",
    ]);
    const drawn = [...stock.values(), ...seen.values()].flat().filter((value) => value !== 0);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("lists the layers of the variables, gates adjacent, and no read modes without links", () => {
    const sizes = { wordSize: 3, readHeads: 2, writeHeads: 4 };
    const all = { masking: { minimum: 0 }, deallocation: true, sharpness: true, links: true };
    const layers = interfaceLayers({ ...sizes, ...all });
    expect(layers.map(({ name, size }) => [name, size])).toEqual([
      ["write_vectors", 12],
      ["erase_vectors", 12],
      ["free_gate", 2],
      ["allocation_gate", 4],
      ["write_gate", 4],
      ["read_mode", 18],
      ["write_keys", 12],
      ["write_strengths", 4],
      ["read_keys", 6],
      ["read_strengths", 2],
      ["write_masks", 12],
      ["read_masks", 6],
      ["forward_sharpness", 8],
      ["backward_sharpness", 8],
    ]);
    expect(layers.map(({ index }) => index)).toEqual(layers.map((_, index) => index));
    const unlinked = interfaceLayers({ ...sizes, ...all, sharpness: false, links: false });
    expect(unlinked).toEqual(layers.filter(({ name }) => !/read_mode|sharpness/.test(name)));
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
      expect(control, name).toBeAllClose(tf.tensor(trace[name as keyof typeof trace] as number[][]));
  });

  it.each(VARIANTS)("has the interface parameters of its definition with variants: %s", (_name, variants) => {
    const config = { ...CONFIG, ...variants };
    const { access, parameters, start } = randomAccess(config, 2, 1);
    const inputs = uniform<number[][]>([2, 5], 2, -1);
    const { trace } = referenceStep(parameters, inputs, start, config);
    const controls = access.interfaceParameters(tf.tensor2d(inputs));
    expect(Object.keys(controls)).toHaveLength(access.variables.length / 2);
    for (const [name, control] of Object.entries(controls))
      expect(control, name).toBeAllClose(tf.tensor(trace[name as keyof typeof trace] as number[][]));
  });

  it("keeps gates and masks in [0, 1] and read modes distributions for huge inputs", () => {
    const { access } = randomAccess({ ...CONFIG, masking: { minimum: 0 }, sharpness: true }, 1, 3);
    const controls = access.interfaceParameters(tf.fill([1, 5], 1e4));
    const { eraseVectors, freeGate, allocationGate, writeGate, writeMasks, readMasks } = controls;
    for (const gate of [eraseVectors, freeGate, allocationGate, writeGate, writeMasks, readMasks] as tf.Tensor[])
      expect(gate.dataSync().every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(tf.sum(controls.readMode as tf.Tensor3D, 2)).toBeAllClose(tf.ones([1, 2]));
    for (const control of Object.values(controls) as tf.Tensor[])
      expect(control.dataSync().every(Number.isFinite)).toBe(true);
  });
});
