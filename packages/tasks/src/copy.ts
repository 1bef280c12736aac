import { assertKeys, assertPositiveInteger, assertRange } from "./checks.js";
import { assertCostOptions, type CostOptions } from "./cost.js";
import { defineTask } from "./define-task.js";
import { drawPattern, type Pattern, type Step } from "./sequence.js";
import type { Task } from "./task.js";

const CONFIG_KEYS = ["batchSize", "numBits", "minLength", "maxLength", "timeAverage", "logProbInBits"];

/** How long and how wide the patterns of copy are. */
export type CopyConfig = CostOptions & {
  /** Elements in a batch; 16 by default. */
  readonly batchSize?: number | undefined;
  /** Bits a step of a pattern has; 4 by default. */
  readonly numBits?: number | undefined;
  /** Fewest steps a pattern has; 1 by default. */
  readonly minLength?: number | undefined;
  /** Most steps a pattern has; 2 by default. */
  readonly maxLength?: number | undefined;
};

/**
 * Copy: see a pattern of random bits, then write it once. For an element of length L:
 *
 *     t = 0                the start marker is seen              (channel numBits)
 *     t = 1 .. L           the pattern is seen                   (channels 0 .. numBits - 1)
 *     t = L + 1            the recall marker is seen             (channel numBits + 1)
 *     t = L + 2 .. 2L + 1  the pattern is to be written          (channels 0 .. numBits - 1)
 *
 * The mask is 1 on the last line: L steps of 2L + 2. All else is 0. Length is uniform, both bounds included, and drawn
 * for each element on its own: first its length, then its bits (step by step, bit by bit).
 *
 * Source: Graves et al. 2014, "Neural Turing Machines", section 4.1.
 *
 * @param config - See `CopyConfig`; every field may be left out.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits`.
 * @throws RangeError if a size is no positive integer or a minimum exceeds its maximum; TypeError if a value is of the
 *   wrong kind or a key is unknown.
 */
export function copy(config: CopyConfig = {}): Task {
  assertKeys("config", config, CONFIG_KEYS);
  const { batchSize = 16, numBits = 4, minLength = 1, maxLength = 2 } = config;
  const { timeAverage = false, logProbInBits = false } = config;
  const costOptions = { timeAverage, logProbInBits };
  assertPositiveInteger("batchSize", batchSize);
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);
  assertCostOptions(costOptions);

  return defineTask({
    name: "copy",
    inputSize: numBits + 2,
    targetSize: numBits,
    batchSize,
    drawSequence: (random) => {
      const length = random.integer(minLength, maxLength);
      return stepsOf(drawPattern(random, length, numBits));
    },
    ...costOptions,
  });
}

function stepsOf(pattern: Pattern): readonly Step[] {
  const noBits = (pattern[0] as readonly number[]).map(() => 0);
  const seen = pattern.map((bits) => ({ observation: [...bits, 0, 0] }));
  const written = pattern.map((bits) => ({ answer: bits }));
  return [{ observation: [...noBits, 1, 0] }, ...seen, { observation: [...noBits, 0, 1] }, ...written];
}
