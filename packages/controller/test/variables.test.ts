import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { Controller } from "../src/controller.js";
import { DeepLstm } from "../src/deep-lstm.js";
import { FeedForward } from "../src/feed-forward.js";
import type { NamedVariable } from "../src/index.js";
import { Lstm } from "../src/lstm.js";
import { KINDS, tensorsIn, valuesOf } from "./support.js";

const SIZES = { inputSize: 60, hiddenSize: 40 };
/** Standard deviation of a standard normal truncated at 2. */
const TRUNCATED = 0.8796;

describe.each(KINDS)("initial values: $type", ({ type, Class }) => {
  it("draws weights and the biases of an LSTM from a normal truncated at 2 stddev, not rescaled", () => {
    for (const { values, stddev } of drawn(new Class({ ...SIZES, seed: 1 }))) {
      const furthest = Math.max(...values.map(Math.abs)) / stddev;
      expect(furthest).toBeLessThanOrEqual(2 + 1e-6);
      expect(furthest).toBeGreaterThan(1.9);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      const tolerance = 3 / Math.sqrt(values.length); // three standard errors of a mean; a deviation has smaller ones
      expect(Math.sqrt(variance) / stddev).toBeAllClose(TRUNCATED, { absolute: tolerance });
      expect(mean / stddev).toBeAllClose(0, { absolute: tolerance });
    }
  });

  it(type.includes("lstm") ? "starts no biases as zeros" : "starts biases, and nothing else, as zeros", () => {
    const { variables } = new Class(SIZES);
    const biases = variables.filter(({ name }) => /\/b(_\w+)?$/.test(name));
    const zeros = variables.filter(({ variable }) => variable.dataSync().every((value) => value === 0));
    expect(biases).toHaveLength(variables.length / 2);
    expect(zeros).toEqual(type.includes("lstm") ? [] : biases);
  });

  it.each([0, 1, 2 ** 31])("draws the same values again from seed %i", (seed) => {
    expect(valuesOf(new Class({ ...SIZES, seed }))).toEqual(valuesOf(new Class({ ...SIZES, seed })));
  });

  it("uses seed 0 by default", () => {
    expect(valuesOf(new Class(SIZES))).toEqual(valuesOf(new Class({ ...SIZES, seed: 0 })));
  });

  it("draws different values for each of its variables, and for controllers of different seeds", () => {
    const seeds = [0, 1, 2, 2 ** 31 - 1, 2 ** 31];
    expectDistinct(seeds.flatMap((seed) => drawn(new Class({ ...SIZES, seed }))).map(({ values }) => values));
  });
});

describe("initial values", () => {
  it("draws different values for all variables of a deep LSTM with 32 layers, including those of the next seed", () => {
    const deep = [0, 1].map((seed) => new DeepLstm({ inputSize: 3, hiddenSize: 10, layers: 32, seed }));
    const draws = deep.flatMap(drawn).map(({ values }) => values);
    expect(draws).toHaveLength(128);
    expectDistinct(draws);
  });

  it("draws variable k from seed 1 + 64 seed + k", () => {
    const draw = (shape: number[], seed: number) => tf.truncatedNormal(shape, 0, 1 / Math.sqrt(5), "float32", seed);
    const [weights, biases] = new Lstm({ inputSize: 3, hiddenSize: 2, seed: 10 }).variables;
    expect(weights.variable.arraySync()).toEqual(draw([5, 8], 641).arraySync());
    expect(biases.variable.arraySync()).toEqual(draw([8], 642).arraySync());
  });

  it("draws the same numbers in every release", () => {
    const [weights] = new FeedForward({ inputSize: 2, hiddenSize: 2, seed: 0 }).variables;
    const expected = [0.051442828, -0.745276153, -0.301819712, -0.641610801];
    expect(weights.variable.dataSync()).toBeAllClose(expected);
  });
});

describe.each(KINDS)("createVariable: $type", ({ Class }) => {
  it("is called once for every variable, in order, with its shape and dtype", () => {
    const own = new Class(SIZES);
    const seen: NamedVariable[] = [];
    const controller = new Class(SIZES, (name, initial) => {
      const variable = tf.variable(initial());
      seen.push({ name, variable });
      return variable;
    });
    expect(controller.variables.map(({ name }) => name)).toEqual(own.variables.map(({ name }) => name));
    expect(seen.map(({ name }) => name)).toEqual(own.variables.map(({ name }) => name));
    expect(controller.variables.every(({ variable }, k) => variable === seen[k].variable)).toBe(true);
    expect(seen.map(({ variable }) => [variable.shape, variable.dtype])).toEqual(
      own.variables.map(({ variable }) => [variable.shape, variable.dtype]),
    );
    expect(valuesOf(controller)).toEqual(valuesOf(own));
  });

  it("draws random numbers only if createVariable calls for them", () => {
    const ready = new Map(new Class(SIZES).variables.map(({ name, variable }) => [name, variable]));
    const nextId = () => tf.tidy(() => tf.scalar(0).id);
    const before = nextId();
    new Class(SIZES, (name) => ready.get(name) as tf.Variable);
    expect(nextId()).toBe(before + 1);
  });

  it("steps with the variables of createVariable, with their values at each step", () => {
    const controller = new Class(SIZES, (_, initial) => tf.variable(tf.zerosLike(initial())));
    const output = () => controller.step(tf.ones([1, SIZES.inputSize]), controller.initialState(1)).output;
    expect(
      output()
        .dataSync()
        .every((value) => value === 0),
    ).toBe(true);
    for (const { variable } of controller.variables) variable.assign(tf.fill(variable.shape, 0.01));
    expect(tf.min(output()).dataSync()[0]).toBeGreaterThan(0.1);
  });

  it("passes on errors of createVariable", () => {
    const refuse = () => {
      throw new Error("no room");
    };
    expect(() => new Class(SIZES, refuse)).toThrow("no room");
  });
});

/** Reads the values drawn for each variable that does not start as zeros, and their standard deviation. */
function drawn(controller: Controller): { values: number[]; stddev: number }[] {
  let rows = 0; // of the weights before the biases
  return controller.variables.flatMap(({ variable }) => {
    rows = variable.rank === 2 ? variable.shape[0] : rows;
    const values = Array.from(variable.dataSync());
    return values.some((value) => value !== 0) ? [{ values, stddev: 1 / Math.sqrt(rows) }] : [];
  });
}

/** Asserts that no two arrays start with the same numbers, up to a factor. */
function expectDistinct(lists: number[][]): void {
  const begin = tf.tidy(() => {
    const shortest = Math.min(...lists.map((list) => list.length));
    const rows = tf.tensor2d(lists.map((list) => list.slice(0, shortest)));
    const unit = tf.div(rows, tf.norm(rows, 2, 1, true));
    const similarity = tf.matMul(unit, unit, false, true);
    return tf.max(tf.sub(similarity, tf.mul(2, tf.eye(lists.length))));
  });
  expect(tensorsIn(begin)[0].dataSync()[0]).toBeLessThan(0.9);
}
