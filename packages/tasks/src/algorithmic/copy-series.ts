import { assertPositiveInteger, assertRange } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { TaskFacts } from "../facts.js";
import { type Step, samplePattern } from "../sequence.js";
import type { Task } from "../task.js";
import { bitLabels, describePatterns, describeRange, mean, patternPhases } from "./pattern-facts.js";
import { assertPresentation, PRESENTATION, presented, shownBit } from "./scored-inputs.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

/** Configuration of a series of patterns that are copied one after the other. */
export type CopySeriesConfig = SequenceConfig & {
  /** Number of bits in each step of a pattern; default: see the task. */
  readonly numBits?: number | undefined;
  /** Minimum number of steps in a pattern; default: see the task. */
  readonly minLength?: number | undefined;
  /** Maximum number of steps in a pattern; default: see the task. */
  readonly maxLength?: number | undefined;
  /** Minimum number of patterns in a sequence; default: see the task. */
  readonly minPatterns?: number | undefined;
  /** Maximum number of patterns in a sequence; default: see the task. */
  readonly maxPatterns?: number | undefined;
  /** Whether inputs are -1 and 1 instead of 0 and 1; default: false. */
  readonly signedInputs?: boolean | undefined;
  /** Whether the steps before an answer count too, with target 0; default: false. */
  readonly scoreInputs?: boolean | undefined;
};

const BIG_REPEAT_COPY = { numBits: 8, minLength: 2, maxLength: 14, minPatterns: 1, maxPatterns: 8, ...PRESENTATION };
const DYNAMIC_ALLOCATION = {
  numBits: 5,
  minLength: 5,
  maxLength: 5,
  minPatterns: 10,
  maxPatterns: 10,
  ...PRESENTATION,
};

/**
 * Creates the big repeat copy task: read a pattern and copy it with an end marker, then the next one, and so on; together they have
 * far more rows than the memory, which has to be reused.
 *
 *     const task = bigRepeatCopy({ maxPatterns: 3 });
 *     const batch = task.sampleBatch(createRandom(1));
 *
 * For each pattern of length L:
 *
 *     L steps      input: the pattern                  (channels 0 .. numBits - 1)
 *     1 step       input: the marker                   (channel numBits)
 *     L steps      target: the pattern
 *     1 step       target: the marker
 *
 * Only steps with a target count. The number of patterns, and the length of each, are uniform, both bounds included, and sampled
 * independently. Defaults: 8 bits, lengths 2 to 14, 1 to 8 patterns.
 *
 * Source: Csordás and Schmidhuber 2019, "Improving Differentiable Neural Computers through Memory Masking, De-allocation, and Link
 * Distribution Sharpness Control", with `signedInputs: true, scoreInputs: true`.
 *
 * Metric: wrong bits, and exact match.
 *
 * @param config - See `CopySeriesConfig`; every field has a default.
 * @returns A task with inputSize and targetSize `numBits + 1`, and all facts.
 * @throws RangeError if a size is no positive integer or a minimum exceeds its maximum; TypeError if a value is of the wrong
 *   kind or a key is unknown.
 */
export function bigRepeatCopy(config: CopySeriesConfig = {}): Task & TaskFacts {
  return copySeries("big-repeat-copy", config, BIG_REPEAT_COPY, true);
}

/**
 * Creates the task of dynamic memory allocation: patterns are read and copied one after the other, as in `bigRepeatCopy` but without a
 * marker at the end of an answer, in a memory that holds only a few of them.
 *
 *     const task = dynamicAllocation({ minPatterns: 2, maxPatterns: 4 });
 *     const batch = task.sampleBatch(createRandom(1));
 *
 * For each pattern of length L: L steps with the pattern, one with the marker, and L steps with the pattern as target. Defaults: 10
 * patterns of 5 steps, 5 bits.
 *
 * Source: Graves et al. 2016, "Hybrid computing using a neural network with dynamic external memory", Extended Data Figure 1, which copies 50
 * vectors in 10 patterns with 10 slots; it does not say how wide they are.
 *
 * Metric: exact match, and what the gates do: the network writes to free slots while it reads a pattern, and frees them while it answers.
 *
 * @param config - See `CopySeriesConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 1` and targetSize `numBits`, and all facts.
 * @throws RangeError if a size is no positive integer or a minimum exceeds its maximum; TypeError if a value is of the wrong
 *   kind or a key is unknown.
 */
export function dynamicAllocation(config: CopySeriesConfig = {}): Task & TaskFacts {
  return copySeries("dynamic-allocation", config, DYNAMIC_ALLOCATION, false);
}

function copySeries(
  name: string,
  config: CopySeriesConfig,
  defaults: typeof BIG_REPEAT_COPY,
  hasEnd: boolean,
): Task & TaskFacts {
  const { sizes, shared } = completeConfig(config, defaults);
  const { numBits, minLength, maxLength, minPatterns, maxPatterns, signedInputs, scoreInputs } = sizes;
  const presentation = { signedInputs, scoreInputs };
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);
  assertRange("minPatterns", minPatterns, "maxPatterns", maxPatterns);
  assertPresentation(presentation);

  const end = hasEnd ? 1 : 0;
  const widths = { inputSize: numBits + 1, targetSize: numBits + end };
  const [length, patterns] = [mean(minLength, maxLength), mean(minPatterns, maxPatterns)];
  const facts = {
    description: `${describePatterns(numBits, minLength, maxLength)}, ${describeRange(minPatterns, maxPatterns)} patterns`,
    channelLabels: () => ({
      inputs: [...bitLabels(numBits), "marker"],
      targets: [...bitLabels(numBits), ...(hasEnd ? ["end"] : [])],
    }),
    phases: patternPhases(numBits, ["marker"]),
    maxTimeSteps: maxPatterns * (2 * maxLength + 1 + end),
    meanCountedSteps: patterns * (length + end + (scoreInputs ? length + 1 : 0)),
  };
  const task = defineTask({
    name,
    ...widths,
    sampleSequence: (random) => {
      const onlyMarker = [...new Array<number>(numBits).fill(0), 1];
      const [marker, endMarker] = [{ input: onlyMarker }, { target: onlyMarker }];
      const count = random.integer(minPatterns, maxPatterns);
      const steps = Array.from({ length: count }, (): readonly Step[] => {
        const pattern = samplePattern(random, random.integer(minLength, maxLength), numBits, 1);
        const shown = pattern.map((bits) => ({ input: bits }));
        const answer = pattern.map((bits) => ({ target: hasEnd ? bits : bits.slice(0, numBits) }));
        return [...shown, marker, ...answer, ...(hasEnd ? [endMarker] : [])];
      });
      return presented(steps.flat(), presentation, widths);
    },
    formatInput: (value) => shownBit(value, presentation),
    ...shared,
  });
  return { ...task, ...facts };
}
