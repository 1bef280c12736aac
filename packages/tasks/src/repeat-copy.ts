import {
  assertArray,
  assertInteger,
  assertKeys,
  assertPositiveInteger,
  assertPositiveNumber,
  assertRange,
} from "./checks.js";
import { assertCostOptions, type CostOptions } from "./cost.js";
import { defineTask } from "./define-task.js";
import { drawPattern, type Pattern, type Step, stackSequences } from "./sequence.js";
import type { Batch, Task } from "./task.js";

/** What a count of repeats is divided by before the network sees it, unless the caller says otherwise. */
const DEFAULT_NORM_MAX = 10;

const CONFIG_KEYS = [
  "batchSize",
  "numBits",
  "minLength",
  "maxLength",
  "minRepeats",
  "maxRepeats",
  "normMax",
  "timeAverage",
  "logProbInBits",
];

/** How long, how wide and how often repeated the patterns of repeat copy are. */
export type RepeatCopyConfig = CostOptions & {
  /** Elements in a batch; 16 by default. */
  readonly batchSize?: number | undefined;
  /** Bits a step of a pattern has; 4 by default. */
  readonly numBits?: number | undefined;
  /** Fewest steps a pattern has; 1 by default. */
  readonly minLength?: number | undefined;
  /** Most steps a pattern has; 2 by default. */
  readonly maxLength?: number | undefined;
  /** Fewest times a pattern is to be repeated; 1 by default. */
  readonly minRepeats?: number | undefined;
  /** Most times a pattern is to be repeated; 2 by default. */
  readonly maxRepeats?: number | undefined;
  /** What the count of repeats is divided by before the network sees it; 10 by default. */
  readonly normMax?: number | undefined;
};

/**
 * Repeat copy: see a pattern of random bits and a number, then write the pattern that many times and mark the end.
 *
 * Length and repeats are uniform, both bounds included, and drawn for each element on its own: first its length, then
 * its repeats, then its bits (step by step, bit by bit). What a batch looks like is said at `encodeRepeatCopy`.
 *
 * Source: Graves et al. 2014, "Neural Turing Machines", section 4.2; layout, names and defaults as in DeepMind's dnc
 * package.
 *
 * @param config - See `RepeatCopyConfig`; every field may be left out.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits + 1`.
 * @throws RangeError if a size is no positive integer, a minimum exceeds its maximum or `normMax` is not positive;
 *   TypeError if a value is of the wrong kind or a key is unknown.
 */
export function repeatCopy(config: RepeatCopyConfig = {}): Task {
  assertKeys("config", config, CONFIG_KEYS);
  const { batchSize = 16, numBits = 4, minLength = 1, maxLength = 2, minRepeats = 1, maxRepeats = 2 } = config;
  const { normMax = DEFAULT_NORM_MAX, timeAverage = false, logProbInBits = false } = config;
  const costOptions = { timeAverage, logProbInBits };
  assertPositiveInteger("batchSize", batchSize);
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);
  assertRange("minRepeats", minRepeats, "maxRepeats", maxRepeats);
  assertPositiveNumber("normMax", normMax);
  assertCostOptions(costOptions);

  return defineTask({
    name: "repeat-copy",
    ...sizesOf(numBits),
    batchSize,
    drawSequence: (random) => {
      const length = random.integer(minLength, maxLength);
      const repeats = random.integer(minRepeats, maxRepeats);
      return stepsOf(drawPattern(random, length, numBits), repeats, normMax);
    },
    shown: (value, channel) => (channel === numBits + 1 ? Math.round(value * normMax) : value),
    ...costOptions,
  });
}

/**
 * The repeat-copy batch of given patterns. For an element of length L with r repeats:
 *
 *     t = 0                    the start marker is seen                   (channel numBits)
 *     t = 1 .. L               the pattern is seen                        (channels 0 .. numBits - 1)
 *     t = L + 1                r / normMax is seen, in float32            (channel numBits + 1)
 *     t = L + 2 .. L + 1 + rL  the pattern is to be written r times       (channels 0 .. numBits - 1)
 *     t = L + 2 + rL           the end marker is to be written            (channel numBits)
 *
 * The mask is 1 on the last two lines: r L + 1 steps of L (r + 1) + 3. All else is 0.
 *
 * Source: the repeat-copy task of DeepMind's dnc package.
 *
 * @param examples - `patterns`: `[element][step][bit]`, each 0 or 1, as many bits in every step and at least one;
 *   lengths may differ. `repeats`: `[element]`, positive integers.
 * @param options - `normMax`: positive, 10 by default.
 * @returns `[time, batch, numBits + 2]`, `[time, batch, numBits + 1]` and `[time, batch]`, where time is that of the
 *   longest element.
 * @throws RangeError if there is nothing to encode, widths or counts differ or a number is out of range; TypeError if a
 *   value is of the wrong kind or a key is unknown.
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
  const seen = pattern.map((bits) => ({ observation: [...bits, 0, 0] }));
  const written = pattern.map((bits) => ({ answer: [...bits, 0] }));
  return [
    { observation: [...noBits, 1, 0] },
    ...seen,
    { observation: [...noBits, 0, repeats / normMax] },
    ...Array.from({ length: repeats }, () => written).flat(),
    { answer: [...noBits, 1] },
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
