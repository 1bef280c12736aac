/** Compares the op with the composition of the steps that it replaces, differentiated by TensorFlow.js. */
import { Dnc, type DncConfig, type DncState, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradientsOf, type Run } from "../../core/test/gradients.js";
import { BARE, bitsOf, normal, randomState, TINY, tensorsIn, tensorsLeftBy } from "../../core/test/support.js";
import { tfjsEngine } from "../src/index.js";

const VALUES = { absolute: 2e-6, relative: 2e-5 };
const GRADIENTS = { absolute: 2e-5, relative: 2e-4 };

const size = (max: number) => fc.integer({ min: 1, max });
const configs = fc.record({
  inputSize: size(3),
  outputSize: size(3),
  memorySize: size(7),
  wordSize: size(5),
  readHeads: size(4),
  hiddenSize: size(6),
  clipValue: fc.constantFrom(20, 1, 0, null),
  seed: fc.nat(1000),
});

/** Runs step by step with prepared weights, as without the op. */
const composed: Run = (core, inputs, state) => {
  const cell = {
    variables: core.variables,
    initialState: (batch: number) => core.initialState(batch),
    prepareWeights: () => core.prepareWeights(),
    step: (...step: Parameters<Dnc["step"]>) => core.step(...step),
    dispose: () => {},
  };
  return unroll(cell, inputs, state);
};

describe("a sequence as one op", () => {
  it("has the outputs, states and gradients of the composition, for any sizes", () => {
    fc.assert(
      fc.property(configs, size(4), size(3), (config, time, batch) => {
        const core = new Dnc(config);
        expectComposition(core, normal([time, batch, config.inputSize], config.seed + 1), randomState(core, batch));
        core.dispose();
      }),
      { seed: 1, numRuns: 25 },
    );
  });

  it("has them if cells and logits are clipped", () => {
    const core = new Dnc({ ...TINY, clipValue: 1 });
    const state = randomState(core, 3);
    const { hidden, cell } = state.controller as { hidden: tf.Tensor2D; cell: tf.Tensor2D };
    const wide = { ...state, controller: { hidden, cell: tf.mul<tf.Tensor2D>(cell, 5) } };
    core.variables[core.variables.length - 1].variable.assign(tf.tensor1d([1.5, -0.2]));
    for (const time of [1, 4]) expectComposition(core, normal([time, 3, 3], 2), wide);
    const { outputs, finalState } = unroll(core, normal<tf.Rank.R3>([1, 3, 3], 2), wide);
    expect(bitsOf([outputs])[0].filter((logit) => Math.abs(logit) === 1).length).toBeGreaterThan(0);
    expect(bitsOf(finalState.controller)[1].some((value) => Math.abs(value) === 1)).toBe(true);
  });

  it.each([
    ["an empty memory, all slots tied", (state: DncState) => zeros(state)],
    ["ties among used slots", (state: DncState) => tied(state, [0.3, 0.6, 0.3, 0.6, 0.3])],
    ["slots free and full", (state: DncState) => tied(state, [0, 1, 0, 1, 0.5])],
    [
      "words of zeros",
      (state: DncState) => ({ ...state, access: { ...state.access, memory: zeros(state.access.memory) } }),
    ],
  ])("has them with %s", (_name, change) => {
    const core = new Dnc(TINY);
    expectComposition(core, normal([1, 2, 3], 3), change(randomState(core, 2)) as DncState);
  });

  it.each([300, -300])("stays finite if gates, modes and strengths are saturated (%d)", (factor) => {
    const core = new Dnc({ ...TINY, inputSize: 1 });
    for (const { name, variable } of core.variables)
      if (/gate|erase|mode|strengths/.test(name)) tf.tidy(() => variable.assign(tf.mul(factor, variable)));
    const run = () => tf.sum(unroll(core, normal<tf.Rank.R3>([12, 1, 1], 4)).outputs) as tf.Scalar;
    const { grads } = tf.variableGrads(run);
    for (const gradient of Object.values(grads)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });

  it("can be differentiated several times", () => {
    const core = new Dnc(TINY);
    const [first, second] = [normal<tf.Rank.R3>([3, 2, 3], 5), normal<tf.Rank.R3>([2, 1, 3], 6)];
    const once = [first, second].map((inputs) => gradients(() => tf.sum(tf.square(unroll(core, inputs).outputs))));
    const both = gradients(() =>
      tf.add(tf.sum(tf.square(unroll(core, first).outputs)), tf.sum(tf.square(unroll(core, second).outputs))),
    );
    for (const [index, gradient] of both.entries())
      expect(gradient).toBeAllClose(tf.add(once[0][index], once[1][index]), GRADIENTS);
    function gradients(f: () => tf.Tensor): tf.Tensor[] {
      const variables = core.variables.map(({ variable }) => variable);
      const { grads } = tf.variableGrads(() => f() as tf.Scalar, variables);
      return variables.map(({ name }) => grads[name]);
    }
  });

  it("continues from its own final state within a gradient", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([4, 2, 3], 7);
    const inTwo: Run = (cell, whole, state) => {
      const [before, after] = tf.split(whole, 2, 0) as tf.Tensor3D[];
      const first = unroll(cell, before, state);
      const second = unroll(cell, after, first.finalState);
      return { outputs: tf.concat([first.outputs, second.outputs]) as tf.Tensor3D, finalState: second.finalState };
    };
    const state = randomState(core, 2);
    const whole = gradientsOf(core, unroll as Run, inputs, state);
    for (const [index, gradient] of gradientsOf(core, inTwo, inputs, state).entries())
      expect(gradient).toBeAllClose(whole[index], GRADIENTS);
  });

  it("disposes all that it saved, whether or not its gradient was computed", () => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal<tf.Rank.R3>([3, 2, 3], 8), randomState(core, 2)];
    const variables = core.variables.map(({ variable }) => variable);
    const objectives = {
      outputs: () => tf.sum(unroll(core, inputs, state).outputs),
      "the final state": () => tf.sum(unroll(core, inputs).finalState.access.memory),
      "something else": () => {
        unroll(core, inputs, state);
        return tf.sum(variables[0]);
      },
    };
    for (const [name, f] of Object.entries(objectives))
      expect(
        tensorsLeftBy(() => {
          const { value, grads } = tf.variableGrads(() => f() as tf.Scalar, variables);
          tf.dispose([value, grads]);
        }),
        name,
      ).toBe(0);
  });

  it("returns tensors that belong to the caller even after the tape has ended", () => {
    const core = new Dnc(TINY);
    const returned: tf.Tensor[] = [];
    tf.variableGrads(() => {
      const { outputs, finalState } = unroll(core, normal<tf.Rank.R3>([2, 2, 3], 9));
      returned.push(...tensorsIn([outputs, finalState]).map((tensor) => tf.keep(tensor)));
      return tf.sum(outputs) as tf.Scalar;
    });
    const again = unroll(core, normal<tf.Rank.R3>([2, 2, 3], 9));
    expect(bitsOf(returned)).toEqual(bitsOf([again.outputs, again.finalState]));
  });

  it("is for an LSTM with one write head whose clipping leaves hidden units alone", () => {
    const supported = (config: Partial<DncConfig>) => tfjsEngine.supports(new Dnc({ ...BARE, ...config }).config);
    expect([{}, { clipValue: 1 }, { clipValue: 0 }, { clipValue: null }].map(supported)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(
      [{ controller: "gru" as const }, { controller: "deep-lstm" as const }, { writeHeads: 2 }, { clipValue: 0.9 }].map(
        supported,
      ),
    ).toEqual([
      'controller: expected "lstm", got "gru"',
      'controller: expected "lstm", got "deep-lstm"',
      "writeHeads: expected 1, got 2",
      "clipValue: expected 1 or more, 0 or null, got 0.9",
    ]);
    const variant = new Dnc({ ...BARE, memory: { links: false } });
    expect(tfjsEngine.supports(variant.config)).toBe("memory.links: expected true, got false");
  });
});

function expectComposition(core: Dnc, inputs: tf.Tensor3D, state: DncState): void {
  const [actual, expected] = [unroll(core, inputs, state), composed(core, inputs, state)];
  const tensors = tensorsIn([expected.outputs, expected.finalState]);
  for (const [index, tensor] of tensorsIn([actual.outputs, actual.finalState]).entries())
    expect(tensor).toBeAllClose(tensors[index], VALUES);
  const gradients = gradientsOf(core, composed, inputs, state);
  for (const [index, gradient] of gradientsOf(core, unroll as Run, inputs, state).entries())
    expect(gradient, core.variables[index]?.name ?? `input or state ${index - core.variables.length}`).toBeAllClose(
      gradients[index],
      GRADIENTS,
    );
}

function zeros<Container extends tf.TensorContainer>(container: Container): Container {
  if (container instanceof tf.Tensor) return tf.zerosLike(container) as Container;
  const entries = Object.entries(container as object).map(([key, part]) => [key, zeros(part)]);
  return Object.fromEntries(entries);
}

/** Replaces the usages of a state, and makes its slots otherwise identical. */
function tied(state: DncState, usage: number[]): DncState {
  const even = zeros(state.access);
  const slots = tf.tensor2d(new Array(state.access.usage.shape[0]).fill(usage));
  return {
    ...state,
    access: { ...state.access, readWeights: even.readWeights, writeWeights: even.writeWeights, usage: slots },
  };
}
