/** Facts that copy and repeat copy say in the same way. */
import type { SequenceSteps } from "./facts.js";

/** Names the channels of a pattern of bits: `bit 1`, `bit 2`. */
export function bitLabels(numBits: number): readonly string[] {
  return Array.from({ length: numBits }, (_, bit) => `bit ${bit + 1}`);
}

/** Describes patterns: `4 bits, length 1-2`. */
export function describePatterns(numBits: number, minLength: number, maxLength: number): string {
  return `${numBits} bit${numBits === 1 ? "" : "s"}, length ${describeRange(minLength, maxLength)}`;
}

/** Describes a range of sizes: `1-2`, or `2` if there is only one. */
export function describeRange(min: number, max: number): string {
  return min === max ? String(min) : `${min}-${max}`;
}

/**
 * Returns the fact `phases` of sequences of bits and markers: a marker is a phase of its own, steps that count are the output.
 *
 * @param numBits - number of channels of bits, the first ones.
 * @param markers - names of the other channels.
 */
export function patternPhases(numBits: number, markers: readonly string[]) {
  return ({ inputs, counts }: SequenceSteps): readonly string[] =>
    inputs.map((input, step) => {
      const marker = input.findIndex((value, channel) => channel >= numBits && value !== 0);
      return counts[step] ? "output" : (markers[marker - numBits] ?? "bits");
    });
}
