import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Lstm } from "../src/lstm.js";
import { lstm } from "./definitions.js";
import { bitsOf, expectGradients, expectValues } from "./support.js";

describe("Lstm", () => {
  it("equals its equations, step after step", () => {
    expectValues(new Lstm({ inputSize: 5, hiddenSize: 7, seed: 3 }), lstm, 4, 5);
  });

  it("has the gradients of its equations by variables, inputs and state", () => {
    expectGradients(new Lstm({ inputSize: 3, hiddenSize: 4, seed: 3 }), lstm);
  });

  it("names its weights and biases and gives them these shapes, in this order", () => {
    const { variables } = new Lstm({ inputSize: 3, hiddenSize: 5 });
    expect(variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["lstm/w_gates", [8, 20]],
      ["lstm/b_gates", [20]],
    ]);
  });

  it("outputs its next hidden as a separate tensor", () => {
    const controller = new Lstm({ inputSize: 2, hiddenSize: 3 });
    const { output, state } = controller.step(tf.ones([1, 2]), controller.initialState(1));
    expect(Object.keys(state)).toEqual(["hidden", "cell"]);
    expect(bitsOf(output)).toEqual(bitsOf(state.hidden));
    expect(output).not.toBe(state.hidden);
  });

  it("adds 1 to the forget gate and to no other", () => {
    const controller = new Lstm({ inputSize: 1, hiddenSize: 1 }, (_, initial) => tf.variable(tf.zerosLike(initial())));
    const state = { hidden: tf.zeros<tf.Rank.R2>([1, 1]), cell: tf.ones<tf.Rank.R2>([1, 1]) };
    const next = controller.step(tf.ones([1, 1]), state).state;
    const retained = 1 / (1 + Math.exp(-1));
    expect(next.cell).toBeAllClose([retained]);
    expect(next.hidden).toBeAllClose([Math.tanh(retained) / 2]);
  });

  it("clips nothing: a cell grows as long as its gates are open", () => {
    const open = tf.tensor1d([100, 100, 100, 100]);
    const controller = new Lstm({ inputSize: 1, hiddenSize: 1 }, (name, initial) =>
      tf.variable(name.endsWith("b_gates") ? open : tf.zerosLike(initial())),
    );
    let state = controller.initialState(1);
    for (let step = 0; step < 30; step++) state = controller.step(tf.ones([1, 1]), state).state;
    expect(state.cell).toBeAllClose([30]);
  });
});
