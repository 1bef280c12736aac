/** Facts that copy and repeat copy say in the same way. */

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
