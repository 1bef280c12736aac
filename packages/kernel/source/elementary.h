// The network's elementary functions.
#pragma once
#include "simd.h"

/**
 * Returns a b + c; not fused in WebAssembly, where that may differ from machine to machine: these functions have the same bits on
 * all.
 */
INLINE vf multiplyAdd(vf a, vf b, vf c) {
#if defined(__wasm__)
  return a * b + c;
#else
  return madd(a, b, c);
#endif
}

/** Returns x 2^n for whole n in [-126, 127]. */
INLINE vf timesPowerOf2(vf x, vf n) {
#if LANES == 16
  return (vf)_mm512_scalef_ps((__m512)x, (__m512)n);
#else
  return x * (vf)((__builtin_convertvector(n, vi) + 127) << 23);
#endif
}

/** Returns exp(x) with x clamped to [-87, 88]; relative error below 2e-7. */
INLINE vf exp_(vf given) {
  vf x = minOf(splat(88.0f), maxOf(splat(-87.0f), given));
  vf n = __builtin_elementwise_rint(x * 1.44269504f);
  vf r = multiplyAdd(n, splat(2.12194440e-4f), multiplyAdd(n, splat(-0.693359375f), x));
  vf y = multiplyAdd(splat(1.9875691500e-4f), r, splat(1.3981999507e-3f));
  y = multiplyAdd(y, r, splat(8.3334519073e-3f));
  y = multiplyAdd(y, r, splat(4.1665795894e-2f));
  y = multiplyAdd(y, r, splat(1.6666665459e-1f));
  y = multiplyAdd(y, r, splat(5.0000001201e-1f));
  return keepNaN(given, timesPowerOf2(multiplyAdd(y, r * r, r + 1.0f), n));
}

INLINE vf sigmoid(vf x) { return 1.0f / (1.0f + exp_(-x)); }

/** Returns tanh(x); relative error below 3e-7. */
INLINE vf tanh_(vf x) {
  vf z = x * x;
  vf small = multiplyAdd(splat(-5.70498872745e-3f), z, splat(2.06390887954e-2f));
  small = multiplyAdd(small, z, splat(-5.37397155531e-2f));
  small = multiplyAdd(small, z, splat(1.33314422036e-1f));
  small = multiplyAdd(small, z, splat(-3.33332819422e-1f));
  small = multiplyAdd(small * z, x, x);
  vf magnitude = 1.0f - 2.0f / (exp_(2.0f * __builtin_elementwise_abs(x)) + 1.0f);
  vf large = choose(x < 0.0f, -magnitude, magnitude);
  return choose(__builtin_elementwise_abs(x) < 0.625f, small, large);
}

/** Returns log(1 + y) for y in [0, 1], as the series of 2 atanh(y / (2 + y)). */
INLINE vf log1p_(vf y) {
  vf s = y / (2.0f + y), z = s * s, sum = splat(1.0f / 17);
  for (int n = 15; n >= 1; n -= 2) sum = multiplyAdd(sum, z, splat(1.0f / n));
  return 2.0f * s * sum;
}

/** Returns log(x); absolute error below 1e-7 or relative below 2e-7. NaN unless x is above 0; denormal x is not supported. */
INLINE vf log_(vf x) {
  vi exponent = ((vi)x - 0x3f3504f3) >> 23; // x = f 2^exponent, f in [sqrt(1/2), sqrt(2))
  // log(f) = 2 atanh(y / (2 + y))
  vf y = (vf)((vi)x - (exponent << 23)) - 1.0f, s = y / (2.0f + y), z = s * s, sum = splat(1.0f / 11);
  for (int n = 9; n >= 1; n -= 2) sum = multiplyAdd(sum, z, splat(1.0f / n));
  vf whole = __builtin_convertvector(exponent, vf), log = 2.0f * s * sum + whole * -2.12194440e-4f + whole * 0.693359375f;
  return choose(x > 0.0f, log, splat(__builtin_nanf("")));
}

INLINE vf softplus(vf x) { return maxOf(x, splat(0)) + log1p_(exp_(-__builtin_elementwise_abs(x))); }
