/** Networks, batches and configurations for the tests of this package. */
import type { Dnc } from "@dnc/core";
import type { BatchArrays, LossName } from "@dnc/core/engine";
import fc from "fast-check";
import type { NativeTrainer } from "../src/index.js";
import { loadAddon } from "../src/loader.js";

/** Whether the binary for this machine is built. */
export const isBuilt = typeof loadAddon() !== "string";

/** The reference's network, and one with mostly different sizes that no vector divides. */
export const REFERENCE = {
  inputSize: 6,
  outputSize: 5,
  memorySize: 16,
  wordSize: 16,
  readHeads: 4,
  hiddenSize: 64,
  seed: 1,
};
export const ODD = { inputSize: 3, outputSize: 5, memorySize: 19, wordSize: 7, readHeads: 3, hiddenSize: 21, seed: 1 };

/** Creates numbers in [0, 1) from a seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Widths = { readonly inputSize: number; readonly outputSize: number };

/** Creates a batch of random bits. */
export function makeBatch(
  timeSteps: number,
  batchSize: number,
  seed: number,
  { inputSize, outputSize }: Widths,
): BatchArrays {
  const random = randomNumbers(seed + 1);
  for (let i = 0; i < 9; i++) random();
  const bits = (length: number) => Float32Array.from({ length }, () => Math.round(random()));
  const rows = timeSteps * batchSize;
  const mask = bits(rows);
  mask[0] = 1;
  return { timeSteps, batchSize, inputs: bits(rows * inputSize), targets: bits(rows * outputSize), mask };
}

/** Reads all parameters and the optimizer's state. */
export function bitsOf(core: Dnc, trainer: NativeTrainer): number[][] {
  trainer.writeToVariables();
  return [
    ...core.variables.map(({ variable }) => Array.from(variable.dataSync())),
    ...Object.values(trainer.optimizerState).map((values) => Array.from(values as Float32Array)),
  ];
}

const OPTIMIZERS = [
  { type: "rmsprop", learningRate: 0.005 },
  { type: "rmsprop", learningRate: 0.005, momentum: 0.6 },
  { type: "adam", learningRate: 0.005 },
] as const;

/** Networks of every controller and variant, with every loss and optimizer. */
export const trainings = fc.record({
  config: fc.record({
    ...{ inputSize: fc.constant(3), outputSize: fc.constant(5), wordSize: fc.integer({ min: 1, max: 35 }) },
    ...{ memorySize: fc.integer({ min: 1, max: 40 }), hiddenSize: fc.integer({ min: 1, max: 70 }) },
    ...{ readHeads: fc.integer({ min: 1, max: 6 }), writeHeads: fc.integer({ min: 1, max: 3 }) },
    controller: fc.constantFrom("lstm" as const, "gru" as const, "feed-forward" as const),
    memory: fc.oneof(
      fc.record({ masking: fc.boolean(), deallocation: fc.boolean(), sharpness: fc.boolean() }),
      fc.record({ masking: fc.boolean(), deallocation: fc.boolean(), links: fc.constant(false) }),
    ),
    seed: fc.constant(1),
  }),
  loss: fc.constantFrom<readonly [LossName, { readonly groupSizes?: readonly number[] }]>(
    ["sigmoid", {}],
    ["softmax", { groupSizes: [2, 3] }],
    ["squared", {}],
    ["linear", {}],
  ),
  optimizer: fc.constantFrom(...OPTIMIZERS),
  carryState: fc.boolean(),
});
