/** The parts that draw initial values, each with a seed derived from the one seed. */
export const PARTS = { controller: 1, access: 2, output: 3 };

/**
 * Derives a seed from 0 to 2^31 - 1 for each part, mixed so that neither parts nor consecutive seeds draw the same
 * numbers.
 */
export function partSeed(seed: number, part: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) + Math.imul(part, 0x85ebca6b)) >>> 1;
}
