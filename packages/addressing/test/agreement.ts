/** Compares functions of tensors with their definitions in plain numbers. */
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";

/** Numbers nested like a tensor. */
export type Nested = number | Nested[];

interface AgreementOptions {
  /** Tolerance of values. */
  values?: { absolute?: number; relative?: number };
  /** Tolerance of gradients. */
  gradients?: { absolute?: number; relative?: number };
  /** Like `define`, except for what the gradient treats as constant; default: `define`. */
  differentiate?: (...inputs: never[]) => Nested;
}

/**
 * Asserts that `compute` has the values of `define`, and that its gradients to all inputs equal central differences of
 * `define` in double precision, for a random weighting of the outputs.
 */
export function expectAgreement(
  compute: (...tensors: never[]) => tf.Tensor,
  define: (...inputs: never[]) => Nested,
  inputs: Nested[],
  { values, gradients = { absolute: 1e-5, relative: 1e-4 }, differentiate = define }: AgreementOptions = {},
): void {
  const tensors = inputs.map((input) => tf.tensor(input as number[]));
  const computed = compute(...(tensors as never[]));
  expect(computed).toBeAllClose(tf.tensor(define(...(inputs as never[])) as number[]), values);

  const weights = uniform<Nested>(computed.shape, 99, -1, 1);
  const objective = (...x: tf.Tensor[]) => tf.sum(tf.mul(compute(...(x as never[])), tf.tensor(weights as number[])));
  const analytic = tf.grads(objective)(tensors);
  const copies = inputs.map(copy);
  const numeric = slopes(() => dot(differentiate(...(copies as never[])), weights), copies);
  for (const [index, gradient] of analytic.entries())
    expect(gradient).toBeAllClose(tf.tensor(numeric[index] as number[]), gradients);
}

/**
 * Asserts that `compute` creates only the tensors that it returns, and does not dispose its arguments, also under a
 * gradient.
 */
export function expectTidy(compute: (...tensors: never[]) => tf.Tensor | tf.Tensor[], shapes: number[][]): void {
  const inputs = shapes.map((shape) => tf.fill(shape, 0.25));
  const before = tf.memory().numTensors;
  const results = [compute(...(inputs as never[]))].flat();
  expect(tf.memory().numTensors).toBe(before + results.length);
  tf.dispose(results);
  const total = (...x: tf.Tensor[]) => tf.addN([compute(...(x as never[]))].flat().map((result) => tf.sum(result)));
  const gradients = tf.grads(total)(inputs);
  expect(tf.memory().numTensors).toBe(before + inputs.length);
  tf.dispose(gradients);
  expect(inputs.some((input) => input.isDisposed)).toBe(false);
}

/** Computes central differences of a function by each number of `inputs`, nested like them. */
export function slopes(compute: () => number, inputs: Nested[], step = 1e-6): Nested[] {
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

/** Creates random float32 numbers in [min, max) of that shape. */
export function uniform<Numbers extends Nested>(shape: number[], seed: number, min = 0, max = 1): Numbers {
  return tf.tidy(() => tf.randomUniform(shape, min, max, "float32", seed).arraySync() as Numbers);
}

/** Creates random write or read weights: non-negative rows that sum to at most 1. */
export function weightings<Numbers extends Nested>(shape: number[], seed: number): Numbers {
  return tf.tidy(() => {
    const directions = tf.softmax(tf.tensor(uniform<number[]>(shape, seed, -3, 3)));
    const strengths = tf.tensor(uniform<number[]>([...shape.slice(0, -1), 1], seed + 1));
    return tf.mul(directions, strengths).arraySync() as Numbers;
  });
}

/** Copies nested numbers. Unlike `structuredClone`, copies a row for each occurrence. */
function copy(numbers: Nested): Nested {
  return typeof numbers === "number" ? numbers : numbers.map(copy);
}

/** Computes the dot product of equally nested numbers. */
function dot(a: Nested, b: Nested): number {
  if (typeof a === "number" || typeof b === "number") return (a as number) * (b as number);
  return a.reduce<number>((sum, entry, index) => sum + dot(entry, b[index]), 0);
}
