import { assertPositiveInteger } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { SequenceSteps, TaskFacts } from "../facts.js";
import type { Random } from "../random.js";
import { samplePattern } from "../sequence.js";
import type { Task } from "../task.js";
import { bitLabels, describeBits } from "./pattern-facts.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

/** Priorities are multiples of 1 / this, which float32 holds exactly. */
const PRIORITY_STEPS = 2 ** 20;

const DEFAULTS = { numBits: 8, numInputs: 20, numTargets: 16 };

/** Configuration of priority sort: batch size, and width and numbers of its vectors. */
export type PrioritySortConfig = SequenceConfig & {
  /** Number of bits of a vector; default: 8. */
  readonly numBits?: number | undefined;
  /** Number of vectors that are shown; default: 20. */
  readonly numInputs?: number | undefined;
  /** Number of vectors that are asked for, at most `numInputs`; default: 16. */
  readonly numTargets?: number | undefined;
};

/**
 * Creates the priority sort task: read vectors with a priority each, output those of the highest priority in descending order.
 *
 *     const task = prioritySort({ numInputs: 10, numTargets: 8 });
 *     const batch = task.sampleBatch(createRandom(1));
 *
 * A sequence with n vectors, of which m are asked for:
 *
 *     t = 0 .. n - 1       input: a vector of random bits and its priority, uniform in [-1, 1]
 *     t = n                input: the marker
 *     t = n + 1 .. n + m   target: the vectors, the highest priority first
 *
 * The channels are those of the bits, the priority, and the marker. No two priorities of a sequence are equal.
 *
 * Source: Graves et al. 2014, "Neural Turing Machines", section 4.5; the width and the marker are ours.
 *
 * Metric: bits per sequence, the loss with `logProbInBits`.
 *
 * @param config - See `PrioritySortConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits`, and all facts.
 * @throws RangeError if a size is no positive integer, or more vectors are asked for than shown; TypeError if a value is of the
 *   wrong kind or a key is unknown.
 */
export function prioritySort(config: PrioritySortConfig = {}): Task & TaskFacts {
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  const { numBits, numInputs, numTargets } = sizes;
  assertPositiveInteger("numBits", numBits);
  assertPositiveInteger("numInputs", numInputs);
  assertPositiveInteger("numTargets", numTargets);
  if (numTargets > numInputs)
    throw new RangeError(`numTargets: expected at most numInputs (${numInputs}), got ${numTargets}`);
  if (numInputs > PRIORITY_STEPS)
    throw new RangeError(`numInputs: expected at most ${PRIORITY_STEPS}, got ${numInputs}`);

  const facts = {
    description: `${describeBits(numBits)}, the ${numTargets} first of ${numInputs}`,
    channelLabels: () => ({ inputs: [...bitLabels(numBits), "priority", "end"], targets: bitLabels(numBits) }),
    phases: ({ counts }: SequenceSteps) =>
      counts.map((_, step) => (step < numInputs ? "vectors" : step === numInputs ? "end" : "output")),
    maxTimeSteps: numInputs + 1 + numTargets,
    meanCountedSteps: numTargets,
  };
  const task = defineTask({
    name: "priority-sort",
    inputSize: numBits + 2,
    targetSize: numBits,
    sampleSequence: (random) => {
      const vectors = samplePattern(random, numInputs, numBits);
      const priorities = samplePriorities(random, numInputs);
      const shown = vectors.map((bits, at) => ({ input: [...bits, priorities[at] as number, 0] }));
      const none = new Array<number>(numBits).fill(0);
      const order = priorities.map((_, at) => at).sort((a, b) => (priorities[b] as number) - (priorities[a] as number));
      const answer = order.slice(0, numTargets).map((at) => ({ target: vectors[at] }));
      return [...shown, { input: [...none, 0, 1] }, ...answer];
    },
    formatInput: (value, channel) => (channel === numBits ? level(value) : value),
    ...shared,
  });
  return { ...task, ...facts };
}

/** Shows a priority as a digit, from 1 to 9; 0, which hardly any vector has, as none. */
function level(priority: number): number {
  return priority === 0 ? 0 : 1 + Math.min(8, Math.floor((priority + 1) * 4.5));
}

function samplePriorities(random: Random, count: number): readonly number[] {
  const steps = new Set<number>();
  while (steps.size < count) steps.add(random.integer(-PRIORITY_STEPS, PRIORITY_STEPS));
  return [...steps].map((step) => step / PRIORITY_STEPS);
}
