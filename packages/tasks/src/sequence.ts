import * as tf from "@tensorflow/tfjs-core";
import { assertArray, assertKeys, assertNumber } from "./checks.js";
import type { Random } from "./random.js";
import type { Batch } from "./task.js";

const STEP_KEYS = ["observation", "answer"];

/** Words of bits to remember: `[step][bit]`, each 0 or 1. */
export type Pattern = readonly (readonly number[])[];

/** One step of a sequence: what is seen, and what is to be answered. */
export type Step = {
  /** `inputSize` finite numbers: what the network sees; all zeros where left out. */
  readonly observation?: readonly number[] | undefined;
  /** `targetSize` numbers in [0, 1]: what it is to answer. Only a step with an answer counts in mask and cost. */
  readonly answer?: readonly number[] | undefined;
};

/** Draws a pattern: the bits of its first step, then of its second, and so on. */
export function drawPattern(random: Random, length: number, numBits: number): Pattern {
  return Array.from({ length }, () => Array.from({ length: numBits }, () => random.integer(0, 1)));
}

/** Throws unless `steps` is a sequence of these widths; `name` is how messages call it. */
export function assertSequence(
  name: string,
  steps: unknown,
  { inputSize, targetSize }: { readonly inputSize: number; readonly targetSize: number },
): void {
  assertArray(name, steps);
  const sequence = steps as readonly Step[];
  if (sequence.length === 0) throw new RangeError(`${name}: expected at least one step, got 0`);
  for (let t = 0; t < sequence.length; t++) {
    const step = sequence[t] as Step;
    assertKeys(`${name}[${t}]`, step, STEP_KEYS);
    if (step.observation !== undefined)
      assertNumbers(`${name}[${t}].observation`, step.observation, inputSize, "a finite number", isFiniteInFloat32);
    if (step.answer !== undefined)
      assertNumbers(`${name}[${t}].answer`, step.answer, targetSize, "a number in [0, 1]", isProbability);
  }
  if (!sequence.some(({ answer }) => answer !== undefined))
    throw new RangeError(`${name}: expected an answer in at least one step, got none in ${sequence.length}`);
}

/** The elements side by side as a batch, zeros after the end of those that are shorter than the longest. */
export function stackSequences(
  sequences: readonly (readonly Step[])[],
  { inputSize, targetSize }: { readonly inputSize: number; readonly targetSize: number },
): Batch {
  const batch = sequences.length;
  const time = sequences.reduce((longest, steps) => Math.max(longest, steps.length), 0);
  const observations = new Float32Array(time * batch * inputSize);
  const target = new Float32Array(time * batch * targetSize);
  const mask = new Float32Array(time * batch);
  sequences.forEach((steps, element) => {
    steps.forEach(({ observation, answer }, t) => {
      const row = t * batch + element;
      if (observation) observations.set(observation, row * inputSize);
      if (answer) {
        target.set(answer, row * targetSize);
        mask[row] = 1;
      }
    });
  });
  return {
    observations: tf.tensor3d(observations, [time, batch, inputSize]),
    target: tf.tensor3d(target, [time, batch, targetSize]),
    mask: tf.tensor2d(mask, [time, batch]),
  };
}

/** Throws unless `values` is an array of `size` numbers that are all as `expected` says. */
function assertNumbers(
  name: string,
  values: readonly number[],
  size: number,
  expected: string,
  holds: (value: number) => boolean,
): void {
  assertArray(name, values);
  if (values.length !== size) throw new RangeError(`${name}: expected ${size} numbers, got ${values.length}`);
  for (let index = 0; index < size; index++) {
    const value = values[index] as number;
    // The name is put together only for a message: this runs for every number of every batch.
    if (typeof value !== "number") assertNumber(`${name}[${index}]`, value, expected);
    if (!holds(value)) throw new RangeError(`${name}[${index}]: expected ${expected}, got ${value}`);
  }
}

/** Tensors hold float32: what is infinite there is infinite to the network. */
function isFiniteInFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}
