import type { Batch } from "../batch.js";
import { assertInteger, assertPositiveInteger } from "../checks.js";
import { defineTask } from "../define-task.js";
import type { TaskFacts } from "../facts.js";
import type { Random } from "../random.js";
import type { Task } from "../task.js";
import { completeConfig, type SequenceConfig } from "./sequence-config.js";

/** Longest context: the counts of 2^20 contexts take 8 MB. */
const MAX_CONTEXT_BITS = 20;

const DEFAULTS = { contextBits: 5, length: 200 };

/** Configuration of dynamic n-grams: batch size, context and length. */
export type DynamicNGramsConfig = SequenceConfig & {
  /** Number of bits on which the distribution of the next one depends, 1 to 20; default: 5, which are 6-grams. */
  readonly contextBits?: number | undefined;
  /** Number of bits in a sequence, more than `contextBits`; default: 200. */
  readonly length?: number | undefined;
};

/**
 * Creates the task of dynamic n-grams: predict the next bit of a sequence, whose distribution after each context is drawn anew for each
 * sequence.
 *
 *     const task = dynamicNGrams();
 *     const batch = task.sampleBatch(createRandom(1));
 *     optimalNGramLoss(batch); // [135.6..., 98.2..., ...], bits per sequence of the best predictor
 *
 * The probability of a 1 after each of the 2^`contextBits` contexts is drawn from Beta(1/2, 1/2); the first `contextBits` bits are
 * fair. At step t the input is bit t, the target bit t + 1: `length - 1` steps, all of which count. The bits are drawn as from an urn: with
 * n1 ones and n0 zeros after this context so far, the next bit is 1 with probability (n1 + 1/2) / (n0 + n1 + 1). That is the same
 * distribution, and takes integers only.
 *
 * Source: Graves et al. 2014, "Neural Turing Machines", section 4.4.
 *
 * Metric: bits per sequence beyond the best predictor on the same sequences, see `optimalNGramLoss`.
 *
 * @param config - See `DynamicNGramsConfig`; every field has a default.
 * @returns A task with one input and one target, and all facts.
 * @throws RangeError if a size is no positive integer, there are more than 20 bits of context, or none is left to predict;
 *   TypeError if a value is of the wrong kind or a key is unknown.
 */
export function dynamicNGrams(config: DynamicNGramsConfig = {}): Task & TaskFacts {
  const { sizes, shared } = completeConfig(config, DEFAULTS);
  const { contextBits, length } = sizes;
  assertContextBits(contextBits);
  assertPositiveInteger("length", length);
  if (length <= contextBits)
    throw new RangeError(`length: expected more than contextBits (${contextBits}), got ${length}`);
  const facts = {
    description: `${length} bits, distributed by the ${contextBits} before`,
    channelLabels: () => ({ inputs: ["bit"], targets: ["next bit"] }),
    phases: ({ counts }: { readonly counts: readonly boolean[] }) =>
      counts.map((_, step) => (step + 1 < contextBits ? "fair bits" : "bits")),
    maxTimeSteps: length - 1,
    meanCountedSteps: length - 1,
  };
  const task = defineTask({
    name: "dynamic-n-grams",
    inputSize: 1,
    targetSize: 1,
    sampleSequence: (random) => {
      const bits = sampleBits(random, length, contextBits);
      return bits.slice(1).map((bit, step) => ({ input: [bits[step] as number], target: [bit] }));
    },
    ...shared,
  });
  return { ...task, ...facts };
}

/**
 * Computes the loss of the best predictor of dynamic n-grams, which knows how the sequences were drawn, on the sequences of a batch: the
 * fair bits cost one bit each, any other -log2 of its probability, (n + 1/2) / (n0 + n1 + 1) with the counts so far.
 *
 * @param batch - A batch of `dynamicNGrams`.
 * @param options - `contextBits`: as in the task's configuration; default: 5.
 * @returns `[batchSize]`: bits per sequence.
 * @throws RangeError if `contextBits` is no integer from 1 to 20; TypeError if it is no number.
 */
export function optimalNGramLoss(
  { timeSteps, batchSize, inputs, targets }: Batch,
  { contextBits = DEFAULTS.contextBits }: { readonly contextBits?: number | undefined } = {},
): Float64Array {
  assertContextBits(contextBits);
  const bits = new Float64Array(batchSize);
  for (let sequence = 0; sequence < batchSize; sequence++) {
    const urns = new Urns(contextBits);
    urns.add(inputs[sequence] as number);
    for (let step = 0; step < timeSteps; step++) {
      const next = targets[step * batchSize + sequence] as number;
      const ofOne = urns.probabilityOfOne();
      bits[sequence] -= Math.log2(next === 1 ? ofOne : 1 - ofOne);
      urns.add(next);
    }
  }
  return bits;
}

function assertContextBits(contextBits: number): void {
  assertInteger("contextBits", contextBits, 1, MAX_CONTEXT_BITS, `an integer from 1 to ${MAX_CONTEXT_BITS}`);
}

function sampleBits(random: Random, length: number, contextBits: number): readonly number[] {
  const urns = new Urns(contextBits);
  return Array.from({ length }, () => {
    const bit = random.integer(1, urns.balls) <= urns.ones ? 1 : 0;
    urns.add(bit);
    return bit;
  });
}

/** An urn for each context: it begins with half a ball of each kind, and gains one of the kind that was drawn. */
class Urns {
  readonly #contextBits: number;
  readonly #counts: Uint32Array;
  #context = 0;
  #seen = 0;

  constructor(contextBits: number) {
    this.#contextBits = contextBits;
    this.#counts = new Uint32Array(2 << contextBits);
  }

  /** Number of half balls in the urn of this context; before there is one, 2. */
  get balls(): number {
    return this.#seen < this.#contextBits ? 2 : 2 * (this.#count(0) + this.#count(1)) + 2;
  }

  /** Number of half balls that stand for a 1. */
  get ones(): number {
    return this.#seen < this.#contextBits ? 1 : 2 * this.#count(1) + 1;
  }

  probabilityOfOne(): number {
    return this.ones / this.balls;
  }

  /** Adds a bit to the counts of its context, and to the context. */
  add(bit: number): void {
    if (this.#seen >= this.#contextBits) this.#counts[2 * this.#context + bit]++;
    this.#context = ((this.#context << 1) | bit) & ((1 << this.#contextBits) - 1);
    this.#seen++;
  }

  #count(bit: number): number {
    return this.#counts[2 * this.#context + bit] as number;
  }
}
