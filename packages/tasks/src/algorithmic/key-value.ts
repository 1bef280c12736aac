import { assertKeys } from "../checks.js";
import { defineTask } from "../define-task.js";
import { type QuestionTask, withQuestions } from "../question-task.js";
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

const DEFAULTS = { keyBits: 6, valueBits: 6, minItems: 2, maxItems: 16, ...PRESENTATION };

/** Configuration of key-value retrieval: batch size, its pairs, and their presentation. */
export type KeyValueConfig = SequenceConfig & {
  /** Number of bits of a key, 1 to 30; default: 6. */
  readonly keyBits?: number | undefined;
  /** Number of bits of a value, 1 to 30; default: 6. */
  readonly valueBits?: number | undefined;
  /** Minimum number of pairs in a sequence; default: 2. */
  readonly minItems?: number | undefined;
  /** Maximum number of pairs in a sequence, at most the number of keys; default: 16. */
  readonly maxItems?: number | undefined;
  /** Whether inputs are -1 and 1 instead of 0 and 1; default: false. */
  readonly signedInputs?: boolean | undefined;
  /** Whether the steps before the queries count too, with target 0; default: false. */
  readonly scoreInputs?: boolean | undefined;
};

/** What a sequence of key-value retrieval asks. */
export type KeyValueQuestion = {
  /** The pairs, in any order: they are shown in the order of their keys, which are distinct. */
  readonly pairs: readonly KeyValuePair[];
  /** The keys that are shown again, at least one, in order: the answers are their values. */
  readonly queries: readonly number[];
};

/**
 * Creates the key-value retrieval task: read pairs of a key and a value, then output the value of each key that is shown.
 *
 *     const task = keyValue({ maxItems: 8 });
 *     const batch = task.sampleBatch(createRandom(1));
 *
 * A sequence with n pairs:
 *
 *     t = 0 .. n - 1       input: a key and its value, in the order of the keys
 *     t = n                input: the marker
 *     t = n + 1 .. 2 n     input: a key, in random order; target: its value
 *     t = 2 n + 1          input: the marker
 *
 * The channels are those of the key, of the value, and the marker; a number's lowest bit is first. The number of pairs is uniform, both
 * bounds included, and sampled independently for each sequence. Keys are distinct, values need not be.
 *
 * Source: Csordás and Schmidhuber 2019, "Improving Differentiable Neural Computers through Memory Masking, De-allocation, and Link
 * Distribution Sharpness Control", with `signedInputs: true, scoreInputs: true` (they sample one length for a batch).
 *
 * Metric: bits per sequence, the loss with `logProbInBits`; and exact match.
 *
 * @param config - See `KeyValueConfig`; every field has a default.
 * @returns A task with inputSize `keyBits + valueBits + 1` and targetSize `valueBits`, and all facts; its `encode` takes a `KeyValueQuestion`.
 * @throws RangeError if a size is out of range or a minimum exceeds its maximum; TypeError if a value is of the wrong kind or a
 *   key is unknown.
 */
export function keyValue(config: KeyValueConfig = {}): QuestionTask<KeyValueQuestion> {
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  const { keyBits, valueBits, minItems, maxItems, signedInputs, scoreInputs } = sizes;
  const presentation = { signedInputs, scoreInputs };
  assertBits("keyBits", keyBits);
  assertBits("valueBits", valueBits);
  assertItems(minItems, maxItems, keyBits);
  assertPresentation(presentation);

  const widths = { inputSize: keyBits + valueBits + 1, targetSize: valueBits };
  const values = inputValues(presentation);
  const items = mean(minItems, maxItems);
  const facts = {
    description: `${describeRange(minItems, maxItems)} pairs of ${describeBits(keyBits)} and ${describeBits(valueBits)}`,
    channelLabels: () => ({
      inputs: [...bitLabels(keyBits, "key"), ...bitLabels(valueBits, "value"), "marker"],
      targets: bitLabels(valueBits, "value"),
    }),
    phases: patternPhases(keyBits + valueBits, ["marker"], "query"),
    maxTimeSteps: 2 * maxItems + 2,
    meanCountedSteps: scoreInputs ? 2 * items + 2 : items,
  };
  const input = (key: number, value: number, marker: number) => {
    const channels = new Array<number>(widths.inputSize);
    setBits(channels, 0, key, keyBits, values);
    setBits(channels, keyBits, value, valueBits, values);
    setBits(channels, keyBits + valueBits, marker, 1, values);
    return channels;
  };
  const sequence = (pairs: readonly KeyValuePair[], asked: readonly KeyValuePair[]) => {
    const marker = { input: input(0, 0, 1) };
    const shown = pairs.map(([key, value]) => ({ input: input(key, value, 0) }));
    const queries = asked.map(([key, value]) => ({ input: input(key, 0, 0), target: bitsOf(value, valueBits) }));
    return scored([...shown, marker, ...queries, marker], presentation, widths);
  };
  const task = defineTask({
    name: "key-value",
    ...widths,
    sampleSequence: (random) => {
      const count = random.integer(minItems, maxItems);
      const keys = sampleDistinct(random, count, keyBits).sort((a, b) => a - b);
      const pairs = keys.map((key) => [key, sampleNumber(random, valueBits)] as const);
      return sequence(pairs, shuffled(random, pairs));
    },
    formatInput: (value) => shownBit(value, presentation),
    ...shared,
  });
  return withQuestions<KeyValueQuestion>(
    { ...task, ...facts },
    {
      steps: ({ pairs, queries }) => {
        const values = new Map(pairs);
        const asked = queries.map((key) => [key, values.get(key) as number] as const);
        return sequence(sortedByKey(pairs), asked);
      },
      check: (question) => {
        assertKeys("question", question, ["pairs", "queries"]);
        assertPairs(question.pairs, { keyBits, valueBits });
        const keys = question.pairs.map(([key]) => key);
        assertQueries("queries", question.queries, keys, "keys");
      },
      read: ({ inputs }) => {
        const [shown = [], asked = []] = splitAtMarkers(inputs, (row) => (row[keyBits + valueBits] as number) > 0);
        const keyOf = (row: readonly number[]) => numberOf(row, 0, keyBits);
        return {
          pairs: shown.map((row) => [keyOf(row), numberOf(row, keyBits, valueBits)] as const),
          queries: asked.map(keyOf),
        };
      },
      lengths: shared.lengths,
    },
  );
}
