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

/** Samples a pattern: the bits of its first step, then of its second, and so on; `zeros`: how many follow the bits of each step. */
export function samplePattern(random: Random, length: number, numBits: number, zeros = 0): Pattern {
  const pattern = new Array<readonly number[]>(length);
  for (let step = 0; step < length; step++) {
    const bits = new Array<number>(numBits + zeros);
    for (let bit = 0; bit < numBits; bit++) bits[bit] = random.integer(0, 1);
    for (let zero = 0; zero < zeros; zero++) bits[numBits + zero] = 0;
    pattern[step] = bits;
  }
  return pattern;
}

/** Widths of a sequence's inputs and targets. */
export type SequenceSizes = { readonly inputSize: number; readonly targetSize: number };

/** What numbers must be, in words and as bounds: at least the first, less than the second. */
type Bounds = readonly [expected: string, min: number, end: number];

/** The smallest number that is infinite in float32, the precision of batches: half a step above the largest. */
const FLOAT32_END = 2 ** 128 - 2 ** 103;
/** Below it is the largest number that is. */
const FLOAT32_MIN = -FLOAT32_END + 2 ** 75;
const FINITE: Bounds = ["a finite number", FLOAT32_MIN, FLOAT32_END];

/** What a target must be for each loss. */
const TARGETS: Readonly<Record<LossName, Bounds>> = {
  sigmoid: ["a number in [0, 1]", 0, 1 + Number.EPSILON],
  softmax: ["a finite number of at least 0", 0, FLOAT32_END],
  squared: FINITE,
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
    if (!isPlainStep(step)) assertKeys(`${name}[${t}]`, step, STEP_KEYS);
    if (step.input !== undefined) assertNumbers(() => `${name}[${t}].input`, step.input, inputSize, FINITE);
    if (step.target !== undefined) assertNumbers(() => `${name}[${t}].target`, step.target, targetSize, TARGETS[loss]);
  }
  if (!sequence.some(({ target }) => target !== undefined))
    throw new RangeError(`${name}: expected a target in at least one step, got none in ${sequence.length}`);
}

/** Whether a step is certainly valid: an object with no other keys. It is faster than `assertKeys`, which decides otherwise. */
function isPlainStep(step: unknown): boolean {
  if (typeof step !== "object" || step === null || Array.isArray(step)) return false;
  for (const key in step) if (key !== "input" && key !== "target") return false;
  return true;
}

/** A sequence as plain rows, `[step][channel]`: its own numbers, whatever becomes of the steps. */
export type PackedSequence = {
  readonly length: number;
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  /** 1 where a step has a target. */
  readonly mask: Uint8Array;
};

/** Copies the steps of a sequence. There are few numbers in each: loops are faster than `set`. */
export function packSteps(steps: readonly Step[], { inputSize, targetSize }: SequenceSizes): PackedSequence {
  const { length } = steps;
  const inputs = new Float32Array(length * inputSize);
  const targets = new Float32Array(length * targetSize);
  const mask = new Uint8Array(length);
  for (let t = 0; t < length; t++) {
    const { input, target } = steps[t] as Step;
    if (input)
      for (let channel = 0; channel < inputSize; channel++) inputs[t * inputSize + channel] = input[channel] as number;
    if (!target) continue;
    mask[t] = 1;
    for (let channel = 0; channel < targetSize; channel++)
      targets[t * targetSize + channel] = target[channel] as number;
  }
  return { length, inputs, targets, mask };
}

/** Stacks sequences to a batch; those shorter than the longest are padded with zeros. `lengths`: whether the batch has them. */
export function stackSequences(
  sequences: readonly PackedSequence[],
  { inputSize, targetSize }: SequenceSizes,
  { lengths = false }: { readonly lengths?: boolean } = {},
): Batch {
  const batchSize = sequences.length;
  const timeSteps = sequences.reduce((longest, { length }) => Math.max(longest, length), 0);
  const inputs = stackRows(
    sequences.map((sequence) => sequence.inputs),
    { timeSteps, size: inputSize },
  );
  const targets = stackRows(
    sequences.map((sequence) => sequence.targets),
    { timeSteps, size: targetSize },
  );
  const mask = stackRows(
    sequences.map((sequence) => sequence.mask),
    { timeSteps, size: 1 },
  );
  const batch = { timeSteps, batchSize, inputs, targets, mask };
  return lengths ? { ...batch, lengths: Uint32Array.from(sequences, ({ length }) => length) } : batch;
}

/** Stacks `[step][channel]` to `[timeSteps, batchSize, size]`. */
function stackRows(
  sequences: readonly (Float32Array | Uint8Array)[],
  { timeSteps, size }: { readonly timeSteps: number; readonly size: number },
): Float32Array {
  const stride = sequences.length * size;
  const stacked = new Float32Array(timeSteps * stride);
  sequences.forEach((rows, sequence) => {
    for (let from = 0, to = sequence * size; from < rows.length; from += size, to += stride)
      for (let channel = 0; channel < size; channel++) stacked[to + channel] = rows[from + channel] as number;
  });
  return stacked;
}

/** Throws unless `values` is an array of `size` numbers within bounds. */
function assertNumbers(
  name: () => string,
  values: readonly number[],
  size: number,
  [expected, min, end]: Bounds,
): void {
  // A name is built only for a message: this code runs for every number of every batch.
  if (!Array.isArray(values)) assertArray(name(), values);
  if (values.length !== size) throw new RangeError(`${name()}: expected ${size} numbers, got ${values.length}`);
  for (let index = 0; index < size; index++) {
    const value = values[index] as number;
    if (typeof value === "number" && value >= min && value < end) continue;
    assertNumber(`${name()}[${index}]`, value, expected);
    throw new RangeError(`${name()}[${index}]: expected ${expected}, got ${value}`);
  }
}
