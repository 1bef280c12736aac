/** The workloads: networks and fixed-length repeat-copy sequences, and their common training options. */

/**
 * Sizes by name. `flops`: floating-point operations of a training iteration, counted as three times the operations of
 * the matrix products and link updates in the forward pass.
 */
export const WORKLOADS = {
  S: { hiddenSize: 64, memorySize: 16, wordSize: 16, numBits: 4, length: 2, repeats: 2, flops: 45e6 },
  M: { hiddenSize: 128, memorySize: 64, wordSize: 32, numBits: 8, length: 10, repeats: 3, flops: 1.02e9 },
  L: { hiddenSize: 256, memorySize: 256, wordSize: 64, numBits: 8, length: 15, repeats: 3, flops: 9.6e9 },
};

export const TRAINING = { learningRate: 1e-4, maxGradNorm: 50 };

/** The same for an engine's trainer. */
export const TRAINER_OPTIONS = {
  optimizer: { type: "rmsprop", learningRate: TRAINING.learningRate },
  maxGradNorm: TRAINING.maxGradNorm,
};

/** Number of batches that are sampled beforehand and used in turn. */
export const BATCHES = 16;

const BATCH_SIZE = 16;
const SEED = 1;

/** The configuration of a workload's `Dnc`. */
export function coreConfig({ numBits, hiddenSize, memorySize, wordSize }) {
  const sizes = { inputSize: numBits + 2, outputSize: numBits + 1, hiddenSize, memorySize, wordSize };
  return { ...sizes, readHeads: 4, writeHeads: 1, clipValue: 20, seed: SEED };
}

/** The configuration of a workload's `repeatCopy`: every sequence has the same length. */
export function taskConfig({ numBits, length, repeats }) {
  const [minLength, maxLength, minRepeats, maxRepeats] = [length, length, repeats, repeats];
  return { batchSize: BATCH_SIZE, numBits, minLength, maxLength, minRepeats, maxRepeats };
}

/** The seed of the batches. */
export const DATA_SEED = SEED;
