import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Gru } from "../src/gru.js";
import { gru } from "./definitions.js";
import { bitsOf, expectGradients, expectValues, uniform } from "./support.js";

describe("Gru", () => {
  it("equals its equations, step after step", () => {
    expectValues(new Gru({ inputSize: 5, hiddenSize: 7, seed: 3 }), gru, 4, 5);
  });

  it("equals its equations with nonzero biases", () => {
    expectValues(withBiases({ inputSize: 3, hiddenSize: 4 }), gru, 3);
  });

  it("has the gradients of its equations by variables, inputs and state", () => {
    expectGradients(withBiases({ inputSize: 3, hiddenSize: 4 }), gru);
  });

  it("names its weights and biases and gives them these shapes, in this order", () => {
    const { variables } = new Gru({ inputSize: 3, hiddenSize: 5 });
    expect(variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["gru/w_gates", [8, 10]],
      ["gru/b_gates", [10]],
      ["gru/w_candidate", [8, 5]],
      ["gru/b_candidate", [5]],
    ]);
  });

  it("outputs its next hidden as a separate tensor", () => {
    const controller = new Gru({ inputSize: 2, hiddenSize: 3 });
    const { output, state } = controller.step(tf.ones([1, 2]), controller.initialState(1));
    expect(Object.keys(state)).toEqual(["hidden"]);
    expect(bitsOf(output)).toEqual(bitsOf(state.hidden));
    expect(output).not.toBe(state.hidden);
  });

  it.each([
    { gate: "update", open: [0, 0, 100, 100], expected: [0.5, -0.25], claim: "keeps its state" },
    { gate: "update", open: [0, 0, -100, -100], expected: [0, 0], claim: "forgets its state" },
  ])("$claim where the biases of the $gate gate are $open", ({ open, expected }) => {
    const controller = new Gru({ inputSize: 1, hiddenSize: 2 }, (name, initial) =>
      tf.variable(name === "gru/b_gates" ? tf.tensor1d(open) : tf.zerosLike(initial())),
    );
    const state = { hidden: tf.tensor2d([[0.5, -0.25]]) };
    expect(controller.step(tf.ones([1, 1]), state).output).toBeAllClose([expected]);
  });
});

function withBiases(sizes: { inputSize: number; hiddenSize: number }): Gru {
  let seed = 70;
  return new Gru({ ...sizes, seed: 3 }, (_, initial) =>
    tf.variable(tf.tidy(() => tf.add(initial(), tf.mul(uniform(initial().shape, seed++), 0.3)))),
  );
}
