/** Triples of labels as inputs and targets: each label three digits, each digit one of ten. */
import type { ChannelLabels, SequenceSteps } from "../facts.js";
import type { Triple } from "./random-graph.js";
import type { GraphNames } from "./recover-names.js";

/** Channels of a digit. */
const DIGIT = 10;
/** Channels of a label: three digits. */
const LABEL = 3 * DIGIT;
/** Channels of a triple. */
export const TRIPLE = 3 * LABEL;
/** Input channels: those of a triple, the start of a phase, and whether an answer is expected. */
export const INPUTS = TRIPLE + 2;
/** Groups of outputs: nine digits. */
export const DIGITS: readonly number[] = new Array<number>(9).fill(10);

const PARTS = ["source", "edge", "destination"] as const;
/** Digits of a label. */
const PLACES = 3;

/** A triple of which labels may be missing. */
export type PartialTriple = { readonly [Part in keyof Triple]?: Triple[Part] | undefined };

/** Channels of a triple whose labels have this many digits. */
export function tripleSize(digits: number): number {
  return PARTS.length * digits * DIGIT;
}

/** Encodes a triple: a 1 for each digit; nothing for a label that is missing. `digits`: how many a label has; default: 3. */
export function encodeTriple(triple: PartialTriple, digits: number = PLACES): number[] {
  return withDigits(new Array<number>(tripleSize(digits)).fill(0), triple, digits);
}

/** Encodes a time step's input. */
export function encodeInput(
  triple: PartialTriple,
  { starts = false, answers = false, digits = PLACES } = {},
): number[] {
  const size = tripleSize(digits);
  const channels = new Array<number>(size + 2).fill(0);
  if (starts) channels[size] = 1;
  if (answers) channels[size + 1] = 1;
  return withDigits(channels, triple, digits);
}

/** Lists the channels that are 1 for a triple. */
export function tripleChannels({ source, edge, destination }: PartialTriple, digits: number = PLACES): number[] {
  const channels: number[] = [];
  addChannels(channels, 0, source, digits);
  addChannels(channels, digits * DIGIT, edge, digits);
  addChannels(channels, 2 * digits * DIGIT, destination, digits);
  return channels;
}

/** Sets the channels of the digits of a triple to 1. */
function withDigits(channels: number[], triple: PartialTriple, digits: number): number[] {
  for (const channel of tripleChannels(triple, digits)) channels[channel] = 1;
  return channels;
}

function addChannels(channels: number[], first: number, label: number | undefined, digits: number): void {
  if (label === undefined) return;
  let rest = label;
  for (let place = digits - 1; place >= 0; place--) {
    channels.push(first + place * DIGIT + (rest % 10));
    rest = Math.floor(rest / 10);
  }
}

/**
 * Decodes a triple: of each digit the first channel with the largest value.
 *
 * @param values - numbers, of which those from `start` on are a triple's.
 * @returns the labels; none for zeros, NaN for one with a NaN.
 */
export function decodeTriple(values: ArrayLike<number>, start: number): PartialTriple {
  const label = (part: number) => decodeLabel(values, start + part * LABEL);
  return { source: label(0), edge: label(1), destination: label(2) };
}

/**
 * Formats a triple.
 *
 * @param triple - the labels.
 * @param names - names of nodes and labels; default: numbers are shown.
 * @param digits - how many a label has; default: 3.
 * @returns `123 045 678`, or `Green Park, Victoria N, Oxford Circus`; `---` for a label that is missing, `???` for NaN.
 */
export function tripleText(triple: PartialTriple, names?: GraphNames, digits: number = PLACES): string {
  const texts = PARTS.map((part) => {
    const label = triple[part];
    if (label === undefined) return "-".repeat(digits);
    if (Number.isNaN(label)) return "?".repeat(digits);
    return names?.[part === "edge" ? "labels" : "nodes"].get(label) ?? String(label).padStart(digits, "0");
  });
  return texts.join(names ? ", " : " ");
}

function decodeLabel(values: ArrayLike<number>, start: number): number | undefined {
  let label = 0;
  let isEmpty = true;
  for (let digit = 0; digit < PLACES; digit++) {
    const first = start + digit * DIGIT;
    let best = 0;
    for (let at = 0; at < DIGIT; at++) {
      const value = values[first + at] as number;
      if (Number.isNaN(value)) return Number.NaN;
      if (value !== 0) isEmpty = false;
      if (value > (values[first + best] as number)) best = at;
    }
    label = 10 * label + best;
  }
  return isEmpty ? undefined : label;
}

/** Names of the channels of a graph task. */
export function graphLabels(digits: number = PLACES): ChannelLabels {
  return { inputs: [...tripleLabels(digits), "start of phase", "answer"], targets: tripleLabels(digits) };
}

/** Names of the channels of a triple: `source 1: 7` is the digit 7 in the first place. */
function tripleLabels(digits: number): string[] {
  return PARTS.flatMap((part) =>
    Array.from({ length: digits }, (_, place) => place).flatMap((place) =>
      Array.from({ length: 10 }, (_, digit) => `${part} ${place + 1}: ${digit}`),
    ),
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
    if (step > 0 && input[input.length - 2] === 1) phase++;
    return phase === 0 ? "graph" : (names[(phase - 1) % names.length] as string);
  });
}
