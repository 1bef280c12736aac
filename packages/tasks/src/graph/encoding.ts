/** Triples of labels as inputs and targets: each label three digits, each digit one of ten. */
import type { ChannelLabels, SequenceSteps } from "../facts.js";
import type { Triple } from "./random-graph.js";

/** Channels of a label: three digits of ten. */
const LABEL = 30;
/** Channels of a triple. */
export const TRIPLE = 3 * LABEL;
/** Input channels: those of a triple, the start of a phase, and whether an answer is expected. */
export const INPUTS = TRIPLE + 2;
/** Groups of outputs: nine digits. */
export const DIGITS: readonly number[] = new Array<number>(9).fill(10);

const PARTS = ["source", "edge", "destination"] as const;
const PLACES = [100, 10, 1];

/** A triple of which labels may be missing. */
export type PartialTriple = { readonly [Part in keyof Triple]?: Triple[Part] | undefined };

/** Encodes a triple: a 1 for each digit; nothing for a label that is missing. */
export function encodeTriple(triple: PartialTriple): number[] {
  const channels = new Array<number>(TRIPLE).fill(0);
  PARTS.forEach((part, index) => {
    const label = triple[part];
    if (label === undefined) return;
    PLACES.forEach((place, digit) => {
      channels[index * LABEL + digit * 10 + (Math.floor(label / place) % 10)] = 1;
    });
  });
  return channels;
}

/** Encodes a time step's input. */
export function encodeInput(triple: PartialTriple, { starts = false, answers = false } = {}): number[] {
  return [...encodeTriple(triple), starts ? 1 : 0, answers ? 1 : 0];
}

/**
 * Decodes a triple: of each digit the first channel with the largest value.
 *
 * @param values - numbers, of which those from `start` on are a triple's.
 * @returns the labels as text, `123 045 678`; `---` for a label of zeros, `???` for one with a NaN.
 */
export function tripleText(values: ArrayLike<number>, start: number): string {
  return PARTS.map((_, part) =>
    labelText(Array.from({ length: LABEL }, (_, at) => values[start + part * LABEL + at] as number)),
  ).join(" ");
}

function labelText(channels: readonly number[]): string {
  if (channels.some(Number.isNaN)) return "???";
  if (channels.every((value) => value === 0)) return "---";
  return PLACES.map((_, digit) => {
    const own = channels.slice(digit * 10, digit * 10 + 10);
    return own.indexOf(Math.max(...own));
  }).join("");
}

/** Names of the channels of a graph task. */
export function graphLabels(): ChannelLabels {
  return { inputs: [...tripleLabels(), "start of phase", "answer"], targets: tripleLabels() };
}

/** Names of the channels of a triple: `source 1: 7` is the digit 7 in the first place. */
function tripleLabels(): string[] {
  return PARTS.flatMap((part) =>
    PLACES.flatMap((_, place) => Array.from({ length: 10 }, (_, digit) => `${part} ${place + 1}: ${digit}`)),
  );
}

/**
 * Names the phases by the channel that is 1 where one starts: the first is the graph.
 *
 * @param names - those of the phases after the graph, over and over.
 */
export function graphPhases({ inputs }: SequenceSteps, names: readonly string[]): readonly string[] {
  let phase = 0;
  return inputs.map((input, step) => {
    if (step > 0 && input[TRIPLE] === 1) phase++;
    return phase === 0 ? "graph" : (names[(phase - 1) % names.length] as string);
  });
}
