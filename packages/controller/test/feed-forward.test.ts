import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { FeedForward } from "../src/feed-forward.js";
import { feedForward } from "./definitions.js";
import { expectGradients, expectValues, uniform } from "./support.js";

describe("FeedForward", () => {
  it("equals its equation", () => {
    expectValues(new FeedForward({ inputSize: 5, hiddenSize: 7, seed: 3 }), feedForward, 4);
  });

  it("equals its equation, including gradients, with nonzero biases", () => {
    const controller = new FeedForward({ inputSize: 3, hiddenSize: 4 }, (_, initial) =>
      tf.variable(tf.tidy(() => tf.add(initial(), tf.mul(uniform(initial().shape, 70), 0.3)))),
    );
    expectValues(controller, feedForward, 3);
    expectGradients(controller, feedForward);
  });

  it("names its weights and biases and gives them these shapes, in this order", () => {
    const { variables } = new FeedForward({ inputSize: 3, hiddenSize: 5 });
    expect(variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["feed_forward/w", [3, 5]],
      ["feed_forward/b", [5]],
    ]);
  });

  it("has an empty state", () => {
    const controller = new FeedForward({ inputSize: 2, hiddenSize: 3 });
    const { state } = controller.step(tf.ones([1, 2]), controller.initialState(1));
    expect(state).toEqual({});
  });
});
