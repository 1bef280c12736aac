import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Engine,
  findEngine,
  findEngines,
  type KernelEngine,
  mapState,
  type OpsEngine,
  registerEngine,
  supportsCore,
  type UnrollInputs,
  type UnrollKernels,
} from "../../src/engine/index.js";
import { Dnc, unroll } from "../../src/index.js";
import { bitsOf, normal, randomState, TINY } from "../support.js";

const LOGIT = 7;
const SLOPE = 0.5;
const given: UnrollInputs<tf.TensorInfo>[] = [];

/** Kernels that return one constant as output and another as every gradient. */
const kernels: UnrollKernels = {
  forward(inputs, { sizes, backend }) {
    given.push(inputs);
    const [timeSteps, batchSize] = inputs.inputs.shape;
    return {
      logits: filled(backend, [timeSteps, batchSize, sizes.outputSize], LOGIT),
      finalState: mapState((name) => filled(backend, inputs.initialState[name].shape, LOGIT)),
    };
  },
  backward({ inputs, initialState, parameters }, _gradients, { backend }) {
    const slope = ({ shape }: tf.TensorInfo) => filled(backend, shape, SLOPE);
    return {
      inputs: slope(inputs),
      initialState: mapState((name) => slope(initialState[name])),
      parameters: parameters.map(slope),
    };
  },
};

function filled(backend: tf.KernelBackend, shape: number[], value: number): tf.TensorInfo {
  const values = new Float32Array(tf.util.sizeFromShape(shape)).fill(value);
  return { dataId: backend.write(values, shape, "float32"), shape, dtype: "float32" };
}

const engineWith = (supports: Engine["supports"]): KernelEngine => ({
  name: "constant",
  backends: ["cpu"],
  kernels,
  supports,
  supportsSizes: () => true,
  createTrainer: () => {
    throw new Error("unused");
  },
});
const constant = engineWith(() => true);

const LOGIT_OF_OPS = 5;

/** Creates an engine of TensorFlow.js ops that returns another constant. */
const opsWith = (supports: Engine["supports"]): OpsEngine => ({
  name: "constant-ops",
  backends: ["cpu"],
  supports,
  supportsSizes: () => true,
  ops: {
    forward({ inputs, initialState }, { sizes }) {
      const [timeSteps, batchSize] = inputs.shape;
      const constant = (shape: number[]) => tf.fill(shape, LOGIT_OF_OPS);
      const finalState = mapState((name) => constant(initialState[name].shape));
      const outputs = { logits: constant([timeSteps, batchSize, sizes.outputSize]), finalState };
      return { outputs, residuals: { some: [finalState.memory] } };
    },
    backward({ inputs, initialState, parameters }, _gradients, _residuals, { hasStateGradient }) {
      const slope = ({ shape }: tf.Tensor) => tf.fill(shape, SLOPE);
      const state = hasStateGradient ? mapState((name) => slope(initialState[name])) : undefined;
      return { inputs: () => slope(inputs), initialState: state, parameters: parameters.map(slope) };
    },
  },
});
const constantOps = opsWith(() => true);
const inputs = () => normal<tf.Rank.R3>([3, 2, 3], 1);
let warn = vi.spyOn(console, "warn");

beforeAll(() => {
  // Without an engine that is said once per process: here, so that no test sees it.
  vi.spyOn(console, "warn").mockImplementation(() => {});
  unroll(new Dnc(TINY), inputs());
  vi.restoreAllMocks();
});

beforeEach(() => {
  given.length = 0;
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  for (const kernel of ["DncUnroll", "DncUnrollGradient", "DncUnrollOps"])
    if (tf.getKernel(kernel, "cpu")) tf.unregisterKernel(kernel, "cpu");
  vi.restoreAllMocks();
});

describe("a registered engine", () => {
  it("computes sequences, their gradients, and steps outside of gradients", () => {
    const core = new Dnc(TINY);
    registerEngine(constant);
    expect(findEngine()).toBe(constant);
    expect(bitsOf(unroll(core, inputs()).outputs)).toEqual([new Array(12).fill(LOGIT)]);
    expect(bitsOf(core.step(normal([2, 3], 1), randomState(core, 2)).output)).toEqual([new Array(4).fill(LOGIT)]);
    const slope = tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D).outputs))(inputs());
    expect(bitsOf(slope)).toEqual([new Array(18).fill(SLOPE)]);
    tf.grad((x) => {
      const { output } = core.step(x as tf.Tensor2D, randomState(core, 2));
      expect(bitsOf(output)[0]).not.toContain(LOGIT);
      return tf.sum(output);
    })(normal([2, 3], 1));
    expect(warn).not.toHaveBeenCalled();
  });

  it("gets the tensors of state and parameters by name, in a fixed order", () => {
    registerEngine(constant);
    const core = new Dnc({ ...TINY, controller: "deep-lstm", layers: 2, writeHeads: 3 });
    const { finalState } = unroll(core, inputs());
    const [{ inputs: sequence, initialState, parameters }] = given;
    expect(sequence.shape).toEqual([3, 2, 3]);
    expect(Object.entries(initialState).map(([name, { shape }]) => [name, shape])).toEqual([
      ["memory", [2, 5, 4]],
      ["readWeights", [2, 2, 5]],
      ["writeWeights", [2, 3, 5]],
      ["link", [2, 3, 5, 5]],
      ["precedenceWeights", [2, 3, 5]],
      ["usage", [2, 5]],
      ["readWords", [2, 2, 4]],
      ["hidden", [2, 12]],
      ["cell", [2, 12]],
    ]);
    expect(parameters.map(({ shape }) => shape)).toEqual(core.variables.map(({ variable }) => variable.shape));
    expect(Object.keys(finalState.controller)).toEqual(["layer_1", "layer_2"]);
  });

  it("is replaced by the next one of its backend, without a warning", () => {
    registerEngine(engineWith(() => "controller: expected none, got one"));
    registerEngine(constant);
    expect(findEngine("cpu")).toBe(constant);
    expect(findEngine("webgl")).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
  });

  it("is removed from a backend by unregistering its kernel", () => {
    const core = new Dnc(TINY);
    const own = bitsOf(unroll(core, inputs()).outputs);
    registerEngine(constant);
    tf.unregisterKernel("DncUnroll", "cpu");
    expect(findEngine()).toBeUndefined();
    expect(bitsOf(unroll(core, inputs()).outputs)).toEqual(own);
  });
});

describe("a network that the engine does not support", () => {
  it("runs as without the engine, and the reason is printed once", () => {
    const core = new Dnc(TINY);
    const own = bitsOf(unroll(core, inputs()).outputs);
    registerEngine(engineWith(({ controller }) => `controller: expected "gru", got "${controller}"`));
    for (let times = 0; times < 2; times++) expect(bitsOf(unroll(core, inputs()).outputs)).toEqual(own);
    expect(warn.mock.calls).toEqual([
      ['@dnc/core: engine constant does not support this network: controller: expected "gru", got "lstm".'],
    ]);
  });
});

describe("an engine of TensorFlow.js ops", () => {
  it("computes sequences, their gradients, and steps within gradients too", () => {
    registerEngine(constantOps);
    expect(findEngine()).toBe(constantOps);
    const core = new Dnc(TINY);
    expect(bitsOf(unroll(core, inputs()).outputs)).toEqual([new Array(12).fill(LOGIT_OF_OPS)]);
    const [toInputs, toMemory] = tf.grads((x, memory) => {
      const state = randomState(core, 2);
      const start = { ...state, access: { ...state.access, memory: memory as tf.Tensor3D } };
      return tf.sum(unroll(core, x as tf.Tensor3D, start).outputs);
    })([inputs(), randomState(core, 2).access.memory]);
    expect(bitsOf([toInputs, toMemory])).toEqual([new Array(18).fill(SLOPE), new Array(40).fill(SLOPE)]);
    const { grads } = tf.variableGrads(() => tf.sum(unroll(core, inputs()).outputs));
    expect(bitsOf([grads[core.variables[0].variable.name]])[0].every((value) => value === SLOPE)).toBe(true);
    tf.grad((x) => {
      const { output } = core.step(x as tf.Tensor2D, randomState(core, 2));
      expect(bitsOf(output)).toEqual([new Array(4).fill(LOGIT_OF_OPS)]);
      return tf.sum(output);
    })(normal([2, 3], 1));
  });

  it("does not run steps whose weights the caller has prepared", () => {
    const core = new Dnc(TINY);
    const step = () => bitsOf(core.step(normal([2, 3], 1), randomState(core, 2), { prepared: core.prepareWeights() }));
    const own = step();
    registerEngine(constantOps);
    expect(step()).toEqual(own);
  });

  it.each([
    [constant, constantOps],
    [constantOps, constant],
  ])("is tried after one with custom kernels, whichever was registered first: %#", (...engines) => {
    for (const engine of engines) registerEngine(engine);
    expect(findEngines()).toEqual([constant, constantOps]);
    expect(bitsOf(unroll(new Dnc(TINY), inputs()).outputs)).toEqual([new Array(12).fill(LOGIT)]);
    tf.unregisterKernel("DncUnroll", "cpu");
    expect(findEngines()).toEqual([constantOps]);
  });

  it("computes what the other one does not support, whose reason is printed", () => {
    registerEngine(engineWith(() => "machine: expected SIMD, got none"));
    registerEngine(constantOps);
    expect(bitsOf(unroll(new Dnc(TINY), inputs()).outputs)).toEqual([new Array(12).fill(LOGIT_OF_OPS)]);
    expect(warn.mock.calls).toEqual([
      ["@dnc/core: engine constant does not support this network: machine: expected SIMD, got none."],
    ]);
  });

  it("lets the definition run a network that neither supports, with the reason of the one that is tried first", () => {
    const core = new Dnc(TINY);
    const own = bitsOf(unroll(core, inputs()).outputs);
    registerEngine(engineWith(() => "network: expected none, got one"));
    registerEngine(opsWith(() => "network: expected another, got one"));
    expect(bitsOf(unroll(core, inputs()).outputs)).toEqual(own);
    expect(warn.mock.calls).toEqual([
      ["@dnc/core: engine constant does not support this network: network: expected none, got one."],
    ]);
  });
});

describe("two copies of this package in one process", () => {
  it("share engines, and recognize each other's cores", async () => {
    const copy = await import("@dnc/core");
    const copyOfEngine = await import("@dnc/core/engine");
    registerEngine(constant);
    expect(copyOfEngine.findEngine()).toBe(constant);
    const core = new copy.Dnc(TINY);
    expect(core).not.toBeInstanceOf(Dnc);
    expect(supportsCore(constant, core)).toBe(true);
    for (const run of [unroll, copy.unroll])
      expect(bitsOf(run(core, inputs()).outputs)).toEqual([new Array(12).fill(LOGIT)]);
    const changed = Object.assign(core, { step: core.step.bind(core) });
    expect(supportsCore(constant, changed)).toBe("core: expected a stock Dnc, got one with a custom step");
  });
});
