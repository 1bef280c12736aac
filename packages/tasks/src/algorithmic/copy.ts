import { assertBoolean, assertKeys, assertPositiveInteger, assertRange } from "../checks.js";
import { defineTask } from "../define-task.js";
import { type QuestionTask, withQuestions } from "../question-task.js";
import { type Pattern, type Step, samplePattern } from "../sequence.js";
import { assertPattern } from "./pattern-checks.js";
import { bitLabels, describePatterns, patternPhases } from "./pattern-facts.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

const DEFAULTS = { numBits: 4, minLength: 1, maxLength: 2, startMarker: true };

/** Configuration of the copy task: batch size, and length and width of its patterns. */
export type CopyConfig = SequenceConfig & {
  /** Number of bits in each step of a pattern; default: 4. */
  readonly numBits?: number | undefined;
  /** Minimum number of steps in a pattern; default: 1. */
  readonly minLength?: number | undefined;
  /** Maximum number of steps in a pattern; default: 2. */
  readonly maxLength?: number | undefined;
  /** Whether a marker comes before the pattern; default: true. */
  readonly startMarker?: boolean | undefined;
};

/** What a sequence of the copy task asks. */
export type CopyQuestion = {
  /** `[step][bit]`, each 0 or 1. */
  readonly pattern: Pattern;
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
 * Without `startMarker` the first line and its channel are left out: 2L + 1 steps, and the recall marker in channel numBits. That is the
 * form of the source, Graves et al. 2014, "Neural Turing Machines", section 4.1, with 8 bits and lengths 1 to 20.
 *
 * Metric: exact match, or bits per sequence, the loss with `logProbInBits`.
 *
 * @param config - See `CopyConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 2`, or `numBits + 1` without the start marker, and targetSize `numBits`, and all facts; its
 *   `encode` takes a `CopyQuestion`.
 * @throws RangeError if a size is no positive integer or a minimum exceeds its maximum; TypeError if a value is of the
 *   wrong kind or a key is unknown.
 */
export function copy(config: CopyConfig = {}): QuestionTask<CopyQuestion> {
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  const { numBits, minLength, maxLength, startMarker } = sizes;
  assertPositiveInteger("numBits", numBits);
  assertRange("minLength", minLength, "maxLength", maxLength);
  assertBoolean("startMarker", startMarker);

  const markers = startMarker ? ["start", "recall"] : ["recall"];
  const markerAt = (marker: string): Step => ({
    input: [...new Array<number>(numBits).fill(0), ...markers.map((name) => (name === marker ? 1 : 0))],
  });
  const noMarkers = markers.map(() => 0);
  const facts = {
    description: `${describePatterns(numBits, minLength, maxLength)}${startMarker ? "" : ", no start marker"}`,
    channelLabels: () => ({ inputs: [...bitLabels(numBits), ...markers], targets: bitLabels(numBits) }),
    phases: patternPhases(numBits, markers),
    maxTimeSteps: 2 * maxLength + markers.length,
    meanCountedSteps: (minLength + maxLength) / 2,
  };
  const steps = ({ pattern }: CopyQuestion) => {
    const shown = pattern.map((bits) => ({ input: [...bits, ...noMarkers] }));
    const answer = pattern.map((bits) => ({ target: bits }));
    return [...(startMarker ? [markerAt("start")] : []), ...shown, markerAt("recall"), ...answer];
  };
  const task = defineTask({
    name: "copy",
    inputSize: numBits + markers.length,
    targetSize: numBits,
    sampleSequence: (random) =>
      steps({ pattern: samplePattern(random, random.integer(minLength, maxLength), numBits) }),
    ...shared,
  });
  return withQuestions<CopyQuestion>(
    { ...task, ...facts },
    {
      steps,
      check: (question) => {
        assertKeys("question", question, ["pattern"]);
        assertPattern("pattern", question.pattern, { numBits });
      },
      read: ({ inputs }) => {
        const recall = inputs.findIndex((row) => row[numBits + markers.length - 1] === 1);
        return { pattern: inputs.slice(startMarker ? 1 : 0, recall).map((row) => row.slice(0, numBits)) };
      },
      lengths: shared.lengths,
    },
  );
}
