import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { RmsProp, type RmsPropOptions } from "../src/rms-prop.js";

/** The definition in plain numbers. */
function plainSteps(initial: number[], gradients: number[][], options: RmsPropOptions) {
  const { learningRate = 1e-4, decay = 0.9, epsilon = 1e-10, momentum = 0 } = options;
  const values = [...initial];
  const meanSquares = initial.map(() => 1);
  const updates = initial.map(() => 0);
  for (const gradient of gradients) {
    gradient.forEach((g, i) => {
      meanSquares[i] += (g * g - meanSquares[i]) * (1 - decay);
      updates[i] = momentum * updates[i] + (learningRate * g) / Math.sqrt(meanSquares[i] + epsilon);
      values[i] -= updates[i];
    });
  }
  return { values, meanSquares, updates };
}

const GRADIENTS = [
  [0.5, -2, 0],
  [1e-3, 30, 0],
  [-0.25, -1e-6, 1e-4],
  [4, 0.1, -7],
];

describe("RmsProp", () => {
  it.each<RmsPropOptions>([
    {},
    { learningRate: 0.1 },
    { learningRate: 0.03, decay: 0.5, epsilon: 0.01 },
    { momentum: 0.9 },
    { learningRate: 0.1, momentum: 0.5 },
  ])("follows the definition for several steps, with %o", (options) => {
    const variable = tf.variable(tf.tensor1d([1, -2, 0.5]));
    const optimizer = new RmsProp([{ name: "x", variable }], options);
    for (const gradient of GRADIENTS) optimizer.apply([tf.tensor1d(gradient)]);
    const { values, meanSquares, updates } = plainSteps([1, -2, 0.5], GRADIENTS, options);
    expect(variable).toBeAllClose(values);
    expect(optimizer.variables[0].variable).toBeAllClose(meanSquares);
    if (options.momentum) expect(optimizer.variables[1].variable).toBeAllClose(updates);
  });

  it("starts with updates of about learningRate * gradient, because the mean squares start at one", () => {
    const variable = tf.variable(tf.scalar(0));
    new RmsProp([{ name: "x", variable }], { learningRate: 1 }).apply([tf.scalar(1e-3)]);
    expect(variable).toBeAllClose(-1e-3 / Math.sqrt(0.9));
  });

  it("names its slots after the variables, in their order, and does not train them", () => {
    const variables = ["b", "a"].map((name) => ({ name, variable: tf.variable(tf.zeros([2])) }));
    const slots = new RmsProp(variables).variables;
    expect(slots.map(({ name }) => name)).toEqual(["rms/b", "rms/a"]);
    expect(slots.every(({ variable }) => !variable.trainable)).toBe(true);
    const { variables: all, state } = new RmsProp(variables, { momentum: 0.9 });
    expect(all.map(({ name }) => name)).toEqual(["rms/b", "rms/a", "momentum/b", "momentum/a"]);
    expect([...state.meanSquares, ...(state.momentum ?? [])]).toEqual(all);
  });

  it("rejects invalid gradients with the expected values, and changes nothing", () => {
    const variable = tf.variable(tf.ones([2]));
    const targets = [{ name: "x", variable }];
    expect(() => new RmsProp(targets, { learningRate: 0 })).toThrow(
      "learningRate: expected a finite number above 0, got 0",
    );
    expect(() => new RmsProp(targets, { decay: 1 })).toThrow("decay: expected a number in [0, 1), got 1");
    expect(() => new RmsProp(targets, { epsilon: -1 })).toThrow("epsilon: expected a finite number above 0, got -1");
    const optimizer = new RmsProp(targets);
    expect(() => optimizer.apply([])).toThrow(new RangeError("gradients: expected 1 tensors, got 0"));
    expect(() => optimizer.apply([tf.ones([3])])).toThrow(new RangeError("gradients[0]: expected [2], got [3]"));
    expect(variable).toBeAllClose([1, 1]);
  });

  it.each([
    [undefined, {}, new TypeError("targets: expected an array of named variables, got undefined")],
    [[undefined], {}, new TypeError("targets[0]: expected { name, variable }, got undefined")],
    [[{ name: "x" }], {}, new TypeError("targets[0]: expected { name, variable }, got an object")],
    [[], null, new TypeError("options: expected an object, got null")],
    [
      [],
      { rho: 0.9 },
      new TypeError('unknown option key "rho"; expected one of learningRate, decay, epsilon, momentum'),
    ],
    [[], { learningRate: "0.1" }, new TypeError('learningRate: expected a number, got "0.1"')],
    [[], { decay: "0.9" }, new TypeError('decay: expected a number, got "0.9"')],
    [[], { epsilon: Infinity }, new RangeError("epsilon: expected a finite number above 0, got Infinity")],
    [[], { learningRate: Number.NaN }, new RangeError("learningRate: expected a finite number above 0, got NaN")],
  ])("is strict about %j, %j", (targets, options, error) => {
    const before = tf.memory().numTensors;
    expect(() => new RmsProp(targets as never, options as never)).toThrow(error);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("without momentum is exactly what it is with a momentum of nothing", () => {
    const run = (momentum: number) => {
      const variable = tf.variable(tf.tensor1d([1, -2, 0.5]));
      const optimizer = new RmsProp([{ name: "x", variable }], { learningRate: 0.1, momentum });
      for (const gradient of GRADIENTS) optimizer.apply([tf.tensor1d(gradient)]);
      return variable.dataSync();
    };
    expect(run(1e-37)).toEqual(run(0));
  });

  it("uses the current learning rate for each update", () => {
    const variable = tf.variable(tf.scalar(0));
    const optimizer = new RmsProp([{ name: "x", variable }], { learningRate: 1, decay: 0 });
    for (const learningRate of [1, 0.5, 0.25]) {
      optimizer.learningRate = learningRate;
      optimizer.apply([tf.scalar(-2)]);
    }
    expect(optimizer.learningRate).toBe(0.25);
    expect(variable).toBeAllClose(1.75);
    expect(() => {
      optimizer.learningRate = 0;
    }).toThrow(new RangeError("learningRate: expected a finite number above 0, got 0"));
    expect(optimizer.learningRate).toBe(0.25);
  });

  it("has one slot per variable and disposes it", () => {
    const variable = tf.variable(tf.ones([4]));
    const gradient = tf.ones([4]);
    const before = tf.memory().numTensors;
    const optimizer = new RmsProp([{ name: "x", variable }]);
    optimizer.apply([gradient]);
    optimizer.apply([gradient]);
    expect(tf.memory().numTensors).toBe(before + 1);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
