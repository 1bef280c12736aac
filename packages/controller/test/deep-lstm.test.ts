import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { DeepLstm, type DeepLstmState } from "../src/deep-lstm.js";
import { Lstm } from "../src/lstm.js";
import { deepLstm } from "./definitions.js";
import { bitsOf, expectGradients, expectValues, randomState, shapesOf, uniform, valuesOf } from "./support.js";

describe("DeepLstm", () => {
  it.each([1, 2, 4])("equals its equations, step after step, with %i layers", (layers) => {
    expectValues(new DeepLstm({ inputSize: 3, hiddenSize: 5, layers, seed: 3 }), deepLstm, 4, 4);
  });

  it.each([1, 2, 3])("has the gradients of its equations by variables, inputs and state, with %i layers", (layers) => {
    expectGradients(new DeepLstm({ inputSize: 2, hiddenSize: 3, layers, seed: 3 }), deepLstm);
  });

  it("names the variables of each layer and gives them these shapes, in this order", () => {
    const { variables } = new DeepLstm({ inputSize: 3, hiddenSize: 5, layers: 3 });
    expect(variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["deep_lstm/layer_1/w_gates", [8, 20]],
      ["deep_lstm/layer_1/b_gates", [20]],
      ["deep_lstm/layer_2/w_gates", [13, 20]],
      ["deep_lstm/layer_2/b_gates", [20]],
      ["deep_lstm/layer_3/w_gates", [13, 20]],
      ["deep_lstm/layer_3/b_gates", [20]],
    ]);
  });

  it("has two layers by default", () => {
    const controller = new DeepLstm({ inputSize: 3, hiddenSize: 5 });
    expect([controller.layers, controller.outputSize]).toEqual([2, 10]);
    expect(shapesOf(controller.initialState(4))).toEqual({
      layer_1: { hidden: [4, 5], cell: [4, 5] },
      layer_2: { hidden: [4, 5], cell: [4, 5] },
    });
  });

  it("equals an Lstm if it has one layer, including initial values", () => {
    const deep = new DeepLstm({ inputSize: 3, hiddenSize: 4, layers: 1, seed: 9 });
    const flat = new Lstm({ inputSize: 3, hiddenSize: 4, seed: 9 });
    expect(valuesOf(deep)).toEqual(valuesOf(flat));
    const inputs = uniform([2, 3], 1);
    const state = randomState(deep, 2) as DeepLstmState;
    const result = deep.step(inputs, state);
    expect(bitsOf(result)).toEqual(bitsOf(flat.step(inputs, state.layer_1)));
    expect(result.output).not.toBe(result.state.layer_1.hidden);
  });

  it("passes the inputs to every layer", () => {
    const controller = new DeepLstm({ inputSize: 1, hiddenSize: 2, layers: 3 }, (name, initial) =>
      tf.variable(name.includes("layer_1") ? tf.zerosLike(initial()) : initial()),
    );
    const upper = (input: number) =>
      bitsOf(controller.step(tf.tensor2d([[input]]), controller.initialState(1)).state).slice(2);
    for (const [k, bits] of upper(1).entries()) expect(bits).not.toEqual(upper(-1)[k]);
  });

  it("outputs the next hidden of all layers, from the first", () => {
    const controller = new DeepLstm({ inputSize: 2, hiddenSize: 3, layers: 3 });
    const { output, state } = controller.step(uniform([2, 2], 1), randomState(controller, 2) as DeepLstmState);
    const hidden = [state.layer_1.hidden, state.layer_2.hidden, state.layer_3.hidden];
    expect(bitsOf(output)).toEqual(bitsOf(tf.concat(hidden, 1)));
  });
});
