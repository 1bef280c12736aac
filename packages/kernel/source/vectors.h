// Vector and small matrix operations for one batch element.
#pragma once
#include "simd.h"

/** Returns a . b */
INLINE float dot(const float *a, const float *b, int n) {
  f4 sum = {};
  int i = 0;
  for (; i + 4 <= n; i += 4) sum = madd(*(f4 *)(a + i), *(f4 *)(b + i), sum);
  float rest = sum4(sum);
  for (; i < n; i++) rest += a[i] * b[i];
  return rest;
}

/** y += x s */
INLINE void axpy(float *restrict y, float s, const float *restrict x, int n) {
  int i = 0;
  f4 scale = splat(s);
  for (; i + 4 <= n; i += 4) *(f4 *)(y + i) = madd(scale, *(f4 *)(x + i), *(f4 *)(y + i));
  for (; i < n; i++) y[i] += s * x[i];
}

/** Sums the lanes of each of four vectors: lane 0 of the result is the sum of a, lane 1 that of b, and so on. */
INLINE f4 sums4(f4 a, f4 b, f4 c, f4 d) {
  f4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  f4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/** y[n] = M[n] . x */
INLINE void matVec(float *restrict y, const float *m, const float *x, int rows, int width) {
  int n = 0, whole = width & ~3;
  for (; n + 4 <= rows; n += 4) {
    const float *m0 = m + n * width, *m1 = m0 + width, *m2 = m1 + width, *m3 = m2 + width;
    f4 s0 = {}, s1 = {}, s2 = {}, s3 = {};
    for (int i = 0; i < whole; i += 4) {
      f4 xi = *(f4 *)(x + i);
      s0 = madd(*(f4 *)(m0 + i), xi, s0), s1 = madd(*(f4 *)(m1 + i), xi, s1);
      s2 = madd(*(f4 *)(m2 + i), xi, s2), s3 = madd(*(f4 *)(m3 + i), xi, s3);
    }
    f4 total = sums4(s0, s1, s2, s3);
    for (int i = whole; i < width; i++) total += (f4){m0[i], m1[i], m2[i], m3[i]} * splat(x[i]);
    *(f4 *)(y + n) = total;
  }
  for (; n < rows; n++) y[n] = dot(m + n * width, x, width);
}

/** y += sum over n of s[n] M[n] */
INLINE void addRows(float *restrict y, const float *s, const float *m, int rows, int width) {
  int n = 0, whole = width & ~3;
  for (; n + 4 <= rows; n += 4) {
    const float *m0 = m + n * width, *m1 = m0 + width, *m2 = m1 + width, *m3 = m2 + width;
    f4 s0 = splat(s[n]), s1 = splat(s[n + 1]), s2 = splat(s[n + 2]), s3 = splat(s[n + 3]);
    for (int i = 0; i < whole; i += 4) {
      f4 yi = madd(s0, *(f4 *)(m0 + i), *(f4 *)(y + i));
      yi = madd(s1, *(f4 *)(m1 + i), yi);
      yi = madd(s2, *(f4 *)(m2 + i), yi);
      *(f4 *)(y + i) = madd(s3, *(f4 *)(m3 + i), yi);
    }
    for (int i = whole; i < width; i++) y[i] += s[n] * m0[i] + s[n + 1] * m1[i] + s[n + 2] * m2[i] + s[n + 3] * m3[i];
  }
  for (; n < rows; n++) axpy(y, s[n], m + n * width, width);
}

/** M[n] += s[n] x */
INLINE void addOuter(float *restrict m, const float *s, const float *x, int rows, int width) {
  for (int n = 0; n < rows; n++) axpy(m + n * width, s[n], x, width);
}

INLINE void fill(float *y, float s, int n) {
  for (int i = 0; i < n; i++) y[i] = s;
}

INLINE void copy(float *restrict y, const float *restrict x, int n) {
  for (int i = 0; i < n; i++) y[i] = x[i];
}

INLINE float sum(const float *x, int n) {
  float total = 0;
  for (int i = 0; i < n; i++) total += x[i];
  return total;
}

/** Replaces x by its softmax. */
INLINE void softmax(float *x, int n) {
  float largest = x[0];
  for (int i = 1; i < n; i++) largest = MAX(largest, x[i]);
  for (int i = 0; i < n; i++) x[i] = exp_(x[i] - largest);
  float scale = 1.0f / sum(x, n);
  for (int i = 0; i < n; i++) x[i] *= scale;
}

/** Gradient of a softmax y: dx = y (dy - y . dy). dx may be dy. */
INLINE void softmaxBackward(float *dx, const float *y, const float *dy, int n) {
  float mean = dot(y, dy, n);
  for (int i = 0; i < n; i++) dx[i] = y[i] * (dy[i] - mean);
}

/** y = s x */
INLINE void scale(float *restrict y, float s, const float *restrict x, int n) {
  for (int i = 0; i < n; i++) y[i] = s * x[i];
}

/** y *= 1 - s x */
INLINE void retain(float *restrict y, float s, const float *restrict x, int n) {
  for (int i = 0; i < n; i++) y[i] *= 1.0f - s * x[i];
}
