/** Batches to train on, and what training on WebGPU gives. */
import type { BatchArrays } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { WebGpuTrainer } from "../src/index.js";
import { type Config, Dnc, rmsProp, TINY, uniformNumbers } from "./support.js";

export const OPTIONS = { optimizer: rmsProp({ learningRate: 0.02, decay: 0.7, epsilon: 1e-3 }), maxGradNorm: 50 };

/** A batch of random bits, with a mask that is not all ones. */
export function makeBatch(
  timeSteps: number,
  batchSize: number,
  seed: number,
  { inputSize, outputSize }: Config = TINY,
): BatchArrays {
  const next = uniformNumbers(seed + 1);
  const bits = (width: number) =>
    Float32Array.from({ length: timeSteps * batchSize * width }, () => Math.round(next()));
  const [inputs, targets, mask] = [bits(inputSize), bits(outputSize), bits(1)];
  mask[0] = 1;
  return { timeSteps, batchSize, inputs, targets, mask };
}

export const BATCHES = [5, 3, 6, 1, 3].map((time, seed) => makeBatch(time, 4, seed));

/** All parameters, then the mean squares. */
export async function numbersOf(core: Dnc, training: WebGpuTrainer): Promise<Float32Array[]> {
  await training.writeToVariables();
  const parameters = await Promise.all(core.variables.map(({ variable }) => variable.data<"float32">()));
  return [...parameters, meanSquaresOf(training).slice()];
}

/** The mean squares of a trainer that uses RMSProp. */
export function meanSquaresOf({ optimizerState }: WebGpuTrainer): Float32Array {
  if (!("meanSquares" in optimizerState)) throw new TypeError("optimizer: expected RMSProp");
  return optimizerState.meanSquares;
}

/** What training on the batches finds and leaves, on WebGPU. */
export async function trained(config: Config, batches: readonly BatchArrays[], options: object = OPTIONS) {
  await tf.setBackend("webgpu");
  const core = new Dnc(config);
  const training = new WebGpuTrainer(core, options);
  for (const batch of batches) training.step(batch);
  const found = { steps: await training.flush(), numbers: await numbersOf(core, training), training };
  training.dispose();
  core.dispose();
  return found;
}
