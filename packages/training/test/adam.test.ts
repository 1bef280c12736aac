import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Adam, type AdamOptions } from "../src/adam.js";

const RUNS = { seed: 1, numRuns: 25 };

/** Algorithm 1 of the paper, in plain numbers. */
function adamUpdates(gradients: readonly number[][], options: AdamOptions): number[] {
  const { learningRate: rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const size = gradients[0].length;
  const [first, second, value] = [0, 0, 1].map((initial) => new Array<number>(size).fill(initial));
  gradients.forEach((gradient, index) => {
    const t = index + 1;
    gradient.forEach((g, at) => {
      first[at] = beta1 * first[at] + (1 - beta1) * g;
      second[at] = beta2 * second[at] + (1 - beta2) * g * g;
      const [m, v] = [first[at] / (1 - beta1 ** t), second[at] / (1 - beta2 ** t)];
      value[at] -= (rate * m) / (Math.sqrt(v) + epsilon);
    });
  });
  return value;
}

/** Updates ones by each gradient. */
function updated(gradients: readonly number[][], options: AdamOptions): tf.Variable {
  const variable = tf.variable(tf.ones([gradients[0].length]));
  const optimizer = new Adam([{ name: "x", variable }], options);
  for (const gradient of gradients) optimizer.apply([tf.tensor1d(gradient)]);
  return variable;
}

describe("Adam", () => {
  it.each([
    {},
    { learningRate: 0.01, beta1: 0 },
    { learningRate: 0.01, beta2: 0 },
    { learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 0.1 },
  ])("is the paper's algorithm: %j", (options) => {
    const gradients = [
      [0.5, -2, 1e-3],
      [0.1, 1, 1e-3],
      [-3, 0, 1e-3],
    ];
    expect(updated(gradients, options)).toBeAllClose(adamUpdates(gradients, options));
  });

  it("is that for any gradients and hyperparameters", () => {
    const gradient = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 2, maxLength: 2 });
    const options = fc.record({
      learningRate: fc.constantFrom(1e-3, 0.1),
      beta1: fc.constantFrom(0, 0.5, 0.9),
      beta2: fc.constantFrom(0.5, 0.9, 0.999),
      epsilon: fc.constantFrom(1e-8, 1e-2),
    });
    fc.assert(
      fc.property(fc.array(gradient, { minLength: 1, maxLength: 6 }), options, (gradients, hyperparameters) => {
        const scaled = gradients.map((numbers) => numbers.map((number) => number / 8));
        const close = { absolute: 1e-5, relative: 1e-5 };
        expect(updated(scaled, hyperparameters)).toBeAllClose(adamUpdates(scaled, hyperparameters), close);
      }),
      RUNS,
    );
  });

  it("first moves by the learning rate, whatever the size of the gradient", () => {
    for (const gradient of [1e-3, 1, 1e3])
      expect(updated([[gradient]], { learningRate: 0.25 })).toBeAllClose([0.75], { absolute: 0, relative: 2e-5 });
  });

  it("names its state after the variables, in their order, and does not train it", () => {
    const variables = ["b", "a"].map((name) => ({ name, variable: tf.variable(tf.zeros([2])) }));
    const optimizer = new Adam(variables);
    const names = ["adam_m/b", "adam_m/a", "adam_v/b", "adam_v/a", "adam/steps"];
    expect(optimizer.variables.map(({ name }) => name)).toEqual(names);
    expect(optimizer.variables.every(({ variable }) => !variable.trainable)).toBe(true);
    const { firstMoments, secondMoments, steps } = optimizer.state;
    expect([...firstMoments, ...secondMoments, ...steps]).toEqual(optimizer.variables);
  });

  it("has defaults, and reports its hyperparameters as an engine takes them", () => {
    const optimizer = new Adam([], { beta1: 0.5, epsilon: undefined });
    expect(optimizer.options).toEqual({ type: "adam", learningRate: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 });
    optimizer.learningRate = 0.5;
    expect(optimizer.options.learningRate).toBe(0.5);
  });

  it("continues to the last bit from restored variables, once it is prepared", async () => {
    const gradients = [0.3, -0.1, 2, 0.7].map((value) => tf.tensor1d([value, -value]));
    const create = () => {
      const variable = tf.variable(tf.ones([2]));
      return { variable, optimizer: new Adam([{ name: "x", variable }], { learningRate: 0.1 }) };
    };
    const [whole, first, second] = [create(), create(), create()];
    for (const gradient of gradients) whole.optimizer.apply([gradient]);
    for (const gradient of gradients.slice(0, 2)) first.optimizer.apply([gradient]);
    expect(first.optimizer.state.steps[0].variable).toBeAllClose([2]);
    second.variable.assign(first.variable);
    first.optimizer.variables.forEach(({ variable }, index) => {
      second.optimizer.variables[index].variable.assign(tf.clone(variable));
    });
    const message = "adam/steps: expected a call of prepare after the variable was assigned, got none";
    expect(() => second.optimizer.apply([gradients[2]])).toThrow(new Error(message));
    await second.optimizer.prepare();
    for (const gradient of gradients.slice(2)) second.optimizer.apply([gradient]);
    expect(second.variable.dataSync()).toEqual(whole.variable.dataSync());
    expect(second.optimizer.state.steps[0].variable).toBeAllClose([4]);
  });

  it.each([
    [undefined, {}, new TypeError("targets: expected an array of named variables, got undefined")],
    [
      [],
      { momentum: 0.9 },
      new TypeError('unknown option key "momentum"; expected one of learningRate, beta1, beta2, epsilon'),
    ],
    [[], { beta1: 1 }, new RangeError("beta1: expected a number in [0, 1), got 1")],
    [[], { beta2: "0.9" }, new TypeError('beta2: expected a number, got "0.9"')],
    [[], { epsilon: 0 }, new RangeError("epsilon: expected a finite number above 0, got 0")],
    [[], { learningRate: null }, new TypeError("learningRate: expected a number, got null")],
  ])("is strict about %j, %j", (targets, options, error) => {
    const before = tf.memory().numTensors;
    expect(() => new Adam(targets as never, options as never)).toThrow(error);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("has two variables per target and one of its own, and disposes them", () => {
    const variable = tf.variable(tf.ones([4]));
    const gradient = tf.ones([4]);
    const before = tf.memory().numTensors;
    const optimizer = new Adam([{ name: "x", variable }]);
    optimizer.apply([gradient]);
    optimizer.apply([gradient]);
    expect(tf.memory().numTensors).toBe(before + 3);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
