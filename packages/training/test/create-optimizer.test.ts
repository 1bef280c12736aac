import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { Adam } from "../src/adam.js";
import { createOptimizer } from "../src/create-optimizer.js";
import { RmsProp } from "../src/rms-prop.js";

const targets = () => [{ name: "x", variable: tf.variable(tf.zeros([2])) }];

describe("createOptimizer", () => {
  it("creates the optimizer of the type, with its defaults", () => {
    const [rmsProp, adam] = [
      createOptimizer({ type: "rmsprop" }, targets()),
      createOptimizer({ type: "adam" }, targets()),
    ];
    expect(rmsProp).toBeInstanceOf(RmsProp);
    expect(adam).toBeInstanceOf(Adam);
    expect(rmsProp.options).toEqual(new RmsProp(targets()).options);
    expect(adam.options).toEqual(new Adam(targets()).options);
  });

  it("is the inverse of `options`", () => {
    for (const options of [
      { type: "rmsprop", learningRate: 0.1, decay: 0.5, epsilon: 1e-3, momentum: 0.9 },
      { type: "adam", learningRate: 0.1, beta1: 0.5, beta2: 0.75, epsilon: 1e-3 },
    ] as const)
      expect(createOptimizer(JSON.parse(JSON.stringify(options)), targets()).options).toEqual(options);
  });

  it.each([
    [undefined, new TypeError("optimizer: expected an object, got undefined")],
    [{ type: "sgd" }, new TypeError('optimizer.type: expected "rmsprop" or "adam", got "sgd"')],
    [{ type: "adam", momentum: 0.5 }, new TypeError('optimizer: unknown key "momentum"')],
    [{ type: "rmsprop", decay: 1 }, new RangeError("optimizer.decay: expected a number in [0, 1), got 1")],
  ])("refuses %j", (options, error) => {
    expect(() => createOptimizer(options as never, targets())).toThrow(error);
  });
});
