import type { Batch } from "./batch.js";
import { assertArray, assertKeys, assertNumber } from "./checks.js";
import type { LossName } from "./loss-options.js";
import type { Random } from "./random.js";

const STEP_KEYS = ["input", "target"];

/** A pattern of bits: `[step][bit]`, each 0 or 1. */
export type Pattern = readonly (readonly number[])[];

/** One time step of a sequence: input and target of the network. */
export type Step = {
  /** Input of the network, `inputSize` finite numbers; default: all zeros. */
  readonly input?: readonly number[] | undefined;
  /**
   * Target of the network's output, `targetSize` numbers; default: none. For loss `sigmoid` they are in [0, 1], for
   * `softmax` at least 0, otherwise finite. Only steps with a target count in mask and loss.
   */
  readonly target?: readonly number[] | undefined;
};

/** Samples a pattern: the bits of its first step, then of its second, and so on. */
export function samplePattern(random: Random, length: number, numBits: number): Pattern {
  return Array.from({ length }, () => Array.from({ length: numBits }, () => random.integer(0, 1)));
}

/** Widths of a sequence's inputs and targets. */
export type SequenceSizes = { readonly inputSize: number; readonly targetSize: number };

/** What a target must be for each loss, in words and as a test. */
const TARGETS: { readonly [Name in LossName]: readonly [string, (value: number) => boolean] } = {
  sigmoid: ["a number in [0, 1]", (value) => value >= 0 && value <= 1],
  softmax: ["a finite number of at least 0", (value) => value >= 0 && isFiniteInFloat32(value)],
  squared: ["a finite number", isFiniteInFloat32],
};

/** Throws unless `steps` is a sequence of these widths with targets for this loss; `name` is its name in messages. */
export function assertSequence(
  name: string,
  steps: unknown,
  { inputSize, targetSize, loss }: SequenceSizes & { readonly loss: LossName },
): void {
  assertArray(name, steps);
  const sequence = steps as readonly Step[];
  if (sequence.length === 0) throw new RangeError(`${name}: expected at least one step, got 0`);
  for (let t = 0; t < sequence.length; t++) {
    const step = sequence[t] as Step;
    assertKeys(`${name}[${t}]`, step, STEP_KEYS);
    if (step.input !== undefined)
      assertNumbers(`${name}[${t}].input`, step.input, inputSize, "a finite number", isFiniteInFloat32);
    if (step.target !== undefined) assertNumbers(`${name}[${t}].target`, step.target, targetSize, ...TARGETS[loss]);
  }
  if (!sequence.some(({ target }) => target !== undefined))
    throw new RangeError(`${name}: expected a target in at least one step, got none in ${sequence.length}`);
}

/** Stacks sequences to a batch; those shorter than the longest are padded with zeros. `lengths`: whether the batch has them. */
export function stackSequences(
  sequences: readonly (readonly Step[])[],
  { inputSize, targetSize }: SequenceSizes,
  { lengths = false }: { readonly lengths?: boolean } = {},
): Batch {
  const batchSize = sequences.length;
  const timeSteps = sequences.reduce((longest, steps) => Math.max(longest, steps.length), 0);
  const inputs = new Float32Array(timeSteps * batchSize * inputSize);
  const targets = new Float32Array(timeSteps * batchSize * targetSize);
  const mask = new Float32Array(timeSteps * batchSize);
  sequences.forEach((steps, sequence) => {
    steps.forEach(({ input, target }, t) => {
      const row = t * batchSize + sequence;
      if (input) inputs.set(input, row * inputSize);
      if (target) {
        targets.set(target, row * targetSize);
        mask[row] = 1;
      }
    });
  });
  const batch = { timeSteps, batchSize, inputs, targets, mask };
  return lengths ? { ...batch, lengths: Uint32Array.from(sequences, (steps) => steps.length) } : batch;
}

/** Throws unless `values` is an array of `size` valid numbers; `expected` describes them in the message. */
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
    // The name is built only for a message: this code runs for every number of every batch.
    if (typeof value !== "number") assertNumber(`${name}[${index}]`, value, expected);
    if (!holds(value)) throw new RangeError(`${name}[${index}]: expected ${expected}, got ${value}`);
  }
}

/** Whether a number is finite in float32, the precision of batches. */
function isFiniteInFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}
