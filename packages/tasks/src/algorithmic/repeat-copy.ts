import type { Batch } from "../batch.js";
import {
  assertArray,
  assertBoolean,
  assertKeys,
  assertPositiveInteger,
  assertPositiveNumber,
  assertRange,
} from "../checks.js";
import { defineTask } from "../define-task.js";
import type { SequenceSteps } from "../facts.js";
import { type QuestionTask, withQuestions } from "../question-task.js";
import { type Pattern, packSteps, type Step, samplePattern, stackSequences } from "../sequence.js";
import { assertPattern } from "./pattern-checks.js";
import { bitLabels, describePatterns, describeRange, mean } from "./pattern-facts.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

/** Divisor of the number of repeats in the input. */
const DEFAULT_NORM_MAX = 10;

const DEFAULTS = {
  ...{ numBits: 4, minLength: 1, maxLength: 2, minRepeats: 1, maxRepeats: 2 },
  ...{ normMax: DEFAULT_NORM_MAX, standardizeRepeats: false },
};

/** Configuration of the repeat-copy task: batch size, and length, width and repeats of its patterns. */
export type RepeatCopyConfig = SequenceConfig & {
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
  /** Whether the number of repeats is shown with mean 0 and variance 1 instead of divided by `normMax`; default: false. */
  readonly standardizeRepeats?: boolean | undefined;
};

/** What a sequence of repeat copy asks. */
export type RepeatCopyQuestion = {
  /** `[step][bit]`, each 0 or 1. */
  readonly pattern: Pattern;
  /** How many times it is to be output, a positive integer. */
  readonly repeats: number;
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
 * package. The paper has 8 bits, lengths and repeats from 1 to 10, and shows the number of repeats r standardized: (r - mean) / standard
 * deviation of a uniform number from `minRepeats` to `maxRepeats`.
 *
 * Metric: exact match, or bits per sequence, the loss with `logProbInBits`.
 *
 * @param config - See `RepeatCopyConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits + 1`, and all facts; its `encode` takes a `RepeatCopyQuestion`.
 * @throws RangeError if a size is no positive integer, a minimum exceeds its maximum, `normMax` is not positive, or a single
 *   number of repeats is to be standardized; TypeError if a value is of the wrong kind or a key is unknown.
 */
export function repeatCopy(config: RepeatCopyConfig = {}): QuestionTask<RepeatCopyQuestion> {
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  const { numBits, minLength, maxLength, minRepeats, maxRepeats, normMax, standardizeRepeats } = sizes;
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);
  assertRange("minRepeats", minRepeats, "maxRepeats", maxRepeats);
  assertPositiveNumber("normMax", normMax);
  assertBoolean("standardizeRepeats", standardizeRepeats);
  if (standardizeRepeats && minRepeats === maxRepeats)
    throw new RangeError(`standardizeRepeats: expected false for a single number of repeats (${minRepeats}), got true`);

  const [center, scale] = standardizeRepeats
    ? [mean(minRepeats, maxRepeats), Math.sqrt(((maxRepeats - minRepeats + 1) ** 2 - 1) / 12)]
    : [0, normMax];
  const patterns = describePatterns(numBits, minLength, maxLength);
  const facts = {
    description: `${patterns}, repeats ${describeRange(minRepeats, maxRepeats)}`,
    channelLabels: () => ({
      inputs: [...bitLabels(numBits), "start", "repeats"],
      targets: [...bitLabels(numBits), "end"],
    }),
    phases: ({ counts }: SequenceSteps) => {
      const repeats = counts.indexOf(true) - 1; // standardized, they may be 0
      return counts.map((isTarget, step) =>
        isTarget ? "output" : step === 0 ? "start" : step === repeats ? "repeats" : "bits",
      );
    },
    maxTimeSteps: maxLength * (maxRepeats + 1) + 3,
    // Length and repeats are independent.
    meanCountedSteps: mean(minLength, maxLength) * mean(minRepeats, maxRepeats) + 1,
  };
  const steps = ({ pattern, repeats }: RepeatCopyQuestion) => stepsOf(pattern, repeats, (repeats - center) / scale);
  const task = defineTask({
    name: "repeat-copy",
    ...sizesOf(numBits),
    sampleSequence: (random) => {
      const length = random.integer(minLength, maxLength);
      const repeats = random.integer(minRepeats, maxRepeats);
      return steps({ pattern: samplePattern(random, length, numBits), repeats });
    },
    formatInput: (value, channel) => (channel === numBits + 1 ? shownRepeats(value, center, scale) : value),
    ...shared,
  });
  return withQuestions<RepeatCopyQuestion>(
    { ...task, ...facts },
    {
      steps,
      check: (question) => {
        assertKeys("question", question, ["pattern", "repeats"]);
        assertPattern("pattern", question.pattern, { numBits });
        assertPositiveInteger("repeats", question.repeats);
      },
      read: ({ inputs, counts }) => {
        const at = counts.indexOf(true) - 1;
        const shown = (inputs[at] as readonly number[])[numBits + 1] as number;
        return {
          pattern: inputs.slice(1, at).map((row) => row.slice(0, numBits)),
          repeats: Math.round(shown * scale + center),
        };
      },
      lengths: shared.lengths,
    },
  );
}

/** The number of repeats that an input shows; 0 is no number of repeats, except that standardized numbers may be 0. */
function shownRepeats(value: number, center: number, scale: number): number {
  return value === 0 ? 0 : Math.round(value * scale + center);
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
  const sizes = sizesOf(patterns[0]?.[0]?.length as number);
  const sequences = patterns.map((pattern, element) => {
    const count = repeats[element] as number;
    return packSteps(stepsOf(pattern, count, count / normMax), sizes);
  });
  return stackSequences(sequences, sizes);
}

function sizesOf(numBits: number): { readonly inputSize: number; readonly targetSize: number } {
  return { inputSize: numBits + 2, targetSize: numBits + 1 };
}

/** @param shown - the number of repeats as the network sees it. */
function stepsOf(pattern: Pattern, repeats: number, shown: number): readonly Step[] {
  const noBits = (pattern[0] as readonly number[]).map(() => 0);
  const seen = pattern.map((bits) => ({ input: [...bits, 0, 0] }));
  const written = pattern.map((bits) => ({ target: [...bits, 0] }));
  return [
    { input: [...noBits, 1, 0] },
    ...seen,
    { input: [...noBits, 0, shown] },
    ...Array.from({ length: repeats }, () => written).flat(),
    { target: [...noBits, 1] },
  ];
}

function assertPatterns(patterns: readonly Pattern[]): void {
  assertArray("patterns", patterns);
  if (patterns.length === 0) throw new RangeError("patterns: expected at least one pattern, got 0");
  let numBits: number | undefined;
  patterns.forEach((pattern, element) => {
    numBits = assertPattern(`patterns[${element}]`, pattern, { numBits, as: " as in patterns[0][0]" });
  });
}
