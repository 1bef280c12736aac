import { largest, type SequenceTrace } from "./trace.js";

/** Number of channels from which on they are read as words. */
const MANY_CHANNELS = 16;

/** Name of a channel that is a digit of a number: `source 1: 7` is the first digit of the source, 7. */
const DIGIT = /^(.*) (\d+): (.*)$/;

/** What stands where no digit is given. */
const NO_DIGIT = "–";

/**
 * Reads the active channels of each time step as a word, for tasks with a channel per word or per digit.
 *
 * @param name - quantity of the channels; outputs and targets are read only where they count.
 * @param labels - names of the channels.
 * @returns a word per time step, empty where there is none; undefined if the channels are too few for words.
 */
export function wordsOf(trace: SequenceTrace, name: string, labels: readonly string[]): readonly string[] | undefined {
  if (labels.length < MANY_CHANNELS) return undefined;
  const numbers = numbersOf(labels);
  return Array.from({ length: trace.timeSteps }, (_, step) => {
    if (name !== "observations" && !((trace.at("mask", step)[0] ?? 0) > 0)) return "";
    const values = trace.at(name, step);
    if (numbers.length > 0) return numberWord(values, numbers, labels);
    const channel = largest(values);
    return (values[channel] ?? 0) > 0 ? (labels[channel] ?? "") : "";
  });
}

/** The digits of each number: for each digit the indices of its channels. */
function numbersOf(labels: readonly string[]): readonly (readonly (readonly number[])[])[] {
  const numbers = new Map<string, Map<string, number[]>>();
  labels.forEach((label, channel) => {
    const [, number, digit] = DIGIT.exec(label) ?? [];
    if (number === undefined || digit === undefined) return;
    const digits = numbers.get(number) ?? new Map<string, number[]>();
    numbers.set(number, digits);
    digits.set(digit, [...(digits.get(digit) ?? []), channel]);
  });
  return [...numbers.values()].map((digits) => [...digits.values()]);
}

function numberWord(
  values: Float32Array,
  numbers: readonly (readonly (readonly number[])[])[],
  labels: readonly string[],
): string {
  const words = numbers.map((digits) => digits.map((channels) => digitOf(values, channels, labels)).join(""));
  return words.every((word) => /^–*$/.test(word)) ? "" : words.join(" ");
}

function digitOf(values: Float32Array, channels: readonly number[], labels: readonly string[]): string {
  const channel = channels[largest(channels.map((each) => values[each] as number))] as number;
  if (!((values[channel] ?? 0) > 0)) return NO_DIGIT;
  return DIGIT.exec(labels[channel] ?? "")?.[3] ?? "";
}
