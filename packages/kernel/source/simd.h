// Vectors of LANES floats, as many as the instruction set has.
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
/** Indices of four numbers of each block of four lanes, from those of the first block, of two vectors. */
#if LANES == 16
#define BLOCKS(a, b, c, d) a, b, c, d, a + 4, b + 4, c + 4, d + 4, a + 8, b + 8, c + 8, d + 8, a + 12, b + 12, c + 12, d + 12
#else
#define BLOCKS(a, b, c, d) a, b, c, d, a + 4, b + 4, c + 4, d + 4
#endif

/** For vectors i and i + 1 of each pair, in each block of four lanes, the sums of lanes 0 and 2, and of 1 and 3, in turn. */
INLINE vf pairSums(vf a, vf b) {
  return SHUFFLE(a, b, BLOCKS(0, LANES, 1, LANES + 1)) + SHUFFLE(a, b, BLOCKS(2, LANES + 2, 3, LANES + 3));
}

/** The sums of each block of four lanes of four vectors. */
INLINE vf blockSums(const vf *x) {
  vf ab = pairSums(x[0], x[1]), cd = pairSums(x[2], x[3]);
  return SHUFFLE(ab, cd, BLOCKS(0, 1, LANES, LANES + 1)) + SHUFFLE(ab, cd, BLOCKS(2, 3, LANES + 2, LANES + 3));
}

/** Sums the lanes of each of LANES vectors: lane l of the result is the sum of x[l]. */
INLINE vf sumsOfLanes(const vf *x) {
  vf a = blockSums(x), b = blockSums(x + 4);
#if LANES == 16
  vf c = blockSums(x + 8), d = blockSums(x + 12);
#define HALVES(a, b)                                                                                   \
  (SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +                            \
   SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
  vf ab = HALVES(a, b), cd = HALVES(c, d);
  return HALVES(ab, cd);
#else
  return SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
#endif
}
#else
INLINE vf sumsOfLanes(const vf *x) { return sums4(x[0], x[1], x[2], x[3]); }
#endif

/** The square root of each lane. */
INLINE vf squareRoots(vf x) {
#if LANES == 16
  return (vf)_mm512_sqrt_ps((__m512)x);
#elif LANES == 8
  return (vf)_mm256_sqrt_ps((__m256)x);
#else
  return (vf){__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])};
#endif
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

/** Returns a where a < b, elsewhere b: also where one of them is NaN. */
INLINE vf minOf(vf a, vf b) {
#if LANES == 16
  return (vf)_mm512_min_ps((__m512)a, (__m512)b);
#elif LANES == 8
  return (vf)_mm256_min_ps((__m256)a, (__m256)b);
#else
  return choose(a < b, a, b);
#endif
}

/** Returns a where a > b, elsewhere b: also where one of them is NaN. */
INLINE vf maxOf(vf a, vf b) {
#if LANES == 16
  return (vf)_mm512_max_ps((__m512)a, (__m512)b);
#elif LANES == 8
  return (vf)_mm256_max_ps((__m256)a, (__m256)b);
#else
  return choose(a > b, a, b);
#endif
}

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

/** Returns x, or `changed` where x is NaN, on platforms whose minimum and maximum may lose a NaN: WebAssembly's relaxed ones. */
INLINE vf keepNaN(vf x, vf changed) {
#if defined(__wasm__)
  return choose(x == x, changed, x);
#else
  return changed;
#endif
}

/** Clamps x to [low, high]. NaN stays NaN. */
INLINE vf clamp(vf x, float low, float high) { return keepNaN(x, minOf(splat(high), maxOf(splat(low), x))); }

/** Clamps x to [-limit, limit]; a limit of 0 means none. */
INLINE vf clipped(vf x, float limit) { return limit > 0 ? clamp(x, -limit, limit) : x; }
