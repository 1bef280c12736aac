import { assertBoolean, assertKeys } from "../checks.js";
import { defineTask } from "../define-task.js";
import { type QuestionTask, withQuestions } from "../question-task.js";
import type { Step } from "../sequence.js";
import { shuffled } from "../shuffled.js";
import { assertBits, assertItems, bitsOf, inputValues, sampleDistinct, sampleNumber, setBits } from "./bit-numbers.js";
import {
  assertPairs,
  assertQueries,
  type KeyValuePair,
  numberOf,
  sortedByKey,
  splitAtMarkers,
} from "./key-value-question.js";
import { bitLabels, describeBits, describeRange, mean, patternPhases } from "./pattern-facts.js";
import { assertPresentation, PRESENTATION, scored, shownBit } from "./scored-inputs.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

const TWO_WAY_DEFAULTS = { numBits: 6, minItems: 2, maxItems: 16, distinctValues: true, ...PRESENTATION };

/** Configuration of two-way key-value retrieval: batch size, its pairs, and their presentation. */
export type TwoWayKeyValueConfig = SequenceConfig & {
  /** Number of bits of a key, and of a value, 1 to 30; default: 6. */
  readonly numBits?: number | undefined;
  /** Minimum number of pairs in a sequence; default: 2. */
  readonly minItems?: number | undefined;
  /** Maximum number of pairs in a sequence, at most the number of keys; default: 16. */
  readonly maxItems?: number | undefined;
  /** Whether no two values of a sequence are equal; default: true. Otherwise some keys cannot be known from their values. */
  readonly distinctValues?: boolean | undefined;
  /** Whether inputs are -1 and 1 instead of 0 and 1; default: false. */
  readonly signedInputs?: boolean | undefined;
  /** Whether the steps before the queries count too, with target 0; default: false. */
  readonly scoreInputs?: boolean | undefined;
};

/** What a sequence of two-way key-value retrieval asks. */
export type TwoWayKeyValueQuestion = {
  /** The pairs, in any order: they are shown in the order of their keys, which are distinct. */
  readonly pairs: readonly KeyValuePair[];
  /** The keys that are shown again, at least one, in order: the answers are their values. */
  readonly queries: readonly number[];
  /** The values that are shown after them, at least one, in order: the answers are their keys; of equal values the first key. */
  readonly valueQueries: readonly number[];
};

/**
 * Creates the two-way key-value task: read pairs of a key and a value, then output the value of each key that is shown, then the key of
 * each value.
 *
 *     const task = twoWayKeyValue({ maxItems: 8 });
 *     const batch = task.sampleBatch(createRandom(1));
 *
 * A sequence with n pairs:
 *
 *     t = 0 .. n - 1            input: a key and its value, in the order of the keys
 *     t = n                     input: the first marker
 *     t = n + 1 .. 2 n          input: a key, in random order; target: its value
 *     t = 2 n + 1               input: the second marker
 *     t = 2 n + 2 .. 3 n + 1    input: a value, in the field of the keys, in another random order; target: its key
 *     t = 3 n + 2               input: both markers
 *
 * The channels are those of the key, of the value, and the two markers; a number's lowest bit is first. The number of pairs is uniform,
 * both bounds included, and sampled independently for each sequence.
 *
 * Source: Csordás and Schmidhuber 2019, as for `keyValue`, with `distinctValues: false, signedInputs: true, scoreInputs: true`.
 *
 * Metric: bits per sequence, the loss with `logProbInBits`; and exact match.
 *
 * @param config - See `TwoWayKeyValueConfig`; every field has a default.
 * @returns A task with inputSize `2 numBits + 2` and targetSize `numBits`, and all facts; its `encode` takes a `TwoWayKeyValueQuestion`.
 * @throws RangeError if a size is out of range or a minimum exceeds its maximum; TypeError if a value is of the wrong kind or a
 *   key is unknown.
 */
export function twoWayKeyValue(config: TwoWayKeyValueConfig = {}): QuestionTask<TwoWayKeyValueQuestion> {
  const { sizes, shared } = completeConfig(config, TWO_WAY_DEFAULTS);
  const { numBits, minItems, maxItems, distinctValues, signedInputs, scoreInputs } = sizes;
  const presentation = { signedInputs, scoreInputs };
  assertBits("numBits", numBits);
  assertItems(minItems, maxItems, numBits);
  assertBoolean("distinctValues", distinctValues);
  assertPresentation(presentation);

  const widths = { inputSize: 2 * numBits + 2, targetSize: numBits };
  const inputs = inputValues(presentation);
  const items = mean(minItems, maxItems);
  const facts = {
    description:
      `${describeRange(minItems, maxItems)} pairs of ${describeBits(numBits)} and ${describeBits(numBits)}, both ways` +
      (distinctValues ? "" : ", values may be equal"),
    channelLabels: () => ({
      inputs: [...bitLabels(numBits, "key"), ...bitLabels(numBits, "value"), "marker 1", "marker 2"],
      targets: bitLabels(numBits),
    }),
    phases: patternPhases(2 * numBits, ["marker", "marker"], "query"),
    maxTimeSteps: 3 * (maxItems + 1),
    meanCountedSteps: scoreInputs ? 3 * (items + 1) : 2 * items,
  };
  const input = (first: number, second: number, markers: number) => {
    const channels = new Array<number>(widths.inputSize);
    setBits(channels, 0, first, numBits, inputs);
    setBits(channels, numBits, second, numBits, inputs);
    setBits(channels, 2 * numBits, markers, 2, inputs);
    return channels;
  };
  const marker = (markers: number): Step => ({ input: input(0, 0, markers) });
  const query = (asked: number, target: number) => ({ input: input(asked, 0, 0), target: bitsOf(target, numBits) });
  const sequence = (
    pairs: readonly KeyValuePair[],
    forValues: readonly KeyValuePair[],
    forKeys: readonly KeyValuePair[],
  ) => {
    const shown = pairs.map(([key, value]) => ({ input: input(key, value, 0) }));
    const values = forValues.map(([key, value]) => query(key, value));
    const keys = forKeys.map(([key, value]) => query(value, key));
    return scored([...shown, marker(1), ...values, marker(2), ...keys, marker(3)], presentation, widths);
  };
  const task = defineTask({
    name: "two-way-key-value",
    ...widths,
    sampleSequence: (random) => {
      const count = random.integer(minItems, maxItems);
      const keys = sampleDistinct(random, count, numBits).sort((a, b) => a - b);
      const values = distinctValues
        ? sampleDistinct(random, count, numBits)
        : keys.map(() => sampleNumber(random, numBits));
      const pairs = keys.map((key, at) => [key, values[at] as number] as const);
      const forValues = shuffled(random, pairs);
      return sequence(pairs, forValues, shuffled(random, pairs));
    },
    formatInput: (value) => shownBit(value, presentation),
    ...shared,
  });
  return withQuestions<TwoWayKeyValueQuestion>(
    { ...task, ...facts },
    {
      steps: ({ pairs, queries, valueQueries }) => {
        const sorted = sortedByKey(pairs);
        const find = (place: 0 | 1) => (asked: number) => sorted.find((pair) => pair[place] === asked) as KeyValuePair;
        return sequence(sorted, queries.map(find(0)), valueQueries.map(find(1)));
      },
      check: (question) => {
        assertKeys("question", question, ["pairs", "queries", "valueQueries"]);
        const { pairs, queries, valueQueries } = question;
        assertPairs(pairs, { keyBits: numBits, valueBits: numBits });
        const [keys, values] = [pairs.map(([key]) => key), pairs.map(([, value]) => value)];
        assertQueries("queries", queries, keys, "keys");
        assertQueries("valueQueries", valueQueries, values, "values");
      },
      read: (rows) => {
        const isMarker = (row: readonly number[]) => row.slice(2 * numBits).some((value) => value > 0);
        const [shown = [], forValues = [], forKeys = []] = splitAtMarkers(rows.inputs, isMarker);
        const first = (row: readonly number[]) => numberOf(row, 0, numBits);
        return {
          pairs: shown.map((row) => [first(row), numberOf(row, numBits, numBits)] as const),
          queries: forValues.map(first),
          valueQueries: forKeys.map(first),
        };
      },
      lengths: shared.lengths,
    },
  );
}
