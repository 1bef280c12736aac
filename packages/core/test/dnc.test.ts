import { createController } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { mapNested } from "../src/state.js";
import { BARE, bitsOf, CONTROLLERS, normal, randomState, TINY, tensorsIn, tensorsLeftBy } from "./support.js";

describe("Dnc's parameters", () => {
  it("are the reference's: 43,980 in 24 tensors, in its order and under its names", () => {
    const core = new Dnc({ inputSize: 6, outputSize: 5 });
    expect(core.variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["dnc/lstm/w_gates", [134, 256]],
      ["dnc/lstm/b_gates", [256]],
      ["dnc/memory_access/write_vectors/w", [64, 16]],
      ["dnc/memory_access/write_vectors/b", [16]],
      ["dnc/memory_access/erase_vectors/w", [64, 16]],
      ["dnc/memory_access/erase_vectors/b", [16]],
      ["dnc/memory_access/free_gate/w", [64, 4]],
      ["dnc/memory_access/free_gate/b", [4]],
      ["dnc/memory_access/allocation_gate/w", [64, 1]],
      ["dnc/memory_access/allocation_gate/b", [1]],
      ["dnc/memory_access/write_gate/w", [64, 1]],
      ["dnc/memory_access/write_gate/b", [1]],
      ["dnc/memory_access/read_mode/w", [64, 12]],
      ["dnc/memory_access/read_mode/b", [12]],
      ["dnc/memory_access/write_keys/w", [64, 16]],
      ["dnc/memory_access/write_keys/b", [16]],
      ["dnc/memory_access/write_strengths/w", [64, 1]],
      ["dnc/memory_access/write_strengths/b", [1]],
      ["dnc/memory_access/read_keys/w", [64, 64]],
      ["dnc/memory_access/read_keys/b", [64]],
      ["dnc/memory_access/read_strengths/w", [64, 4]],
      ["dnc/memory_access/read_strengths/b", [4]],
      ["dnc/output_linear/w", [128, 5]],
      ["dnc/output_linear/b", [5]],
    ]);
    expect(core.variables.reduce((total, { variable }) => total + variable.size, 0)).toBe(43980);
    expect(core.variables.every(({ variable }) => variable.trainable)).toBe(true);
    core.dispose();
  });

  it("follow the controller's width and the number of heads", () => {
    const core = new Dnc({ ...TINY, controller: "deep-lstm", layers: 2, writeHeads: 3 });
    const shapes = Object.fromEntries(core.variables.map(({ name, variable }) => [name, variable.shape]));
    expect(shapes).toMatchObject({
      "dnc/deep_lstm/layer_1/w_gates": [3 + 2 * 4 + 6, 4 * 6],
      "dnc/deep_lstm/layer_2/w_gates": [3 + 2 * 4 + 6 + 6, 4 * 6],
      "dnc/memory_access/write_vectors/w": [2 * 6, 3 * 4],
      "dnc/memory_access/read_mode/w": [2 * 6, 2 * (1 + 2 * 3)],
      "dnc/output_linear/w": [2 * 6 + 2 * 4, 2],
    });
    core.dispose();
  });

  it("start as truncated normals of standard deviation 1/sqrt(rows) before truncation, linear biases as zeros", () => {
    const core = new Dnc({ inputSize: 6, outputSize: 40, seed: 4 });
    for (const { name, variable } of core.variables.filter(({ name }) => name.endsWith("/w"))) {
      const scaled = Array.from(variable.dataSync()).map((value) => value * Math.sqrt(variable.shape[0]));
      const deviation = Math.sqrt(scaled.reduce((sum, value) => sum + value ** 2, 0) / scaled.length);
      expect(Math.max(...scaled.map(Math.abs)), name).toBeLessThanOrEqual(2);
      if (scaled.length > 1000) expect(deviation, name).toBeAllClose(0.8796, { absolute: 0.04 });
    }
    for (const { name, variable } of core.variables.filter(({ name }) => name.endsWith("/b")))
      expect(bitsOf([variable])[0].every(Object.is.bind(null, 0)), name).toBe(true);
    core.dispose();
  });

  it("are the same for the same seed and all different for another", () => {
    const [first, again, other] = [3, 3, 4].map((seed) => new Dnc({ ...TINY, seed }));
    expect(bitsOf(again.variables.map(({ variable }) => variable))).toEqual(
      bitsOf(first.variables.map(({ variable }) => variable)),
    );
    for (const [index, { name, variable }] of first.variables.entries())
      if (!name.endsWith("/b")) expect(bitsOf([other.variables[index].variable]), name).not.toEqual(bitsOf([variable]));
    for (const core of [first, again, other]) core.dispose();
  });

  it("have no equal numbers in any two tensors", () => {
    for (const controller of CONTROLLERS) {
      for (const seed of [0, 1, 2, 1000, 2 ** 31 - 1, 2 ** 31]) {
        const core = new Dnc({ ...TINY, controller, seed });
        const drawn = core.variables.filter(({ variable }) => bitsOf([variable])[0].some((value) => value !== 0));
        const beginnings = drawn.map(({ variable }) => {
          const [first, second, third] = bitsOf([variable])[0];
          return `${(second / first).toFixed(4)} ${(third / first).toFixed(4)}`;
        });
        expect(new Set(beginnings).size, `${controller}, seed ${seed}`).toBe(drawn.length);
        core.dispose();
      }
    }
  });

  it("are created by createVariable if given, under their full names", () => {
    const made = new Map<string, tf.Variable>();
    const core = new Dnc(TINY, (name, initial) => {
      const variable = tf.tidy(() => tf.variable(tf.mul(initial(), 2)));
      made.set(name, variable);
      return variable;
    });
    const own = new Dnc(TINY);
    expect(core.variables.map(({ name }) => name)).toEqual([...made.keys()]);
    for (const [index, { name, variable }] of core.variables.entries()) {
      expect(variable).toBe(made.get(name));
      expect(variable).toBeAllClose(tf.mul(own.variables[index].variable, 2), { absolute: 0, relative: 0 });
    }
    core.dispose();
    own.dispose();
  });
});

describe("Dnc.initialState", () => {
  it("is all zeros, with a tensor for each part", () => {
    const core = new Dnc({ ...TINY, writeHeads: 3 });
    const state = core.initialState(7);
    expect(mapNested<tf.Tensor, number[]>(state, (tensor) => tensor.shape)).toEqual({
      readWords: [7, 2, 4],
      access: {
        memory: [7, 5, 4],
        readWeights: [7, 2, 5],
        writeWeights: [7, 3, 5],
        linkage: { link: [7, 3, 5, 5], precedenceWeights: [7, 3, 5] },
        usage: [7, 5],
      },
      controller: { hidden: [7, 6], cell: [7, 6] },
    });
    expect(
      bitsOf(state)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
  });

  it.each([
    [0, RangeError, "batchSize: expected a positive integer, got 0"],
    [1.5, RangeError, "batchSize: expected a positive integer, got 1.5"],
    ["2", TypeError, 'batchSize: expected a positive integer, got "2"'],
    [undefined, TypeError, "batchSize: expected a positive integer, got undefined"],
  ])("refuses %j sequences", (batch, kind, message) => {
    const core = new Dnc(TINY);
    expect(tensorsLeftBy(() => expect(() => core.initialState(batch as number)).toThrow(new kind(message)))).toBe(0);
  });
});

describe("Dnc.step", () => {
  it.each([
    ["inputs", { inputs: tf.zeros([2, 4]) }, RangeError, "inputs: expected [batch, 3], got [2, 4]"],
    ["inputs", { inputs: tf.zeros([3]) }, RangeError, "inputs: expected [batch, 3], got [3]"],
    ["inputs", { inputs: [[1, 2, 3]] }, TypeError, "inputs: expected a tensor [batch, 3], got an array"],
    ["state", { state: undefined }, TypeError, "state: expected an object, got undefined"],
    ["state", { state: [] }, TypeError, "state: expected an object, got an array"],
    ["state", { readWords: undefined }, TypeError, "state.readWords: expected a tensor [2, 2, 4], got undefined"],
    ["state", { readWords: tf.zeros([2, 8]) }, RangeError, "state.readWords: expected [2, 2, 4], got [2, 8]"],
    ["state", { access: undefined }, TypeError, "state.access: expected an object, got undefined"],
    ["state", { inputs: tf.zeros([1, 3]) }, RangeError, "state.readWords: expected [1, 2, 4], got [2, 2, 4]"],
    ["memory", { memory: tf.zeros([2, 4, 5]) }, RangeError, "state.memory: expected [2, 5, 4], got [2, 4, 5]"],
    ["usage", { usage: tf.zeros([1, 5]) }, RangeError, "state.usage: expected [2, 5], got [1, 5]"],
    [
      "controller",
      { controller: { hidden: tf.zeros([2, 5]), cell: tf.zeros([2, 6]) } },
      RangeError,
      "state.hidden: expected [2, 6], got [2, 5]",
    ],
    ["controller", { controller: undefined }, TypeError, "state: expected an object, got undefined"],
  ] as [string, object, ErrorConstructor, string][])("refuses wrong %s: %o", (_, wrong, kind, message) => {
    const core = new Dnc(TINY);
    const { access, ...rest } = core.initialState(2);
    const { inputs, state } = {
      inputs: tf.zeros([2, 3]) as tf.Tensor2D,
      state: { ...rest, access: { ...access, ...wrong }, ...wrong } as DncState,
      ...wrong,
    };
    expect(tensorsLeftBy(() => expect(() => core.step(inputs, state)).toThrow(new kind(message)))).toBe(0);
  });

  it.each(CONTROLLERS)(
    "is pure with the controller %s: same results again, arguments untouched, new tensors",
    (controller) => {
      const core = new Dnc({ ...TINY, controller });
      const [inputs, state] = [normal<tf.Rank.R2>([2, 3], 1), randomState(core, 2)];
      const before = bitsOf([inputs, state]);
      const [first, again] = [core.step(inputs, state), core.step(inputs, state)];
      expect(bitsOf([again.output])).toEqual(bitsOf([first.output]));
      expect(bitsOf(again.state)).toEqual(bitsOf(first.state));
      expect(bitsOf([inputs, state])).toEqual(before);
      const results = tensorsIn(first);
      expect(new Set([...results, ...tensorsIn(state)]).size).toBe(2 * results.length - 1);
      tf.dispose([state, inputs]);
      expect(() => bitsOf(results)).not.toThrow();
    },
  );

  it("creates only the tensors that it returns", () => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal<tf.Rank.R2>([2, 3], 1), core.initialState(2)];
    expect(tensorsLeftBy(() => core.step(inputs, state))).toBe(1 + 9);
    const prepared = core.prepareWeights();
    const traced = tf.memory().numTensors;
    const { trace } = core.step(inputs, state, { prepared, trace: true });
    const fromState = 7; // of the trace, the state's own tensors
    expect(tf.memory().numTensors - traced).toBe(1 + 9 + Object.keys(trace ?? {}).length - fromState);
  });

  it("computes the same with the result of prepareWeights, which still belongs to the caller", () => {
    const core = new Dnc({ ...TINY, writeHeads: 2 });
    const [inputs, state, prepared] = [normal<tf.Rank.R2>([2, 3], 1), randomState(core, 2), core.prepareWeights()];
    const [free, fast] = [core.step(inputs, state), core.step(inputs, state, { prepared })];
    expect(bitsOf([fast.output, fast.state])).toEqual(bitsOf([free.output, free.state]));
    expect(tensorsLeftBy(() => tf.dispose(prepared))).toBe(-2);
  });
});

describe("Dnc.step", () => {
  it.each([
    [null, "option: expected an object, got null"],
    [{ tracing: true }, 'unknown option key "tracing"; expected one of prepared, trace'],
    [{ trace: 1 }, "trace: expected true or false, got 1"],
    [{ prepared: null }, "prepared: expected what prepareWeights returns, got null"],
  ])("refuses the options %j and leaves no tensors", (options, message) => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal<tf.Rank.R2>([2, 3], 1), core.initialState(2)];
    expect(
      tensorsLeftBy(() => expect(() => core.step(inputs, state, options as never)).toThrow(new TypeError(message))),
    ).toBe(0);
  });
});

describe("Dnc.dispose", () => {
  it.each(CONTROLLERS)("disposes every tensor, with the controller %s, once", (controller) => {
    expect(
      tensorsLeftBy(() => {
        const core = new Dnc({ ...TINY, controller });
        core.dispose();
        core.dispose();
      }),
    ).toBe(0);
  });

  it("disposes a custom controller", () => {
    let disposed = 0;
    const controller = createController({ type: "gru", inputSize: 11, hiddenSize: 6 });
    controller.dispose = () => {
      disposed++;
    };
    new Dnc({ ...BARE, controller: () => controller }).dispose();
    expect(disposed).toBe(1);
  });
});
