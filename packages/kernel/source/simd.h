// Vectors of four floats, and the network's elementary functions on single floats, written without branches so that the
// compiler can vectorize them.
#pragma once
#include <wasm_simd128.h>

typedef float f4 __attribute__((vector_size(16), aligned(4)));

#define INLINE static inline __attribute__((always_inline))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

INLINE f4 splat(float x) { return (f4){x, x, x, x}; }

/** Returns a b + c, rounded once if the instruction set has fused multiply-add. */
INLINE f4 madd(f4 a, f4 b, f4 c) {
#ifdef __wasm_relaxed_simd__
  return (f4)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#else
  return a * b + c;
#endif
}

/** Returns the sum of the four lanes. */
INLINE float sum4(f4 x) { return (x[0] + x[1]) + (x[2] + x[3]); }

/** Clamps x to [low, high]. NaN stays NaN, which relaxed min and max do not guarantee. */
INLINE float clamp(float x, float low, float high) {
  float clamped = x < low ? low : x;
  clamped = clamped > high ? high : clamped;
  return x == x ? clamped : x;
}

/** Clamps x to [-limit, limit]; a limit of 0 means none. */
INLINE float clipped(float x, float limit) { return limit > 0 ? clamp(x, -limit, limit) : x; }

/** Returns exp(x) with x clamped to [-87, 88]; relative error below 2e-7. */
INLINE float exp_(float x) {
  x = clamp(x, -87.0f, 88.0f);
  float n = __builtin_rintf(x * 1.44269504f);
  float r = x - n * 0.693359375f - n * -2.12194440e-4f;
  float y = 1.9875691500e-4f;
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  union { int i; float f; } power = {((int)n + 127) << 23};
  return y * power.f;
}

INLINE float sigmoid(float x) { return 1.0f / (1.0f + exp_(-x)); }

/** Returns tanh(x); relative error below 3e-7. */
INLINE float tanh_(float x) {
  float z = x * x;
  float small = -5.70498872745e-3f;
  small = small * z + 2.06390887954e-2f;
  small = small * z - 5.37397155531e-2f;
  small = small * z + 1.33314422036e-1f;
  small = small * z - 3.33332819422e-1f;
  small = small * z * x + x;
  float magnitude = 1.0f - 2.0f / (exp_(2.0f * __builtin_fabsf(x)) + 1.0f);
  float large = x < 0 ? -magnitude : magnitude;
  return __builtin_fabsf(x) < 0.625f ? small : large;
}

/** Returns log(1 + y) for y in [0, 1], as the series of 2 atanh(y / (2 + y)). */
INLINE float log1p_(float y) {
  float s = y / (2.0f + y), z = s * s, sum = 1.0f / 17;
  for (int n = 15; n >= 1; n -= 2) sum = sum * z + 1.0f / n;
  return 2.0f * s * sum;
}

/** Returns log(x); absolute error below 1e-7 or relative below 2e-7. NaN unless x is above 0; denormal x is not supported. */
INLINE float log_(float x) {
  union { float f; int i; } bits = {x};
  int exponent = (int)((unsigned)bits.i - 0x3f3504f3u) >> 23; // x = f 2^exponent, f in [sqrt(1/2), sqrt(2))
  bits.i = (int)((unsigned)bits.i - ((unsigned)exponent << 23));
  float y = bits.f - 1.0f, s = y / (2.0f + y), z = s * s, sum = 1.0f / 11; // log(f) = 2 atanh(y / (2 + y))
  for (int n = 9; n >= 1; n -= 2) sum = sum * z + 1.0f / n;
  float whole = (float)exponent, log = 2.0f * s * sum + whole * -2.12194440e-4f + whole * 0.693359375f;
  return x > 0 ? log : __builtin_nanf("");
}

INLINE float softplus(float x) { return MAX(x, 0.0f) + log1p_(exp_(-__builtin_fabsf(x))); }
