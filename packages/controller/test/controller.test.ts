import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ControllerState } from "../src/controller.js";
import type { NamedVariable } from "../src/index.js";
import { bitsOf, expectValues, KINDS, randomState, shapesOf, tensorsIn, uniform } from "./support.js";

const SIZES = { inputSize: 3, hiddenSize: 4, seed: 5 };

describe.each(KINDS)("every controller: $type", ({ type, Class, define }) => {
  it("equals its definition at every size, including batch 1 and one unit", () => {
    const layers = type === "deep-lstm" ? fc.integer({ min: 1, max: 3 }) : fc.constant(undefined);
    const size = fc.integer({ min: 1, max: 6 });
    const sizes = fc.record({ inputSize: size, hiddenSize: size, layers, seed: fc.nat(), batch: size });
    const smallest = { inputSize: 1, hiddenSize: 1, layers: type === "deep-lstm" ? 1 : undefined, seed: 0, batch: 1 };
    const check = ({ batch, ...config }: typeof smallest) => {
      const controller = new Class(config);
      const outputSize = config.hiddenSize * (config.layers ?? 1);
      expect([controller.inputSize, controller.outputSize]).toEqual([config.inputSize, outputSize]);
      expectValues(controller, define, batch, 2);
      controller.dispose();
    };
    fc.assert(fc.property(sizes, check), { seed: 1, numRuns: 25, examples: [[smallest]] });
  });

  it("starts from zeros of the shapes that a step returns", () => {
    const controller = new Class(SIZES);
    const initial = controller.initialState(2);
    expect(bitsOf(initial).flat()).toEqual(bitsOf(initial).flatMap((bits) => bits.map(() => 0)));
    const { output, state } = controller.step(uniform([2, 3], 1), initial);
    expect(shapesOf(state)).toEqual(shapesOf(initial));
    expect(output.shape).toEqual([2, controller.outputSize]);
    expect(tensorsIn([output, state, initial]).every(({ dtype }) => dtype === "float32")).toBe(true);
  });

  it("treats the elements of a batch equally and independently", () => {
    const controller = new Class(SIZES);
    const inputs = uniform([3, 3], 1);
    const state = randomState(controller, 3);
    const moved = (tensor: tf.Tensor) => tf.gather(tensor, [2, 0, 1]) as tf.Tensor2D;
    const expected = tensorsIn(controller.step(inputs, state)).map(moved);
    expect(bitsOf(controller.step(moved(inputs), mapState(state, moved)))).toEqual(bitsOf(expected));
  });

  it("stays finite, gradients included, where all gates saturate", () => {
    const controller = new Class(SIZES);
    const inputs: tf.Tensor2D = tf.mul(uniform([2, 3], 1), 1e6);
    const state = randomState(controller, 2);
    const total = () => tf.addN(tensorsIn(controller.step(inputs, state)).map((tensor) => tf.sum(tensor))) as tf.Scalar;
    const { value, grads } = tf.variableGrads(
      total,
      controller.variables.map(({ variable }) => variable),
    );
    expect(bitsOf([value, ...Object.values(grads)]).flat()).toSatisfy((bits: number[]) => bits.every(Number.isFinite));
  });

  it("writes neither to itself nor to its arguments in a step", () => {
    const controller = new Class(SIZES);
    Object.freeze(controller);
    Object.freeze(controller.variables);
    const inputs = uniform([2, 3], 1);
    const state = mapState(randomState(controller, 2), (tensor) => tensor); // frozen
    const variables = controller.variables.map(({ variable }) => variable);
    const everything = [inputs, state, variables];
    const before = bitsOf(everything);
    const entries = Object.entries(controller);
    const first = controller.step(inputs, state);
    const second = controller.step(inputs, state);
    expect(bitsOf(second)).toEqual(bitsOf(first));
    expect(bitsOf(everything)).toEqual(before);
    expect(tensorsIn(everything).some((tensor) => tensor.isDisposed)).toBe(false);
    expect(Object.entries(controller)).toEqual(entries);
  });

  it("returns independent tensors, whichever of the others are disposed", () => {
    const controller = new Class(SIZES);
    const inputs = uniform([2, 3], 1);
    const state = randomState(controller, 2);
    const { output, state: next } = controller.step(inputs, state);
    const expected = bitsOf([output, next]);
    tf.dispose([inputs, state]);
    expect(bitsOf([output, next])).toEqual(expected);
    output.dispose();
    expect(bitsOf([next])).toEqual(expected.slice(1));
  });

  it("leaves only the tensors that it returns, and none after dispose", () => {
    const before = tf.memory();
    const controller = new Class(SIZES);
    const { variables } = controller;
    expect(tf.memory().numTensors).toBe(before.numTensors + variables.length);
    const inputs = tf.ones<tf.Rank.R2>([2, 3]);
    const state = controller.initialState(2);
    const beforeStep = tf.memory().numTensors;
    expect(beforeStep).toBe(before.numTensors + variables.length + 1 + tensorsIn(state).length);
    const result = controller.step(inputs, state);
    expect(tf.memory().numTensors).toBe(beforeStep + 1 + tensorsIn(state).length);
    tf.dispose(result);
    const gradients = tf.variableGrads(
      () => tf.sum(controller.step(inputs, state).output),
      variables.map(({ variable }) => variable),
    );
    expect(tf.memory().numTensors).toBe(beforeStep + 1 + variables.length);
    tf.dispose([gradients.value, gradients.grads, inputs, state] as tf.TensorContainer);
    controller.dispose();
    controller.dispose();
    expect(variables.every(({ variable }) => variable.isDisposed)).toBe(true);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it("does not dispose tensors that share a variable's data, even if called twice", () => {
    const controller = new Class(SIZES);
    const clones = controller.variables.map(({ variable }) => tf.clone(variable)); // not copies
    const expected = bitsOf(clones);
    controller.dispose();
    controller.dispose();
    expect(bitsOf(clones)).toEqual(expected);
  });

  it("disposes the remaining variables if one has already been disposed", () => {
    const before = tf.memory().numTensors;
    const controller = new Class(SIZES);
    controller.variables[0].variable.dispose();
    controller.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("keeps its variables when it is created within a tidy", () => {
    let variables: readonly NamedVariable[] = [];
    tf.tidy(() => {
      ({ variables } = new Class(SIZES));
    });
    expect(variables.some(({ variable }) => variable.isDisposed)).toBe(false);
    expect(() => bitsOf(variables.map(({ variable }) => variable))).not.toThrow();
  });

  it("can exist alongside another with the same variable names, both trainable", () => {
    const controllers = [new Class(SIZES), new Class({ ...SIZES, seed: 6 })];
    const [first, second] = controllers.map(({ variables }) => variables);
    expect(first.map(({ name }) => name)).toEqual(second.map(({ name }) => name));
    expect([...first, ...second].every(({ variable }) => variable.trainable && !variable.isDisposed)).toBe(true);
  });
});

function mapState(state: ControllerState, map: (tensor: tf.Tensor2D) => tf.Tensor2D): ControllerState {
  const entries = Object.entries(state).map(([key, value]) => [
    key,
    value instanceof tf.Tensor ? map(value as tf.Tensor2D) : mapState(value as ControllerState, map),
  ]);
  return Object.freeze(Object.fromEntries(entries));
}
