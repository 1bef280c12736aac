/** Parts thousands without letting a line break there. */
const NARROW_SPACE = "\u202f";

/** A number for people, its thousands apart: `20 000`, `0.38`, `1e-7`. */
export function grouped(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [whole, rest] = String(value).split(/(?=[.e])/, 2);
  const tail = String(value).slice(whole.length);
  return rest?.startsWith("e") || whole.length < 5
    ? whole + tail
    : whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE) + tail;
}

/** About four digits: `11.4972`, `0.3820`, `314.5`; very small ones with a power of ten. */
export function measured(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential(2);
  return value.toFixed(size < 100 ? 4 : size < 10_000 ? 1 : 0);
}
