/** Number of decimals of numbers in a range of 1. */
const DECIMALS = 4;

/**
 * Encodes numbers for an attribute of the page: rounded, separated by spaces, with `zN` for N zeros in a row.
 *
 * @param range - the larger it is, the fewer decimals the numbers keep.
 */
export function encodeValues(values: readonly number[], [low, high]: readonly [number, number]): string {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const decimals = Math.min(20, Math.max(0, DECIMALS - Math.ceil(Math.log10(size))));
  const tokens: string[] = [];
  let zeros = 0;
  const flush = () => {
    if (zeros > 0) tokens.push(zeros === 1 ? "0" : `z${zeros}`);
    zeros = 0;
  };
  for (const value of values) {
    const text = Number.isFinite(value) ? String(Number(value.toFixed(decimals))) : String(value);
    if (text === "0" || text === "-0") {
      zeros++;
      continue;
    }
    flush();
    tokens.push(text.replace(/^(-?)0\./, "$1."));
  }
  flush();
  return tokens.join(" ");
}
