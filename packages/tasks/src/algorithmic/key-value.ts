import { assertBoolean, assertInteger, assertRange } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { TaskFacts } from "../facts.js";
import type { Random } from "../random.js";
import type { Step } from "../sequence.js";
import { shuffled } from "../shuffled.js";
import type { Task } from "../task.js";
import { bitLabels, describeBits, describeRange, mean, patternPhases } from "./pattern-facts.js";
import { assertPresentation, PRESENTATION, type Presentation, scored, shownBit } from "./scored-inputs.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

/** Numbers of which looking through all is faster than a set. */
const FEW = 32;

/** Widest field: numbers of 30 bits are drawn as integers. */
const MAX_BITS = 30;

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
 * @returns A task with inputSize `keyBits + valueBits + 1` and targetSize `valueBits`, and all facts.
 * @throws RangeError if a size is out of range or a minimum exceeds its maximum; TypeError if a value is of the wrong kind or a
 *   key is unknown.
 */
export function keyValue(config: KeyValueConfig = {}): Task & TaskFacts {
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
  const task = defineTask({
    name: "key-value",
    ...widths,
    sampleSequence: (random) => {
      const count = random.integer(minItems, maxItems);
      const keys = sampleDistinct(random, count, keyBits).sort((a, b) => a - b);
      const pairs = keys.map((key) => [key, sampleNumber(random, valueBits)] as const);
      const input = (key: number, value: number, marker: number) => {
        const channels = new Array<number>(widths.inputSize);
        setBits(channels, 0, key, keyBits, values);
        setBits(channels, keyBits, value, valueBits, values);
        setBits(channels, keyBits + valueBits, marker, 1, values);
        return channels;
      };
      const marker = { input: input(0, 0, 1) };
      const shown = pairs.map(([key, value]) => ({ input: input(key, value, 0) }));
      const asked = shuffled(random, pairs).map(([key, value]) => ({
        input: input(key, 0, 0),
        target: bitsOf(value, valueBits),
      }));
      return scored([...shown, marker, ...asked, marker], presentation, widths);
    },
    formatInput: (value) => shownBit(value, presentation),
    ...shared,
  });
  return { ...task, ...facts };
}

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
 * @returns A task with inputSize `2 numBits + 2` and targetSize `numBits`, and all facts.
 * @throws RangeError if a size is out of range or a minimum exceeds its maximum; TypeError if a value is of the wrong kind or a
 *   key is unknown.
 */
export function twoWayKeyValue(config: TwoWayKeyValueConfig = {}): Task & TaskFacts {
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
      const input = (first: number, second: number, markers: number) => {
        const channels = new Array<number>(widths.inputSize);
        setBits(channels, 0, first, numBits, inputs);
        setBits(channels, numBits, second, numBits, inputs);
        setBits(channels, 2 * numBits, markers, 2, inputs);
        return channels;
      };
      const marker = (markers: number): Step => ({ input: input(0, 0, markers) });
      const query = (asked: number, target: number) => ({
        input: input(asked, 0, 0),
        target: bitsOf(target, numBits),
      });
      const shown = pairs.map(([key, value]) => ({ input: input(key, value, 0) }));
      const forValues = shuffled(random, pairs).map(([key, value]) => query(key, value));
      const forKeys = shuffled(random, pairs).map(([key, value]) => query(value, key));
      const steps = [...shown, marker(1), ...forValues, marker(2), ...forKeys, marker(3)];
      return scored(steps, presentation, widths);
    },
    formatInput: (value) => shownBit(value, presentation),
    ...shared,
  });
  return { ...task, ...facts };
}

function assertBits(name: string, bits: number): void {
  assertInteger(name, bits, 1, MAX_BITS, `an integer from 1 to ${MAX_BITS}`);
}

function assertItems(minItems: number, maxItems: number, keyBits: number): void {
  assertRange("minItems", minItems, "maxItems", maxItems);
  if (maxItems > 2 ** keyBits)
    throw new RangeError(`maxItems: expected at most ${2 ** keyBits}, the number of keys, got ${maxItems}`);
}

function sampleNumber(random: Random, bits: number): number {
  return random.integer(0, 2 ** bits - 1);
}

/** Samples distinct numbers, by rejection, in the order in which they were drawn. */
function sampleDistinct(random: Random, count: number, bits: number): number[] {
  if (count > FEW) {
    const found = new Set<number>();
    while (found.size < count) found.add(sampleNumber(random, bits));
    return [...found];
  }
  const found: number[] = [];
  while (found.length < count) {
    const number = sampleNumber(random, bits);
    if (!found.includes(number)) found.push(number);
  }
  return found;
}

/** Returns the bits of a number, the lowest first. */
function bitsOf(number: number, bits: number): readonly number[] {
  const found = new Array<number>(bits);
  setBits(found, 0, number, bits, BITS);
  return found;
}

/** What stands for the bits 0 and 1. */
type BitValues = readonly [zero: number, one: number];

const BITS: BitValues = [0, 1];

/** Sets channels from `first` on to the bits of a number, the lowest first. */
function setBits(channels: number[], first: number, number: number, bits: number, [zero, one]: BitValues): void {
  for (let bit = 0; bit < bits; bit++) channels[first + bit] = (number >> bit) & 1 ? one : zero;
}

/** Returns what stands for the bits of inputs. */
function inputValues({ signedInputs }: Presentation): BitValues {
  return signedInputs ? [-1, 1] : BITS;
}
