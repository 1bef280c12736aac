import { assertKeys, assertPositiveInteger, assertRange } from "./checks.js";
import { defineTask } from "./define-task.js";
import type { TaskFacts } from "./facts.js";
import { LOSS_KEYS, type LossOptions } from "./loss-options.js";
import { bitLabels, describePatterns, patternPhases } from "./pattern-facts.js";
import { type Pattern, type Step, samplePattern } from "./sequence.js";
import type { Task } from "./task.js";

const CONFIG_KEYS = ["batchSize", "numBits", "minLength", "maxLength", "lengths", ...LOSS_KEYS];

/** Configuration of the copy task: batch size, and length and width of its patterns. */
export type CopyConfig = LossOptions & {
  /** Number of sequences in a batch; default: 16. */
  readonly batchSize?: number | undefined;
  /** Number of bits in each step of a pattern; default: 4. */
  readonly numBits?: number | undefined;
  /** Minimum number of steps in a pattern; default: 1. */
  readonly minLength?: number | undefined;
  /** Maximum number of steps in a pattern; default: 2. */
  readonly maxLength?: number | undefined;
  /** Whether the network stops at the end of each sequence; default: false, it runs to the end of the longest. */
  readonly lengths?: boolean | undefined;
};

/**
 * Creates the copy task: read a pattern of random bits, then output it once.
 *
 *     const task = copy({ numBits: 8, maxLength: 20 });
 *     const batch = task.sampleBatch(createRandom(1));
 *     console.log(task.render(batch));
 *
 * A sequence with a pattern of length L:
 *
 *     t = 0                input: the start marker               (channel numBits)
 *     t = 1 .. L           input: the pattern                    (channels 0 .. numBits - 1)
 *     t = L + 1            input: the recall marker              (channel numBits + 1)
 *     t = L + 2 .. 2L + 1  target: the pattern                   (channels 0 .. numBits - 1)
 *
 * The mask is 1 on the last line: L steps of 2L + 2. Everything else is 0. Length is uniform, both bounds included, and
 * sampled independently for each sequence: first its length, then its bits (step by step, bit by bit).
 *
 * Source: Graves et al. 2014, "Neural Turing Machines", section 4.1.
 *
 * @param config - See `CopyConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits`, and all facts.
 * @throws RangeError if a size is no positive integer or a minimum exceeds its maximum; TypeError if a value is of the
 *   wrong kind or a key is unknown.
 */
export function copy(config: CopyConfig = {}): Task & TaskFacts {
  assertKeys("config", config, CONFIG_KEYS);
  const { batchSize = 16, numBits = 4, minLength = 1, maxLength = 2 } = config;
  const { loss, groupSizes, timeAverage, logProbInBits, lengths } = config;
  assertPositiveInteger("batchSize", batchSize);
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);

  const facts = {
    description: describePatterns(numBits, minLength, maxLength),
    channelLabels: () => ({ inputs: [...bitLabels(numBits), "start", "recall"], targets: bitLabels(numBits) }),
    phases: patternPhases(numBits, ["start", "recall"]),
    maxTimeSteps: 2 * maxLength + 2,
    meanCountedSteps: (minLength + maxLength) / 2,
  };
  const task = defineTask({
    name: "copy",
    inputSize: numBits + 2,
    targetSize: numBits,
    batchSize,
    sampleSequence: (random) => {
      const length = random.integer(minLength, maxLength);
      return stepsOf(samplePattern(random, length, numBits));
    },
    ...{ loss, groupSizes, timeAverage, logProbInBits, lengths },
  });
  return { ...task, ...facts };
}

function stepsOf(pattern: Pattern): readonly Step[] {
  const noBits = (pattern[0] as readonly number[]).map(() => 0);
  const seen = pattern.map((bits) => ({ input: [...bits, 0, 0] }));
  const written = pattern.map((bits) => ({ target: bits }));
  return [{ input: [...noBits, 1, 0] }, ...seen, { input: [...noBits, 0, 1] }, ...written];
}
