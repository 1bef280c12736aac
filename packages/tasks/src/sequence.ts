import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "./random.js";
import type { Batch } from "./task.js";

/** Words of bits to remember: `[step][bit]`, each 0 or 1. */
export type Pattern = readonly (readonly number[])[];

/** One step of one element. What is left out is all zeros; a step counts if it has an answer. */
export type Step = { readonly observation?: readonly number[]; readonly answer?: readonly number[] };

/** Draws a pattern: the bits of its first step, then of its second, and so on. */
export function drawPattern(random: Random, length: number, numBits: number): Pattern {
  return Array.from({ length }, () => Array.from({ length: numBits }, () => random.integer(0, 1)));
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
