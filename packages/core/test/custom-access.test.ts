import { type Access, MemoryAccess } from "@dnc/access";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccessFactory, DncConfig } from "../src/config.js";
import { Dnc } from "../src/dnc.js";
import { type OpsEngine, registerEngine } from "../src/engine/index.js";
import { unroll } from "../src/unroll.js";
import { bitsOf, normal, TINY, tensorsIn, tensorsLeftBy } from "./support.js";

/** Reads an average of everything that was written, with a layer of its own: its state is no memory's. */
type AverageState = { readonly sum: tf.Tensor3D; readonly count: { readonly steps: tf.Tensor2D } };

const factory: AccessFactory = ({ inputSize, readHeads, wordSize, seed }, createVariable) => {
  const initial = () => tf.randomNormal([inputSize, readHeads * wordSize], 0, 0.5, "float32", 1 + seed);
  const weights = createVariable ? createVariable("average/w", initial) : tf.tidy(() => tf.variable(initial()));
  const access: Access<AverageState, { readonly doubled: tf.Tensor }> = {
    inputSize,
    variables: [{ name: "average/w", variable: weights }],
    initialState: (batch) => ({ sum: tf.zeros([batch, readHeads, wordSize]), count: { steps: tf.zeros([batch, 1]) } }),
    prepareWeights: () => ({ doubled: tf.mul(weights, 2) }),
    step: (inputs, { sum, count }, { prepared, trace } = {}) => {
      const doubled = (prepared?.doubled ?? tf.mul(weights, 2)) as tf.Tensor2D;
      const written = tf.reshape(tf.matMul(inputs, doubled), [inputs.shape[0], readHeads, wordSize]);
      const [next, steps] = [tf.add(sum, written) as tf.Tensor3D, tf.add(count.steps, 1) as tf.Tensor2D];
      const output = tf.div(next, tf.expandDims(steps, 2)) as tf.Tensor3D;
      return { output, state: { sum: next, count: { steps } }, ...(trace && { trace: { written } }) };
    },
    dispose: () => weights.dispose(),
  };
  return access;
};

const CONFIG: DncConfig = { ...TINY, access: factory };
const inputs = () => normal<tf.Rank.R3>([3, 2, 3], 1);
let warn = vi.spyOn(console, "warn");

beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => vi.restoreAllMocks());

describe("a Dnc with a custom memory access", () => {
  it("passes it sizes, variants and a seed, and takes its variables between controller and output layer", () => {
    const given: object[] = [];
    const access: AccessFactory = (config, createVariable) => {
      given.push(config);
      return factory(config, createVariable);
    };
    const core = new Dnc({ ...TINY, access, memory: { masking: true, links: false } });
    expect(given).toEqual([
      {
        ...{ inputSize: 6, memorySize: 5, wordSize: 4, readHeads: 2, writeHeads: 1, seed: expect.any(Number) },
        ...{ masking: { minimum: 0 }, deallocation: false, sharpness: false, links: false, initialMemory: 0 },
      },
    ]);
    expect(core.variables.map(({ name }) => name)).toEqual([
      "dnc/lstm/w_gates",
      "dnc/lstm/b_gates",
      "dnc/average/w",
      "dnc/output_linear/w",
      "dnc/output_linear/b",
    ]);
    expect(tensorsLeftBy(() => core.dispose())).toBe(-5);
  });

  it("creates its variables by createVariable, under their full names", () => {
    const names: string[] = [];
    new Dnc(CONFIG, (name, initial) => {
      names.push(name);
      return tf.tidy(() => tf.variable(initial()));
    });
    expect(names).toContain("dnc/average/w");
  });

  it("steps with the state of its own, and reads what it returns", () => {
    const core = new Dnc(CONFIG);
    const start = core.initialState(2);
    expect(Object.keys(start.access)).toEqual(["sum", "count"]);
    const { output, state, trace } = core.step(tf.ones([2, 3]), start, { trace: true });
    expect(output.shape).toEqual([2, 2]);
    const { sum, count } = state.access as unknown as AverageState;
    expect(count.steps).toBeAllClose(tf.ones([2, 1]));
    expect(state.readWords).toBeAllClose(sum);
    expect(Object.keys(trace ?? {}).sort()).toEqual(["controllerOutput", "readWords", "written"]);
    const prepared = core.prepareWeights();
    const fast = core.step(tf.ones([2, 3]), start, { prepared });
    expect(bitsOf([fast.output])).toEqual(bitsOf([output]));
  });

  it("runs in unroll like its steps, with gradients, lengths and a trace", () => {
    const core = new Dnc(CONFIG);
    let state = core.initialState(2);
    const outputs = (tf.unstack(inputs()) as tf.Tensor2D[]).map((input) => {
      const step = core.step(input, state);
      state = step.state;
      return step.output;
    });
    const run = unroll(core, inputs());
    expect(bitsOf([run.outputs])).toEqual(bitsOf([tf.stack(outputs)]));
    expect(bitsOf(run.finalState)).toEqual(bitsOf(state));
    const { trace } = unroll(core, inputs(), undefined, { trace: true });
    expect((trace as unknown as { written: tf.Tensor }).written.shape).toEqual([3, 2, 2, 4]);
    const short = unroll(core, inputs(), undefined, { lengths: [3, 1] });
    const { count } = short.finalState.access as unknown as AverageState;
    expect(count.steps).toBeAllClose([3, 1]);
    const variables = core.variables.map(({ variable }) => variable);
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(unroll(core, inputs()).outputs)) as tf.Scalar, variables);
    for (const { name, variable } of core.variables)
      expect(
        bitsOf([grads[variable.name]])
          .flat()
          .some((slope) => slope !== 0),
        name,
      ).toBe(true);
    const sequence = inputs();
    expect(tensorsLeftBy(() => tf.dispose(unroll(core, sequence)))).toBe(0);
  });

  it("learns", () => {
    const core = new Dnc({ ...CONFIG, access: factory });
    const optimizer = tf.train.adam(0.02);
    const targets = normal<tf.Rank.R3>([3, 2, 2], 2);
    const loss = () => tf.tidy(() => tf.mean(tf.square(tf.sub(unroll(core, inputs()).outputs, targets))) as tf.Scalar);
    const before = loss().dataSync()[0];
    for (let iteration = 0; iteration < 60; iteration++) optimizer.minimize(loss);
    expect(loss().dataSync()[0]).toBeLessThan(before / 4);
    optimizer.dispose();
  });

  it("is the same network with a factory that makes a MemoryAccess", () => {
    const access: AccessFactory = (config, createVariable) => new MemoryAccess(config, createVariable);
    const [custom, stock] = [{ ...TINY, access }, TINY].map((config) => new Dnc(config));
    expect(custom.variables.map(({ name }) => name)).toEqual(stock.variables.map(({ name }) => name));
    expect(bitsOf(unroll(custom, inputs()))).toEqual(bitsOf(unroll(stock, inputs())));
  });

  it("refuses a step that returns no words, no state, or words of another shape", () => {
    const access: AccessFactory = (config) => factory({ ...config, wordSize: 3 });
    const core = new Dnc({ ...TINY, access });
    expect(() => core.step(tf.zeros([2, 3]), core.initialState(2))).toThrow(
      new RangeError("access.step().output: expected [2, 2, 4], got [2, 2, 3]"),
    );
    const returning = (step: unknown) =>
      new Dnc({ ...TINY, access: (config) => ({ ...factory(config), step: () => step as never }) });
    for (const [step, message] of [
      [undefined, "access.step(): expected an object, got undefined"],
      [{}, "access.step().output: expected a tensor [2, 2, 4], got undefined"],
      [{ output: tf.zeros([2, 2, 4]) }, "access.step().state: expected an object, got undefined"],
    ]) {
      const network = returning(step);
      expect(() => network.step(tf.zeros([2, 3]), network.initialState(2))).toThrow(new TypeError(message as string));
    }
    expect(() => core.step(tf.zeros([2, 3]), { ...core.initialState(2), access: undefined as never })).toThrow(
      new TypeError("state.access: expected an object, got undefined"),
    );
  });

  it("never runs in an engine; the reason is printed once", () => {
    const engine: OpsEngine = {
      name: "careless",
      backends: ["cpu"],
      supports: () => true,
      supportsSizes: () => true,
      ops: {
        forward() {
          throw new Error("unused");
        },
        backward() {
          throw new Error("unused");
        },
      },
    };
    registerEngine(engine);
    try {
      const core = new Dnc(CONFIG);
      const expected = core.step(tf.squeeze(tf.slice(inputs(), 0, 1), [0]) as tf.Tensor2D, core.initialState(2)).output;
      for (let times = 0; times < 2; times++)
        expect(tf.gather(unroll(core, inputs()).outputs, 0)).toBeAllClose(expected, { absolute: 0, relative: 0 });
      expect(warn.mock.calls).toEqual([
        [
          "@dnc/core: expected a stock Dnc to run as one op, got one with a custom memory access; such a core runs step by step.",
        ],
      ]);
      expect(tensorsIn(core.initialState(1)).length).toBe(5);
    } finally {
      tf.unregisterKernel("DncUnrollOps", "cpu");
    }
  });
});
