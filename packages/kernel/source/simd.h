// Vectors of LANES floats, as many as the instruction set has, and the network's elementary functions.
#pragma once
#include <stddef.h>
#if defined(__wasm__)
#include <wasm_simd128.h>
#elif defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif

typedef float f4 __attribute__((vector_size(16), aligned(4)));
typedef float vf __attribute__((vector_size(4 * LANES), aligned(4)));
/** Size of an array, or an offset in one: beyond 2^31 where the machine has 64 bits. */
typedef ptrdiff_t Size;

#define INLINE static inline __attribute__((always_inline))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/**
 * Runs a block for each vector of n numbers: `i` is the index of its first number, `count` the number of its lanes that are
 * numbers: LANES, a constant, and less in the last vector if n is not a multiple.
 */
#define EACH_VECTOR(n, ...)                         \
  {                                                 \
    int i = 0;                                      \
    for (; i + LANES <= (n); i += LANES) {          \
      const int count = LANES;                      \
      __VA_ARGS__                                   \
    }                                               \
    if (i < (n)) {                                  \
      const int count = (n) - i;                    \
      __VA_ARGS__                                   \
    }                                               \
  }

/** Number of heads that are computed together, of those that remain: 4, 2 (not in WebAssembly, for its size) or 1. */
INLINE int headGroup(int remaining) { return remaining >= 4 ? 4 : remaining >= 2 && LANES > 4 ? 2 : 1; }

/** Runs a block with `heads`, 4, 2 or 1, as a constant. */
#define WITH_HEADS(number, ...)  \
  if ((number) == 4) {           \
    const int heads = 4;         \
    __VA_ARGS__                  \
  } else if ((number) == 2) {    \
    const int heads = 2;         \
    __VA_ARGS__                  \
  } else {                       \
    const int heads = 1;         \
    __VA_ARGS__                  \
  }

/** Runs a block with `rows`, 2 or 1, as a constant. */
#define WITH_ROWS(number, ...)   \
  if ((number) == 2) {           \
    const int rows = 2;          \
    __VA_ARGS__                  \
  } else {                       \
    const int rows = 1;          \
    __VA_ARGS__                  \
  }

#if defined(__AVX2__) && !defined(__AVX512F__)
/** Lanes from 8 - count on are all ones in the first `count` of them. */
static const int LANE_MASKS[2 * LANES] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
INLINE __m256i laneMask(int count) { return _mm256_loadu_si256((const __m256i *)(LANE_MASKS + LANES - count)); }
#endif

/** Loads `count` numbers; the other lanes are 0. */
INLINE vf load(const float *p, int count) {
  if (count >= LANES) return *(const vf *)p;
#if defined(__AVX512F__)
  return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#elif defined(__AVX2__)
  return (vf)_mm256_maskload_ps(p, laneMask(count));
#else
  return (vf){p[0], count > 1 ? p[1] : 0, count > 2 ? p[2] : 0, 0};
#endif
}

/** Stores the first `count` lanes. */
INLINE void store(float *p, vf x, int count) {
  if (count >= LANES) {
    *(vf *)p = x;
    return;
  }
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)x);
#elif defined(__AVX2__)
  _mm256_maskstore_ps(p, laneMask(count), (__m256)x);
#else
  p[0] = x[0];
  if (count > 1) p[1] = x[1];
  if (count > 2) p[2] = x[2];
#endif
}

INLINE vf splat(float x) { return x - (vf){}; }

/** Returns a b + c, rounded once if the instruction set has fused multiply-add. */
INLINE vf madd(vf a, vf b, vf c) {
#if defined(__wasm_relaxed_simd__)
  return (vf)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#elif defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

#define SHUFFLE __builtin_shufflevector

/** Sums the lanes of each of four vectors: lane 0 of the result is the sum of a, lane 1 that of b, and so on. */
INLINE f4 sums4(vf a, vf b, vf c, vf d) {
#if LANES == 16
  vf ab = SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
          SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  vf cd = SHUFFLE(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
          SHUFFLE(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  vf four = SHUFFLE(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
            SHUFFLE(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  f4 w = SHUFFLE(four, four, 0, 1, 2, 3), x = SHUFFLE(four, four, 4, 5, 6, 7);
  f4 y = SHUFFLE(four, four, 8, 9, 10, 11), z = SHUFFLE(four, four, 12, 13, 14, 15);
#elif LANES == 8
  f4 w = SHUFFLE(a, a, 0, 1, 2, 3) + SHUFFLE(a, a, 4, 5, 6, 7), x = SHUFFLE(b, b, 0, 1, 2, 3) + SHUFFLE(b, b, 4, 5, 6, 7);
  f4 y = SHUFFLE(c, c, 0, 1, 2, 3) + SHUFFLE(c, c, 4, 5, 6, 7), z = SHUFFLE(d, d, 0, 1, 2, 3) + SHUFFLE(d, d, 4, 5, 6, 7);
#else
  f4 w = a, x = b, y = c, z = d;
#endif
  f4 wx = SHUFFLE(w, x, 0, 4, 1, 5) + SHUFFLE(w, x, 2, 6, 3, 7), yz = SHUFFLE(y, z, 0, 4, 1, 5) + SHUFFLE(y, z, 2, 6, 3, 7);
  return SHUFFLE(wx, yz, 0, 1, 4, 5) + SHUFFLE(wx, yz, 2, 3, 6, 7);
}

#if LANES > 4
typedef float f8 __attribute__((vector_size(32), aligned(4)));
#endif
#if LANES == 16
/** Combines the halves of x by an operation on two vectors, again and again, until four lanes are left in `four`. */
#define FOLD(x, combine)                                                                                              \
  f8 eight = combine(SHUFFLE(x, x, 0, 1, 2, 3, 4, 5, 6, 7), SHUFFLE(x, x, 8, 9, 10, 11, 12, 13, 14, 15));              \
  f4 four = combine(SHUFFLE(eight, eight, 0, 1, 2, 3), SHUFFLE(eight, eight, 4, 5, 6, 7));
#elif LANES == 8
#define FOLD(x, combine) f4 four = combine(SHUFFLE(x, x, 0, 1, 2, 3), SHUFFLE(x, x, 4, 5, 6, 7));
#else
#define FOLD(x, combine) f4 four = x;
#endif
#define ADD(a, b) ((a) + (b))

/** Returns the sum of the lanes. */
INLINE float sumLanes(vf x) {
  FOLD(x, ADD)
  return (four[0] + four[1]) + (four[2] + four[3]);
}

/** Returns the largest of the lanes. */
INLINE float maxLanes(vf x) {
  FOLD(x, __builtin_elementwise_max)
  return MAX(MAX(four[0], four[1]), MAX(four[2], four[3]));
}

typedef int vi __attribute__((vector_size(4 * LANES), aligned(4)));

/** Returns the lanes of a where the mask is set, elsewhere those of b. */
INLINE vf choose(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }

INLINE vf minOf(vf a, vf b) { return choose(a < b, a, b); }
INLINE vf maxOf(vf a, vf b) { return choose(a > b, a, b); }

/** Number of each lane. */
INLINE vi laneNumbers(void) {
  vi lane;
  for (int l = 0; l < LANES; l++) lane[l] = l;
  return lane;
}

/** Replaces the lanes from `count` on. */
INLINE vf beyond(vf x, int count, float other) {
  return count >= LANES ? x : choose(laneNumbers() < count, x, splat(other));
}

/** Clamps x to [low, high]. NaN stays NaN, which relaxed min and max do not guarantee. */
INLINE vf clamp(vf x, float low, float high) {
  vf clamped = choose(x < low, splat(low), x);
  clamped = choose(clamped > high, splat(high), clamped);
  return choose(x == x, clamped, x);
}

/** Clamps x to [-limit, limit]; a limit of 0 means none. */
INLINE vf clipped(vf x, float limit) { return limit > 0 ? clamp(x, -limit, limit) : x; }

/** Returns exp(x) with x clamped to [-87, 88]; relative error below 2e-7. */
INLINE vf exp_(vf given) {
  vf x = clamp(given, -87.0f, 88.0f);
  vf n = __builtin_elementwise_rint(x * 1.44269504f);
  vf r = x - n * 0.693359375f - n * -2.12194440e-4f;
  vf y = splat(1.9875691500e-4f);
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  // NaN stays NaN: where the sign of x is known, clang 22 clamps by relaxed_min, which may return either of its arguments.
  return choose(given == given, y * (vf)((__builtin_convertvector(n, vi) + 127) << 23), given);
}

INLINE vf sigmoid(vf x) { return 1.0f / (1.0f + exp_(-x)); }

/** Returns tanh(x); relative error below 3e-7. */
INLINE vf tanh_(vf x) {
  vf z = x * x;
  vf small = splat(-5.70498872745e-3f);
  small = small * z + 2.06390887954e-2f;
  small = small * z - 5.37397155531e-2f;
  small = small * z + 1.33314422036e-1f;
  small = small * z - 3.33332819422e-1f;
  small = small * z * x + x;
  vf magnitude = 1.0f - 2.0f / (exp_(2.0f * __builtin_elementwise_abs(x)) + 1.0f);
  vf large = choose(x < 0.0f, -magnitude, magnitude);
  return choose(__builtin_elementwise_abs(x) < 0.625f, small, large);
}

/** Returns log(1 + y) for y in [0, 1], as the series of 2 atanh(y / (2 + y)). */
INLINE vf log1p_(vf y) {
  vf s = y / (2.0f + y), z = s * s, sum = splat(1.0f / 17);
  for (int n = 15; n >= 1; n -= 2) sum = sum * z + 1.0f / n;
  return 2.0f * s * sum;
}

/** Returns log(x); absolute error below 1e-7 or relative below 2e-7. NaN unless x is above 0; denormal x is not supported. */
INLINE vf log_(vf x) {
  vi exponent = ((vi)x - 0x3f3504f3) >> 23; // x = f 2^exponent, f in [sqrt(1/2), sqrt(2))
  // log(f) = 2 atanh(y / (2 + y))
  vf y = (vf)((vi)x - (exponent << 23)) - 1.0f, s = y / (2.0f + y), z = s * s, sum = splat(1.0f / 11);
  for (int n = 9; n >= 1; n -= 2) sum = sum * z + 1.0f / n;
  vf whole = __builtin_convertvector(exponent, vf), log = 2.0f * s * sum + whole * -2.12194440e-4f + whole * 0.693359375f;
  return choose(x > 0.0f, log, splat(__builtin_nanf("")));
}

INLINE vf softplus(vf x) { return maxOf(x, splat(0)) + log1p_(exp_(-__builtin_elementwise_abs(x))); }
