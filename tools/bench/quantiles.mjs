/** Order statistics. */

/** Computes the median; NaN if there are no values. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** Computes the 10%, 50% and 90% quantiles of at least one value. */
export function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * sorted.length)];
  return { p10: at(0.1), p50: median(sorted), p90: at(0.9) };
}
