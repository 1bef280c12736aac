/** Compares a controller's step with its definition in plain numbers. */
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { Controller, ControllerState } from "../src/controller.js";
import type { ControllerConfig } from "../src/create-controller.js";
import { DeepLstm } from "../src/deep-lstm.js";
import { FeedForward } from "../src/feed-forward.js";
import { Gru } from "../src/gru.js";
import { Lstm } from "../src/lstm.js";
import { type Definition, deepLstm, feedForward, gru, lstm, type Matrix, type StateNumbers } from "./definitions.js";

/** Sizes and seed that every controller takes. */
export type Config = Omit<ControllerConfig, "type">;

/** Description of a controller for tests of all controllers. */
export interface Kind {
  type: ControllerConfig["type"];
  Class: new (...args: ConstructorParameters<typeof DeepLstm>) => Controller;
  define: Definition;
}

/** All the controllers. */
export const KINDS: Kind[] = [
  { type: "lstm", Class: Lstm as Kind["Class"], define: lstm },
  { type: "deep-lstm", Class: DeepLstm as Kind["Class"], define: deepLstm },
  { type: "gru", Class: Gru as Kind["Class"], define: gru },
  { type: "feed-forward", Class: FeedForward as Kind["Class"], define: feedForward },
];

/** Asserts that every step of a sequence of random inputs, from a random state, equals the definition. */
export function expectValues(controller: Controller, define: Definition, batch: number, steps = 3): void {
  tf.tidy(() => {
    let state = randomState(controller, batch);
    let numbers = numbersOf(state) as StateNumbers;
    const parameters = valuesOf(controller);
    for (let step = 0; step < steps; step++) {
      const inputs = uniform([batch, controller.inputSize], 50 + step);
      const result = controller.step(inputs, state);
      const expected = define(inputs.arraySync(), numbers, parameters);
      expect(result.output).toBeAllClose(tf.tensor2d(expected.output), { absolute: 2e-6 });
      const carried = tensorsIn(result.state);
      expect(carried).toHaveLength(tensorsIn(state).length);
      for (const [index, matrix] of matricesIn(expected.state).entries())
        expect(carried[index]).toBeAllClose(tf.tensor2d(matrix), { absolute: 2e-6 });
      expect(shapesOf(result.state)).toEqual(shapesOf(state));
      state = result.state;
      numbers = expected.state;
    }
  });
}

/**
 * Asserts that the gradients of a random weighting of the output and the next state, by the inputs, each tensor of the
 * state and each variable, equal central differences of the definition in double precision.
 */
export function expectGradients(controller: Controller, define: Definition, batch = 2): void {
  tf.tidy(() => {
    const state = randomState(controller, batch);
    const inputs = uniform([batch, controller.inputSize], 50);
    const weights = tensorsIn(controller.step(inputs, state)).map(({ shape }, k) => uniform(shape, 90 + k));
    const objective = () =>
      tf.addN(tensorsIn(controller.step(inputs, state)).map((result, k) => tf.sum(tf.mul(result, weights[k]))));
    const variables = controller.variables.map(({ variable }) => variable);
    const analytic = tf.grads(objective)([inputs, ...tensorsIn(state), ...variables]);

    const inputNumbers = inputs.arraySync();
    const stateNumbers = numbersOf(state) as StateNumbers;
    const parameters = valuesOf(controller);
    const weightNumbers = weights.map((weight) => weight.arraySync() as Matrix);
    const objectiveInDoubles = () => {
      const { output, state: next } = define(inputNumbers, stateNumbers, parameters);
      return [output, ...matricesIn(next)].reduce((sum, matrix, k) => sum + dot(matrix, weightNumbers[k]), 0);
    };
    const numeric = slopes(objectiveInDoubles, [inputNumbers, ...matricesIn(stateNumbers), ...parameters]);
    expect(analytic).toHaveLength(numeric.length);
    for (const [index, gradient] of analytic.entries()) {
      expect(gradient).toBeAllClose(tf.tensor(numeric[index] as number[]), { absolute: 1e-5, relative: 1e-4 });
      expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(1e-3);
    }
  });
}

/** Creates a state of random numbers in [-1, 1), with the shapes of `initialState`. */
export function randomState(controller: Controller, batch: number, seed = 1): ControllerState {
  const initial = controller.initialState(batch);
  let next = seed;
  const randomLike = (state: ControllerState): ControllerState =>
    Object.fromEntries(
      Object.entries(state).map(([key, value]) => [
        key,
        value instanceof tf.Tensor ? (uniform(value.shape, next++) as tf.Tensor2D) : randomLike(value),
      ]),
    );
  const state = randomLike(initial);
  tf.dispose(initial);
  return state;
}

/** Creates random numbers in [-1, 1). TensorFlow.js treats seed 0 as no seed. */
export function uniform<Rank extends tf.Rank = tf.Rank.R2>(shape: number[], seed: number): tf.Tensor<Rank> {
  return tf.randomUniform(shape as tf.ShapeMap[Rank], -1, 1, "float32", seed);
}

/** Lists the tensors of a state or a step, in order. */
export function tensorsIn(container: tf.TensorContainer): tf.Tensor[] {
  return tf.tensor_util.getTensorsInContainer(container);
}

/** Reads the numbers of each tensor, in order; equal only if every bit is. */
export function bitsOf(container: tf.TensorContainer): number[][] {
  return tensorsIn(container).map((tensor) => Array.from(tensor.dataSync()));
}

/** Reads the values of the variables, in order. */
export function valuesOf(controller: Controller): number[][] {
  return controller.variables.map(({ variable }) => variable.arraySync() as number[]);
}

/** Reads a state, with numbers instead of tensors. */
function numbersOf(state: ControllerState): unknown {
  return mapTensors(state, (tensor) => tensor.arraySync());
}

/** Returns a state with shapes instead of tensors. */
export function shapesOf(state: ControllerState): unknown {
  return mapTensors(state, (tensor) => tensor.shape);
}

function mapTensors(state: ControllerState, map: (tensor: tf.Tensor) => unknown): unknown {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      value instanceof tf.Tensor ? map(value) : mapTensors(value as ControllerState, map),
    ]),
  );
}

function matricesIn(state: StateNumbers): Matrix[] {
  return Object.values(state).flatMap((value) => (Array.isArray(value) ? [value] : matricesIn(value)));
}

type Nested = number | Nested[];

/** Computes central differences of a function by each number of `inputs`, nested like them. */
function slopes(compute: () => number, inputs: Nested[], step = 1e-6): Nested[] {
  return inputs.map((input, index) => {
    if (typeof input !== "number") return slopes(compute, input, step);
    const at = (value: number) => {
      inputs[index] = value;
      return compute();
    };
    const slope = (at(input + step) - at(input - step)) / (2 * step);
    inputs[index] = input;
    return slope;
  });
}

function dot(a: Matrix, b: Matrix): number {
  return a.flat().reduce((sum, value, index) => sum + value * b.flat()[index], 0);
}
