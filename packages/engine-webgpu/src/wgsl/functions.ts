/**
 * Elementary functions in WGSL. No intermediate value overflows if the result is finite, and NaN stays NaN if the device's
 * own arithmetic preserves it.
 */
export const FUNCTIONS = `
fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
fn sigmoid(x: f32) -> f32 {
  let e = exp(-abs(x));
  let s = 1f / (1f + e);
  return select(s, e * s, x < 0f);
}
fn tanh_(x: f32) -> f32 {
  let z = x * x;
  var small = -5.70498872745e-3f;
  small = small * z + 2.06390887954e-2f;
  small = small * z - 5.37397155531e-2f;
  small = small * z + 1.33314422036e-1f;
  small = small * z - 3.33332819422e-1f;
  small = small * z * x + x;
  let e = exp(-2f * abs(x));
  let large = (1f - e) / (1f + e);
  return select(select(large, -large, x < 0f), small, abs(x) < 0.625f);
}
fn softplus(x: f32) -> f32 {
  let y = exp(-abs(x));
  let s = y / (2f + y);
  let z = s * s;
  var sum = 1f / 17f;
  sum = sum * z + 1f / 15f;
  sum = sum * z + 1f / 13f;
  sum = sum * z + 1f / 11f;
  sum = sum * z + 1f / 9f;
  sum = sum * z + 1f / 7f;
  sum = sum * z + 1f / 5f;
  sum = sum * z + 1f / 3f;
  sum = sum * z + 1f;
  return max(x, 0f) + 2f * s * sum;
}
`;

/** Natural logarithm of a positive normal number, precise near 1, where `log` of WGSL need not be; uses `FUNCTIONS`. */
export const LOG = `
fn log_(x: f32) -> f32 {
  let exponent = (bitcast<i32>(x) - 0x3f3504f3i) >> 23u;
  let m = bitcast<f32>(bitcast<i32>(x) - (exponent << 23u));
  let s = (m - 1f) / (m + 1f);
  let z = s * s;
  let series = (((1f / 9f * z + 1f / 7f) * z + 0.2f) * z + 1f / 3f) * z * s + s;
  return select(x, f32(exponent) * 0.693147180559945f + 2f * series, isFinite(x));
}
`;

/** E = 1 - 1e-6, rounded like the reference. */
export const USAGE_SCALE = Math.fround(1 - Math.fround(1e-6));

/**
 * Usage and allocation in WGSL, with the roundings that decide which slots tie. `rounded` prevents the compiler from fusing a
 * product with a subtraction and from simplifying 1 - (1 - x): it does not know that `dims.zero` is zero.
 */
export const ALLOCATION = `
fn rounded(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ dims.zero); }
fn freeOf(usage: f32) -> f32 { return rounded(${USAGE_SCALE}f - rounded(${USAGE_SCALE}f * usage)); }
fn fullOf(free: f32) -> f32 {
  let full = 1f - free;
  return select(full, 0x1p-24f, full < 0x1p-24f);
}
fn usageAfterWrites(usage: f32, unwritten: f32) -> f32 { return rounded(usage + rounded((1f - usage) * (1f - rounded(unwritten)))); }
fn usageAfterAllocation(usage: f32, gate: f32, allocation: f32) -> f32 { return usage + rounded((1f - usage) * rounded(gate * allocation)); }
fn retentionOf(gate: f32, read: f32) -> f32 { return rounded(1f - rounded(gate * read)); }
fn ranksBefore(mine: f32, my: u32, other: f32, its: u32) -> bool { return mine > other || (mine == other && my < its); }
`;

/** The uniform: sizes that can differ between calls. */
export const DIMS = `
struct Dims { timeSteps: u32, batchSize: u32, history: u32, zeroState: u32, slot: u32, zero: u32, parity: u32, unused: u32 }
@group(0) @binding(0) var<uniform> dims: Dims;
`;

/** Code for a float32 constant. */
export function literal(value: number): string {
  const max = 3.4028234663852886e38;
  return `${Math.fround(Math.min(max, Math.max(-max, value)))}f`;
}

/** Code that clamps an expression to [-clipValue, clipValue]; a clip value of 0 means none. */
export function clipCode(clipValue: number, x: string): string {
  if (!(clipValue > 0)) return x;
  const limit = literal(clipValue);
  return `select(select(${x}, ${limit}, ${x} > ${limit}), -${limit}, ${x} < -${limit})`;
}

/** Code for the gradient of a clipped value: zero where the value was outside the bounds. */
export function clipGradientCode(clipValue: number, value: string, gradient: string): string {
  return clipValue > 0 ? `select(${gradient}, 0f, abs(${value}) > ${literal(clipValue)})` : gradient;
}
