/** Numbers of bits: how they are drawn, and their channels. */
import { assertInteger, assertRange } from "../checks.js";
import type { Random } from "../random.js";
import type { Presentation } from "./scored-inputs.js";

/** Numbers of which looking through all is faster than a set. */
const FEW = 32;

/** Widest field: numbers of 30 bits are drawn as integers. */
const MAX_BITS = 30;

/** Throws unless a field has a number of bits that can be drawn. */
export function assertBits(name: string, bits: number): void {
  assertInteger(name, bits, 1, MAX_BITS, `an integer from 1 to ${MAX_BITS}`);
}

/** Throws unless sequences can have this many distinct keys. */
export function assertItems(minItems: number, maxItems: number, keyBits: number): void {
  assertRange("minItems", minItems, "maxItems", maxItems);
  if (maxItems > 2 ** keyBits)
    throw new RangeError(`maxItems: expected at most ${2 ** keyBits}, the number of keys, got ${maxItems}`);
}

/** Samples a number of these bits. */
export function sampleNumber(random: Random, bits: number): number {
  return random.integer(0, 2 ** bits - 1);
}

/** Samples distinct numbers, by rejection, in the order in which they were drawn. */
export function sampleDistinct(random: Random, count: number, bits: number): number[] {
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
export function bitsOf(number: number, bits: number): readonly number[] {
  const found = new Array<number>(bits);
  setBits(found, 0, number, bits, BITS);
  return found;
}

/** What stands for the bits 0 and 1. */
export type BitValues = readonly [zero: number, one: number];

const BITS: BitValues = [0, 1];

/** Sets channels from `first` on to the bits of a number, the lowest first. */
export function setBits(channels: number[], first: number, number: number, bits: number, [zero, one]: BitValues): void {
  for (let bit = 0; bit < bits; bit++) channels[first + bit] = (number >> bit) & 1 ? one : zero;
}

/** Returns what stands for the bits of inputs. */
export function inputValues({ signedInputs }: Presentation): BitValues {
  return signedInputs ? [-1, 1] : BITS;
}
