import { type Controller, type ControllerState, createController } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { DncConfig } from "../src/config.js";
import { Dnc } from "../src/dnc.js";
import { BARE, bitsOf, CONTROLLERS, normal, randomState, TINY, tensorsLeftBy, variableOf } from "./support.js";

describe("Dnc's composition", () => {
  it("passes the controller the inputs, then the words read before, head by head", () => {
    const probe = probeController(tf.zeros([2, 3]));
    const core = new Dnc({ ...BARE, controller: probe.factory });
    const state = { ...core.initialState(2), readWords: tf.reshape(tf.range(10, 26), [2, 2, 4]) as tf.Tensor3D };
    const observation = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    core.step(observation, state);
    expect(probe.seen.inputs).toEqual([
      [1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17],
      [4, 5, 6, 18, 19, 20, 21, 22, 23, 24, 25],
    ]);
  });

  it("outputs a linear function of the controller's output and the words read now, head by head", () => {
    const probe = probeController(tf.tensor2d([[0.5, -1, 2]]));
    const core = new Dnc({ ...BARE, controller: probe.factory, outputSize: 11 });
    const offset = Array.from({ length: 11 }, (_, index) => index / 4);
    variableOf(core, "dnc/output_linear/w").assign(tf.eye(11));
    variableOf(core, "dnc/output_linear/b").assign(tf.tensor1d(offset));
    const { output, state } = core.step(tf.zeros([1, 3]), randomState(core, 1));
    const words = bitsOf([state.readWords])[0];
    expect(new Set(words).size).toBe(8);
    expect(output).toBeAllClose([0.5, -1, 2, ...words].map((value, index) => value + offset[index]));
  });

  it.each(CONTROLLERS)("is that of the parts with the controller %s", (controller) => {
    const config = { ...TINY, controller, ...(controller === "deep-lstm" ? { layers: 2 } : {}) };
    const core = new Dnc(config);
    const alone = createController(
      { type: controller, inputSize: 3 + 2 * 4, hiddenSize: 6, ...(controller === "deep-lstm" ? { layers: 2 } : {}) },
      (name) => variableOf(core, `dnc/${name}`),
    );
    const [inputs, state] = [normal<tf.Rank.R2>([3, 3], 1), randomState(core, 3)];
    const step = core.step(inputs, state, { trace: true });
    const features = tf.concat([inputs, tf.reshape(state.readWords, [3, 8])], 1) as tf.Tensor2D;
    const controlled = alone.step(features, state.controller);
    expect(core.variables.slice(0, alone.variables.length).map(({ name }) => name)).toEqual(
      alone.variables.map(({ name }) => `dnc/${name}`),
    );
    expect(bitsOf([step.trace?.controllerOutput as tf.Tensor])).toEqual(bitsOf([controlled.output]));
    expect(bitsOf(step.state.controller)).toEqual(bitsOf(controlled.state));
    expect(Object.keys(step.state.controller)).toEqual(Object.keys(core.initialState(1).controller));
    const [hidden, words] = [controlled.output, tf.reshape(step.state.readWords, [3, 8])];
    const weights = variableOf(core, "dnc/output_linear/w") as unknown as tf.Tensor2D;
    expect(step.output).toBeAllClose(tf.matMul(tf.concat([hidden, words as tf.Tensor2D], 1), weights));
  });

  it("accepts a custom controller: its sizes, its state, its variables first", () => {
    const given: object[] = [];
    const core = new Dnc({
      ...BARE,
      controller: (sizes, createVariable) => {
        given.push(sizes);
        return createController({ ...sizes, type: "gru", hiddenSize: 7 }, createVariable);
      },
    });
    expect(given).toEqual([{ inputSize: 11, seed: expect.any(Number) }]);
    expect(core.variables[0].name).toBe("dnc/gru/w_gates");
    expect(variableOf(core, "dnc/output_linear/w").shape).toEqual([7 + 8, 2]);
    const { output, state } = core.step(normal([2, 3], 1), core.initialState(2));
    expect([output.shape, state.controller.hidden.shape]).toEqual([
      [2, 2],
      [2, 7],
    ]);
    expect(tensorsLeftBy(() => core.dispose())).toBe(-core.variables.length);
  });
});

describe("Dnc's clipping", () => {
  const beyond = [-30, -20, -19.5, 0, 19.5, 20, 30];
  const within = [-20, -20, -19.5, 0, 19.5, 20, 20];

  it("clips the controller's output and state", () => {
    const probe = probeController(tf.tensor2d([beyond]), tf.tensor2d([beyond]));
    const core = new Dnc({ ...BARE, controller: probe.factory });
    const { state, trace } = core.step(tf.zeros([1, 3]), core.initialState(1), { trace: true });
    expect(bitsOf([trace?.controllerOutput as tf.Tensor])).toEqual([within]);
    expect(bitsOf(state.controller)).toEqual([within]);
  });

  it("passes the controller's clipped output to memory and output layer", () => {
    const outputs = [beyond, within].map((values) => {
      const core = new Dnc({ ...BARE, controller: probeController(tf.tensor2d([values])).factory });
      return core.step(tf.zeros([1, 3]), randomState(core, 1));
    });
    expect(bitsOf([outputs[0].output])).toEqual(bitsOf([outputs[1].output]));
    expect(bitsOf(outputs[0].state.access)).toEqual(bitsOf(outputs[1].state.access));
  });

  it("clips the logits", () => {
    expect(bitsOf([logitsWith(beyond, {})])).toEqual([within]);
    expect(bitsOf([logitsWith([-2, 0.25, 2], { clipValue: 0.5 })])).toEqual([[-0.5, 0.25, 0.5]]);
  });

  it("does not clip the words read", () => {
    const core = new Dnc({ ...TINY, clipValue: 0.1 });
    const start = randomState(core, 1);
    const { state } = core.step(tf.zeros([1, 3]), { ...start, readWords: tf.mul(start.readWords, 100) });
    const read = tf.matMul(state.access.readWeights, state.access.memory);
    expect(state.readWords).toBeAllClose(read);
    expect(Math.max(...bitsOf([state.readWords])[0].map(Math.abs))).toBeGreaterThan(0.1);
  });

  it("computes hidden from the cell before clipping", () => {
    const core = new Dnc({ ...TINY, clipValue: 0.5 });
    for (const name of ["dnc/lstm/w_gates", "dnc/lstm/b_gates"])
      variableOf(core, name).assign(tf.zerosLike(variableOf(core, name)));
    const start = core.initialState(1);
    const state = { ...start, controller: { ...start.controller, cell: tf.fill([1, 6], 3) as tf.Tensor2D } };
    const { hidden, cell } = core.step(tf.zeros([1, 3]), state).state.controller as { [name: string]: tf.Tensor2D };
    const unbounded = 3 / (1 + Math.exp(-1)); // forget gate sigmoid(0 + 1), candidate 0
    expect(unbounded).toBeGreaterThan(0.5);
    expect(cell).toBeAllClose(Array(6).fill(0.5));
    expect(hidden).toBeAllClose(Array(6).fill(Math.tanh(unbounded) / 2)); // output gate sigmoid(0)
  });

  it("has the gradient 1 inside and on the bounds, 0 outside", () => {
    const expected = [[0, 1, 1, 1, 1, 1, 0]];
    const core = new Dnc({ ...TINY, outputSize: 7 });
    variableOf(core, "dnc/output_linear/w").assign(tf.zeros([14, 7]));
    const offset = variableOf(core, "dnc/output_linear/b");
    offset.assign(tf.tensor1d(beyond));
    const ofLogits = tf.variableGrads(() => tf.sum(core.step(tf.zeros([1, 3]), core.initialState(1)).output), [offset]);
    expect(bitsOf([ofLogits.grads[offset.name]])).toEqual(expected);

    const values = tf.tensor2d([beyond]);
    const through = (pick: (step: ReturnType<Dnc["step"]>) => tf.Tensor) =>
      tf.grad((x) => {
        const probed = new Dnc({ ...BARE, controller: probeController(x as tf.Tensor2D, x as tf.Tensor2D).factory });
        return tf.sum(pick(probed.step(tf.zeros([1, 3]), probed.initialState(1), { trace: true })));
      })(values);
    expect(bitsOf([through(({ trace }) => trace?.controllerOutput as tf.Tensor)])).toEqual(expected);
    expect(bitsOf([through(({ state }) => state.controller.carried as tf.Tensor)])).toEqual(expected);
  });

  it.each([0, null])("is off with clipValue %j", (clipValue) => {
    expect(bitsOf([logitsWith([-1e6, 0, 1e6], { clipValue })])).toEqual([[-1e6, 0, 1e6]]);
    const probe = probeController(tf.tensor2d([beyond]), tf.tensor2d([beyond]));
    const core = new Dnc({ ...BARE, controller: probe.factory, clipValue });
    const { state, trace } = core.step(tf.zeros([1, 3]), core.initialState(1), { trace: true });
    expect(bitsOf([trace?.controllerOutput as tf.Tensor, state.controller.carried as tf.Tensor])).toEqual([
      beyond,
      beyond,
    ]);
  });
});

/** Creates a controller with a constant output, and a record of its inputs. */
function probeController(output: tf.Tensor2D, carried?: tf.Tensor2D) {
  const seen: { inputs?: number[][] } = {};
  const factory = ({ inputSize }: { inputSize: number }): Controller => ({
    inputSize,
    outputSize: output.shape[1],
    variables: [],
    initialState: () => (carried ? { carried: tf.zerosLike(carried) } : {}) as ControllerState,
    step: (inputs) => {
      seen.inputs = inputs.arraySync();
      return { output: tf.clone(output), state: carried ? { carried: tf.clone(carried) } : {} };
    },
    dispose: () => {},
  });
  return { factory, seen };
}

/** Computes the logits of a network whose output layer has these biases and zero weights. */
function logitsWith(biases: number[], config: Pick<DncConfig, "clipValue">): tf.Tensor {
  const core = new Dnc({ ...TINY, ...config, outputSize: biases.length });
  variableOf(core, "dnc/output_linear/w").assign(tf.zeros([6 + 8, biases.length]));
  variableOf(core, "dnc/output_linear/b").assign(tf.tensor1d(biases));
  return core.step(normal([1, 3], 1), core.initialState(1)).output;
}
