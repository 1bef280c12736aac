import { assertFloats, assertFloatsOfShape } from "./checks.js";

/** Largest logit that predicts 0: up to it the sigmoid in float32 is at most one half, which rounds to 0. */
const MAX_LOGIT_OF_ZERO = 2 ** -23;

/**
 * Rounds outputs to bits where a target counts. `Task.render` shows the result as the model's output.
 *
 *     const logits = await predict(network, batch); // predict of @dnc/training
 *     console.log(task.render(batch, predictedBits(logits, batch.mask)));
 *
 *     round(mask * sigmoid(logits))
 *
 * Source: the training script of DeepMind's dnc package.
 *
 * @param logits - `[timeSteps, batchSize, size]`: outputs before the sigmoid.
 * @param mask - `[timeSteps, batchSize]`, 1 where the target counts and 0 elsewhere.
 * @returns `[timeSteps, batchSize, size]`, a new array: 0 or 1, NaN for a NaN logit, and 0 where the mask is 0. A logit
 *   of exactly 0 predicts 0.
 * @throws RangeError if the lengths do not fit each other; TypeError if one is not a Float32Array.
 */
export function predictedBits(logits: Float32Array, mask: Float32Array): Float32Array {
  assertFloats("mask", mask);
  assertFloatsOfShape("logits", logits, [mask.length, "size"]);
  const size = logits.length / mask.length;
  return logits.map((logit, index) => (mask[Math.floor(index / size)] === 0 ? 0 : predictedBit(logit)));
}

/** Computes `round(sigmoid(logit))` as in float32; NaN for NaN. */
export function predictedBit(logit: number): number {
  if (logit > MAX_LOGIT_OF_ZERO) return 1;
  return logit <= MAX_LOGIT_OF_ZERO ? 0 : Number.NaN;
}
