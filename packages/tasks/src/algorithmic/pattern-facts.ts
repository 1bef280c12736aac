/** Facts that tasks of bits and markers say in the same way. */
import type { SequenceSteps } from "../facts.js";

/** Names the channels of a pattern of bits: `bit 1`, `bit 2`. */
export function bitLabels(numBits: number, name = "bit"): readonly string[] {
  return Array.from({ length: numBits }, (_, bit) => `${name} ${bit + 1}`);
}

/** Describes patterns: `4 bits, length 1-2`. */
export function describePatterns(numBits: number, minLength: number, maxLength: number): string {
  return `${describeBits(numBits)}, length ${describeRange(minLength, maxLength)}`;
}

/** Describes a width: `1 bit`, `4 bits`. */
export function describeBits(numBits: number): string {
  return `${numBits} bit${numBits === 1 ? "" : "s"}`;
}

/** Describes a range of sizes: `1-2`, or `2` if there is only one. */
export function describeRange(min: number, max: number): string {
  return min === max ? String(min) : `${min}-${max}`;
}

/** The mean of a uniform size. */
export function mean(min: number, max: number): number {
  return (min + max) / 2;
}

/**
 * Returns the fact `phases` of sequences of bits and markers: a marker is a phase of its own, steps that count and have no input are the
 * output.
 *
 * @param numBits - number of channels of bits, the first ones.
 * @param markers - names of the other channels; an input of at most 0 is none.
 * @param counted - name of the steps that count although they have an input; default: as if they did not count.
 */
export function patternPhases(numBits: number, markers: readonly string[], counted?: string) {
  return ({ inputs, counts }: SequenceSteps): readonly string[] =>
    inputs.map((input, step) => {
      const marker = input.findIndex((value, channel) => channel >= numBits && value > 0);
      if (marker >= 0) return markers[marker - numBits] as string;
      const isBlank = input.every((value) => value <= 0);
      if (isBlank) return counts[step] ? "output" : "bits";
      return (counts[step] && counted) || "bits";
    });
}
