import { assertArray, assertInteger } from "../checks.js";
import type { Pattern } from "../sequence.js";

/**
 * Throws unless a value is a pattern of bits.
 *
 * @param name - its name in messages.
 * @param pattern - the value.
 * @param numBits - number of bits of a step, and where that comes from; default: that of the first step.
 * @returns the number of bits of a step.
 */
export function assertPattern(
  name: string,
  pattern: Pattern,
  { numBits, as = "" }: { readonly numBits?: number | undefined; readonly as?: string | undefined } = {},
): number {
  assertArray(name, pattern);
  if (pattern.length === 0) throw new RangeError(`${name}: expected at least one step, got 0`);
  let width = numBits;
  pattern.forEach((bits, step) => {
    assertArray(`${name}[${step}]`, bits);
    width ??= bits.length;
    if (bits.length === 0) throw new RangeError(`${name}[${step}]: expected at least one bit, got 0`);
    if (bits.length !== width)
      throw new RangeError(`${name}[${step}]: expected ${width} bits${as}, got ${bits.length}`);
    bits.forEach((bit, index) => {
      assertInteger(`${name}[${step}][${index}]`, bit, 0, 1, "0 or 1");
    });
  });
  return width as number;
}
