import { assertArray, assertInteger, assertKeys, assertPositiveInteger, assertRange, describe } from "../checks.js";
import { defineTask } from "../define-task.js";
import { type QuestionTask, type SequenceRows, withQuestions } from "../question-task.js";
import type { Random } from "../random.js";
import { type Pattern, type Step, samplePattern } from "../sequence.js";
import { assertPattern } from "./pattern-checks.js";
import { bitLabels, describeBits, describeRange, mean, patternPhases } from "./pattern-facts.js";
import { assertPresentation, PRESENTATION, presented, shownBit } from "./scored-inputs.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

/** Where the markers of associative recall are: see `associativeRecall`. */
export type RecallForm = "ntm" | "csordas";

const FORMS: readonly RecallForm[] = ["ntm", "csordas"];

const DEFAULTS = {
  numBits: 6,
  itemLength: 3,
  minItems: 2,
  maxItems: 6,
  form: "ntm" as RecallForm,
  ...PRESENTATION,
};

/** Configuration of associative recall: batch size, its items, and where their markers are. */
export type AssociativeRecallConfig = SequenceConfig & {
  /** Number of bits in each step of an item; default: 6. */
  readonly numBits?: number | undefined;
  /** Number of steps of an item; default: 3. */
  readonly itemLength?: number | undefined;
  /** Minimum number of items in a sequence, at least 2; default: 2. */
  readonly minItems?: number | undefined;
  /** Maximum number of items in a sequence; default: 6. */
  readonly maxItems?: number | undefined;
  /** Where the markers are; default: "ntm". */
  readonly form?: RecallForm | undefined;
  /** Whether inputs are -1 and 1 instead of 0 and 1; default: false. */
  readonly signedInputs?: boolean | undefined;
  /** Whether the steps before the answer count too, with target 0; default: false. */
  readonly scoreInputs?: boolean | undefined;
};

/** What a sequence of associative recall asks. */
export type RecallQuestion = {
  /** The items in order, at least two, each `[step][bit]` of 0 and 1. */
  readonly items: readonly Pattern[];
  /** Index of the item that is shown again: the next one is the answer. */
  readonly query: number;
};

/**
 * Creates the associative recall task: read a list of items and then one of them again, output the item that followed it.
 *
 *     const task = associativeRecall({ maxItems: 12 });
 *     const batch = task.sampleBatch(createRandom(1));
 *
 * An item is `itemLength` rows of random bits. For n items:
 *
 *     form "ntm"      n times: item marker, item; query marker, an item, query marker; target: the next item
 *     form "csordas"  n items, the item marker between them, the end marker after them; an item, the end marker; target: the next item
 *
 * The channels are those of the bits, the item marker, and the query or end marker. With items of 3 rows a sequence has 4 n + 8 steps, or 4
 * n + 7. The number of items is uniform, both bounds included, and sampled independently for each sequence; then the items are sampled,
 * then which of them is asked for, uniformly from all but the last.
 *
 * Sources: Graves et al. 2014, "Neural Turing Machines", section 4.3. Csordás and Schmidhuber 2019, "Improving Differentiable
 * Neural Computers through Memory Masking, De-allocation, and Link Distribution Sharpness Control", with `numBits: 8, maxItems: 16,
 * signedInputs: true, scoreInputs: true` (they sample one length for a batch).
 *
 * Metric: bits per sequence, the loss with `logProbInBits`; and exact match.
 *
 * @param config - See `AssociativeRecallConfig`; every field has a default.
 * @returns A task with inputSize `numBits + 2` and targetSize `numBits`, and all facts; its `encode` takes a `RecallQuestion`.
 * @throws RangeError if a size is no positive integer, a minimum exceeds its maximum or is less than 2 items; TypeError if a value
 *   is of the wrong kind or a key is unknown.
 */
export function associativeRecall(config: AssociativeRecallConfig = {}): QuestionTask<RecallQuestion> {
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  const { numBits, itemLength, minItems, maxItems, form, signedInputs, scoreInputs } = sizes;
  const presentation = { signedInputs, scoreInputs };
  assertPositiveInteger("numBits", numBits);
  assertPositiveInteger("itemLength", itemLength);
  assertRange("minItems", minItems, "maxItems", maxItems);
  if (minItems < 2) throw new RangeError(`minItems: expected at least 2, got ${minItems}`);
  if (!FORMS.includes(form)) throw new TypeError(`form: expected one of ${FORMS.join(", ")}, got ${describe(form)}`);
  assertPresentation(presentation);

  const widths = { inputSize: numBits + 2, targetSize: numBits };
  const steps = (items: number) => (itemLength + 1) * items + 2 * itemLength + (form === "ntm" ? 2 : 1);
  const marker = form === "ntm" ? "query" : "end";
  const facts = {
    description:
      `${describeBits(numBits)}, ${describeRange(minItems, maxItems)} items of ${itemLength}` +
      (form === "ntm" ? "" : ", marked between"),
    channelLabels: () => ({ inputs: [...bitLabels(numBits), "item", marker], targets: bitLabels(numBits) }),
    phases: patternPhases(numBits, ["item", marker]),
    maxTimeSteps: steps(maxItems),
    meanCountedSteps: scoreInputs ? steps(mean(minItems, maxItems)) : itemLength,
  };
  const sequence = ({ items, query }: RecallQuestion) => {
    const shown = form === "ntm" ? ntmSteps(items, query, numBits) : csordasSteps(items, query, numBits);
    const answer = (items[query + 1] as Pattern).map((target) => ({ target }));
    return presented([...shown, ...answer], presentation, widths);
  };
  const task = defineTask({
    name: "associative-recall",
    ...widths,
    sampleSequence: (random) => {
      const items = sampleItems(random, random.integer(minItems, maxItems), itemLength, numBits);
      return sequence({ items, query: random.integer(0, items.length - 2) });
    },
    formatInput: (value) => shownBit(value, presentation),
    ...shared,
  });
  return withQuestions<RecallQuestion>(
    { ...task, ...facts },
    {
      steps: sequence,
      check: (question) => assertQuestion(question, itemLength, numBits),
      read: (rows) => readQuestion(rows, { form, itemLength, numBits }),
      lengths: shared.lengths,
    },
  );
}

function assertQuestion(question: RecallQuestion, itemLength: number, numBits: number): void {
  assertKeys("question", question, ["items", "query"]);
  const { items, query } = question;
  assertArray("items", items);
  if (items.length < 2) throw new RangeError(`items: expected at least 2, got ${items.length}`);
  items.forEach((item, index) => {
    assertPattern(`items[${index}]`, item, { numBits });
    if (item.length !== itemLength)
      throw new RangeError(`items[${index}]: expected ${itemLength} steps, got ${item.length}`);
  });
  assertInteger("query", query, 0, items.length - 2, `an integer from 0 to ${items.length - 2}`);
}

/** Reads the items by their places, and the query by what is shown again and what follows. */
function readQuestion(
  { inputs, targets }: SequenceRows,
  { form, itemLength, numBits }: { readonly form: RecallForm; readonly itemLength: number; readonly numBits: number },
): RecallQuestion {
  const list = inputs.findIndex((row) => (row[numBits + 1] as number) > 0);
  const first = form === "ntm" ? 1 : 0; // the marker is before an item, or after it
  const item = (at: number): Pattern =>
    inputs.slice(at, at + itemLength).map((row) => row.slice(0, numBits).map((value) => Number(value > 0)));
  const count = (list + 1 - first) / (itemLength + 1);
  const items = Array.from({ length: count }, (_, index) => item(index * (itemLength + 1) + first));
  const shown = JSON.stringify(item(list + 1));
  const answer = JSON.stringify(targets.slice(list + itemLength + 2, list + 2 * itemLength + 2));
  const isAsked = (index: number) =>
    JSON.stringify(items[index]) === shown && JSON.stringify(items[index + 1]) === answer;
  return { items, query: items.findIndex((_, index) => isAsked(index)) };
}

function sampleItems(random: Random, count: number, length: number, numBits: number): readonly Pattern[] {
  return Array.from({ length: count }, () => samplePattern(random, length, numBits));
}

const rows = (item: Pattern): readonly Step[] => item.map((bits) => ({ input: [...bits, 0, 0] }));

/** Rows of markers: between items, and around the query. */
function markers(numBits: number): { readonly item: Step; readonly query: Step } {
  const none = new Array<number>(numBits).fill(0);
  return { item: { input: [...none, 1, 0] }, query: { input: [...none, 0, 1] } };
}

function ntmSteps(items: readonly Pattern[], query: number, numBits: number): readonly Step[] {
  const mark = markers(numBits);
  const list = items.flatMap((item) => [mark.item, ...rows(item)]);
  return [...list, mark.query, ...rows(items[query] as Pattern), mark.query];
}

function csordasSteps(items: readonly Pattern[], query: number, numBits: number): readonly Step[] {
  const mark = markers(numBits);
  const list = items.flatMap((item, at) => [...rows(item), at < items.length - 1 ? mark.item : mark.query]);
  return [...list, ...rows(items[query] as Pattern), mark.query];
}
