import type { Batch } from "./batch.js";
import {
  assertArray,
  assertInteger,
  assertKeys,
  assertPositiveInteger,
  assertPositiveNumber,
  assertRange,
} from "./checks.js";
import { defineTask } from "./define-task.js";
import type { TaskFacts } from "./facts.js";
import { LOSS_KEYS, type LossOptions } from "./loss-options.js";
import { bitLabels, describePatterns, describeRange, patternPhases } from "./pattern-facts.js";
import { type Pattern, type Step, samplePattern, stackSequences } from "./sequence.js";
import type { Task } from "./task.js";

/** Divisor of the number of repeats in the input. */
const DEFAULT_NORM_MAX = 10;

const CONFIG_KEYS = [
  "batchSize",
  "numBits",
  "minLength",
  "maxLength",
  "minRepeats",
  "maxRepeats",
  "normMax",
  "lengths",
  ...LOSS_KEYS,
];

/** Configuration of the repeat-copy task: batch size, and length, width and repeats of its patterns. */
export type RepeatCopyConfig = LossOptions & {
  /** Number of sequences in a batch; default: 16. */
  readonly batchSize?: number | undefined;
  /** Number of bits in each step of a pattern; default: 4. */
  readonly numBits?: number | undefined;
  /** Minimum number of steps in a pattern; default: 1. */
  readonly minLength?: number | undefined;
  /** Maximum number of steps in a pattern; default: 2. */
  readonly maxLength?: number | undefined;
  /** Minimum number of repeats of a pattern; default: 1. */
  readonly minRepeats?: number | undefined;
  /** Maximum number of repeats of a pattern; default: 2. */
  readonly maxRepeats?: number | undefined;
  /** Divisor of the number of repeats in the input; default: 10. */
  readonly normMax?: number | undefined;
  /** Whether the network stops at the end of each sequence; default: false, it runs to the end of the longest. */
  readonly lengths?: boolean | undefined;
};

/**
 * Creates the repeat-copy task: read a pattern of random bits and a number, then output the pattern that many times,
 * followed by an end marker.
 *
 *     const task = repeatCopy({ maxLength: 5, maxRepeats: 3 });
 *     const batch = task.sampleBatch(createRandom(1));
 *     console.log(task.render(batch));
 *
 * Length and repeats are uniform, both bounds included, and sampled independently for each sequence: first its length,
 * then its repeats, then its bits (step by step, bit by bit). See `encodeRepeatCopy` for the layout of a batch.
 *
 * Source: Graves et al. 2014, "Neural Turing Machines", section 4.2; layout, names and defaults as in DeepMind's dnc
 * package.
 *
 * @param config - See `RepeatCopyConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits + 1`, and all facts.
 * @throws RangeError if a size is no positive integer, a minimum exceeds its maximum or `normMax` is not positive;
 *   TypeError if a value is of the wrong kind or a key is unknown.
 */
export function repeatCopy(config: RepeatCopyConfig = {}): Task & TaskFacts {
  assertKeys("config", config, CONFIG_KEYS);
  const { batchSize = 16, numBits = 4, minLength = 1, maxLength = 2, minRepeats = 1, maxRepeats = 2 } = config;
  const { normMax = DEFAULT_NORM_MAX, loss, groupSizes, timeAverage, logProbInBits, lengths } = config;
  assertPositiveInteger("batchSize", batchSize);
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);
  assertRange("minRepeats", minRepeats, "maxRepeats", maxRepeats);
  assertPositiveNumber("normMax", normMax);

  const patterns = describePatterns(numBits, minLength, maxLength);
  const facts = {
    description: `${patterns}, repeats ${describeRange(minRepeats, maxRepeats)}`,
    channelLabels: () => ({
      inputs: [...bitLabels(numBits), "start", "repeats"],
      targets: [...bitLabels(numBits), "end"],
    }),
    phases: patternPhases(numBits, ["start", "repeats"]),
    maxTimeSteps: maxLength * (maxRepeats + 1) + 3,
    // Length and repeats are independent.
    meanCountedSteps: ((minLength + maxLength) / 2) * ((minRepeats + maxRepeats) / 2) + 1,
  };
  const task = defineTask({
    name: "repeat-copy",
    ...sizesOf(numBits),
    batchSize,
    sampleSequence: (random) => {
      const length = random.integer(minLength, maxLength);
      const repeats = random.integer(minRepeats, maxRepeats);
      return stepsOf(samplePattern(random, length, numBits), repeats, normMax);
    },
    formatInput: (value, channel) => (channel === numBits + 1 ? Math.round(value * normMax) : value),
    ...{ loss, groupSizes, timeAverage, logProbInBits, lengths },
  });
  return { ...task, ...facts };
}

/**
 * Encodes given patterns as a repeat-copy batch. For a pattern of length L with r repeats:
 *
 *     t = 0                    input: the start marker                    (channel numBits)
 *     t = 1 .. L               input: the pattern                         (channels 0 .. numBits - 1)
 *     t = L + 1                input: r / normMax in float32              (channel numBits + 1)
 *     t = L + 2 .. L + 1 + rL  target: the pattern r times                (channels 0 .. numBits - 1)
 *     t = L + 2 + rL           target: the end marker                     (channel numBits)
 *
 * The mask is 1 on the last two lines: r L + 1 steps of L (r + 1) + 3. Everything else is 0.
 *
 * Source: the repeat-copy task of DeepMind's dnc package.
 *
 * @param examples - `patterns`: `[sequence][step][bit]`, each 0 or 1, with the same number of bits in every step, at
 *   least one; lengths may differ. `repeats`: `[sequence]`, positive integers.
 * @param options - `normMax`: positive; default: 10.
 * @returns A batch with inputSize `numBits + 2` and targetSize `numBits + 1`, as long as the longest sequence.
 * @throws RangeError if there are no patterns, widths or counts differ or a number is out of range; TypeError if a
 *   value is of the wrong type or a key is unknown.
 */
export function encodeRepeatCopy(
  examples: { readonly patterns: readonly Pattern[]; readonly repeats: readonly number[] },
  options: { readonly normMax?: number | undefined } = {},
): Batch {
  assertKeys("example", examples, ["patterns", "repeats"]);
  assertKeys("option", options, ["normMax"]);
  const { patterns, repeats } = examples;
  const { normMax = DEFAULT_NORM_MAX } = options;
  assertPositiveNumber("normMax", normMax);
  assertPatterns(patterns);
  assertArray("repeats", repeats);
  if (repeats.length !== patterns.length) {
    throw new RangeError(`repeats: expected one for each of ${patterns.length} patterns, got ${repeats.length}`);
  }
  repeats.forEach((count, element) => {
    assertPositiveInteger(`repeats[${element}]`, count);
  });
  const sequences = patterns.map((pattern, element) => stepsOf(pattern, repeats[element] as number, normMax));
  return stackSequences(sequences, sizesOf(patterns[0]?.[0]?.length as number));
}

function sizesOf(numBits: number): { readonly inputSize: number; readonly targetSize: number } {
  return { inputSize: numBits + 2, targetSize: numBits + 1 };
}

function stepsOf(pattern: Pattern, repeats: number, normMax: number): readonly Step[] {
  const noBits = (pattern[0] as readonly number[]).map(() => 0);
  const seen = pattern.map((bits) => ({ input: [...bits, 0, 0] }));
  const written = pattern.map((bits) => ({ target: [...bits, 0] }));
  return [
    { input: [...noBits, 1, 0] },
    ...seen,
    { input: [...noBits, 0, repeats / normMax] },
    ...Array.from({ length: repeats }, () => written).flat(),
    { target: [...noBits, 1] },
  ];
}

function assertPatterns(patterns: readonly Pattern[]): void {
  assertArray("patterns", patterns);
  if (patterns.length === 0) throw new RangeError("patterns: expected at least one pattern, got 0");
  let numBits = 0;
  patterns.forEach((pattern, element) => {
    const name = `patterns[${element}]`;
    assertArray(name, pattern);
    if (pattern.length === 0) throw new RangeError(`${name}: expected at least one step, got 0`);
    pattern.forEach((bits, step) => {
      assertArray(`${name}[${step}]`, bits);
      numBits ||= bits.length;
      if (bits.length === 0) throw new RangeError(`${name}[${step}]: expected at least one bit, got 0`);
      if (bits.length !== numBits) {
        throw new RangeError(`${name}[${step}]: expected ${numBits} bits as in patterns[0][0], got ${bits.length}`);
      }
      bits.forEach((bit, index) => {
        assertInteger(`${name}[${step}][${index}]`, bit, 0, 1, "0 or 1");
      });
    });
  });
}
