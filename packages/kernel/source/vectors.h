// Vector and small matrix operations for one batch element.
#pragma once
#include "elementary.h"

/** Zeroes the lane that is on the diagonal: column `row` in the vector of columns that begins at j. */
INLINE vf offDiagonal(vf x, int row, int j) { return (vf)((vi)x & (laneNumbers() != row - j)); }

/** Returns a . b */
INLINE float dot(const float *a, const float *b, int n) {
  vf sum = {};
  EACH_VECTOR(n, { sum = madd(load(a + i, count), load(b + i, count), sum); })
  return sumLanes(sum);
}

/** y += x s */
INLINE void axpy(float *restrict y, float s, const float *restrict x, int n) {
  vf scale = splat(s);
  EACH_VECTOR(n, { store(y + i, madd(scale, load(x + i, count), load(y + i, count)), count); })
}

/**
 * y[h][n] = M[n] . x[h] for several x, in one pass over M, from row n on. Vectors x are stored one after the other, vectors y
 * `stride` apart. `heads` is a compile-time constant, 1, 2 or 4.
 */
INLINE void matVecHeads(const int heads, float *restrict y, Size stride, const float *m, const float *x, int n, int rows,
                        int width) {
  for (; n + 4 <= rows; n += 4) {
    const float *row = m + (Size)n * width;
    vf sums[4][4] = {};
    EACH_VECTOR(width, {
      vf xs[4];
      for (int h = 0; h < heads; h++) xs[h] = load(x + h * width + i, count);
      for (int q = 0; q < 4; q++) {
        vf mi = load(row + q * width + i, count);
        for (int h = 0; h < heads; h++) sums[h][q] = madd(mi, xs[h], sums[h][q]);
      }
    })
    for (int h = 0; h < heads; h++)
      *(f4 *)(y + h * stride + n) = sums4(sums[h][0], sums[h][1], sums[h][2], sums[h][3]);
  }
  for (; n < rows; n++)
    for (int h = 0; h < heads; h++) y[h * stride + n] = dot(m + (Size)n * width, x + h * width, width);
}

#if LANES > 4
/** The same for one x and LANES rows, of which few instructions make a vector of sums. */
INLINE vf matVecRows(const float *m, const float *x, int width) {
  vf sums[LANES] = {};
  EACH_VECTOR(width, {
    vf xi = load(x + i, count);
    for (int q = 0; q < LANES; q++) sums[q] = madd(load(m + (Size)q * width + i, count), xi, sums[q]);
  })
  return sumsOfLanes(sums);
}
#endif

/** The same for any number of heads, and all rows. */
static void matVecs(float *restrict y, Size stride, const float *m, const float *x, int number, int rows, int width) {
  int n = 0;
#if LANES > 4
  for (; n + LANES <= rows; n += LANES)
    for (int h = 0; h < number; h++)
      *(vf *)(y + h * stride + n) = matVecRows(m + (Size)n * width, x + h * width, width);
  if (n == rows) return;
#endif
  for (int h = 0, size; h < number; h += size) {
    size = LANES == 16 ? headGroup(number - h) : MIN(number - h, 2);
    WITH_HEADS(size, { matVecHeads(heads, y + h * stride, stride, m, x + h * width, n, rows, width); })
  }
}

/** y[q] += the sum of x[q]'s lanes, for `rows` numbers, a compile-time constant, 1 or LANES. */
INLINE void addRowSums(const int rows, float *y, const vf *x) {
  if (rows == LANES) *(vf *)y += sumsOfLanes(x);
  else *y += sumLanes(x[0]);
}

/** Rows of a memory for which one column after the other is computed: few enough to stay in the fastest cache. */
enum { ROW_BLOCK = 32 };

/**
 * y[h] += sum over n of s[h][n] M[n] in `vectors` vectors of columns, for `heads` vectors y, `stride` apart. `heads` and `vectors` are
 * compile-time constants; of the last vector `count` lanes are columns.
 */
INLINE void addRowsColumns(const int heads, const int vectors, float *restrict y, Size stride, const float *s, const float *m,
                           int from, int to, int rows, int width, int count) {
  vf sums[4][2];
#define COUNT (v + 1 < vectors ? LANES : count)
  for (int h = 0; h < heads; h++)
    for (int v = 0; v < vectors; v++) sums[h][v] = load(y + h * stride + v * LANES, COUNT);
  for (int n = from; n < to; n++) {
    vf mi[2];
    for (int v = 0; v < vectors; v++) mi[v] = load(m + (Size)n * width + v * LANES, COUNT);
    for (int h = 0; h < heads; h++) {
      vf sn = splat(s[h * rows + n]);
      for (int v = 0; v < vectors; v++) sums[h][v] = madd(sn, mi[v], sums[h][v]);
    }
  }
  for (int h = 0; h < heads; h++)
    for (int v = 0; v < vectors; v++) store(y + h * stride + v * LANES, sums[h][v], COUNT);
#undef COUNT
}

/** The same in all columns: two vectors of them at a time, so that there are enough sums to add to while others are computed. */
INLINE void addRowsHeads(const int heads, float *restrict y, Size stride, const float *s, const float *m, int rows, int width) {
  for (int from = 0; from < rows; from += ROW_BLOCK) {
    int to = MIN(rows, from + ROW_BLOCK), i = 0;
    if (LANES > 4)
      for (; i + 2 * LANES <= width; i += 2 * LANES)
        addRowsColumns(heads, 2, y + i, stride, s, m + i, from, to, rows, width, LANES);
    for (; i + LANES <= width; i += LANES) addRowsColumns(heads, 1, y + i, stride, s, m + i, from, to, rows, width, LANES);
    if (i < width) addRowsColumns(heads, 1, y + i, stride, s, m + i, from, to, rows, width, width - i);
  }
}

/** The same for any number of heads. */
static void addRows(float *restrict y, Size stride, const float *s, const float *m, int number, int rows, int width) {
  for (int h = 0, size; h < number; h += size) {
    size = headGroup(number - h);
    WITH_HEADS(size, { addRowsHeads(heads, y + h * stride, stride, s + h * rows, m, rows, width); })
  }
}

/**
 * Loads rows that lie one after the other, a number of each cache line, before two of them are gone over side by side: processors
 * fetch ahead what is read in order.
 */
INLINE void touchRows(const float *x, int rows, int slots) {
  for (int i = 0; i < rows * slots && rows > 1; i += 16) (void)*(const volatile float *)(x + i);
}

INLINE void fill(float *y, float s, Size n) {
  for (Size i = 0; i < n; i++) y[i] = s;
}

INLINE void copy(float *restrict y, const float *restrict x, Size n) {
  for (Size i = 0; i < n; i++) y[i] = x[i];
}

INLINE float sum(const float *x, int n) {
  vf total = {};
  EACH_VECTOR(n, { total += load(x + i, count); })
  return sumLanes(total);
}

/** Returns the largest of n numbers. */
INLINE float largest(const float *x, int n) {
  vf found = splat(x[0]);
  EACH_VECTOR(n, { found = maxOf(found, beyond(load(x + i, count), count, x[0])); })
  return maxLanes(found);
}

/** y = exp(s x - largest s x), of which it returns the sum. y may be x; s is not negative. */
INLINE float exponentials(float *y, float s, const float *x, int n) {
  vf factor = splat(s), shift = splat(s * largest(x, n)), total = {};
  EACH_VECTOR(n, {
    vf e = exp_(factor * load(x + i, count) - shift);
    store(y + i, e, count);
    total += beyond(e, count, 0);
  })
  return sumLanes(total);
}

/** y = softmax(s x). y may be x; s is not negative. */
INLINE void softmax(float *y, float s, const float *x, int n) {
  vf scale = splat(1.0f / exponentials(y, s, x, n));
  EACH_VECTOR(n, { store(y + i, load(y + i, count) * scale, count); })
}

/** Replaces each of some rows of a few numbers by its softmax: the exponentials of all rows together. */
static void softmaxRows(float *x, int rows, int width) {
  for (int r = 0; r < rows; r++) {
    float *row = x + r * width, shift = row[0];
    for (int i = 1; i < width; i++) shift = row[i] > shift ? row[i] : shift;
    for (int i = 0; i < width; i++) row[i] -= shift;
  }
  EACH_VECTOR(rows * width, { store(x + i, exp_(load(x + i, count)), count); })
  for (int r = 0; r < rows; r++) {
    float *row = x + r * width, total = row[0];
    for (int i = 1; i < width; i++) total += row[i];
    float scale = 1.0f / total;
    for (int i = 0; i < width; i++) row[i] *= scale;
  }
}

/** Gradient of a softmax y: dx = y (dy - y . dy). dx may be dy. */
INLINE void softmaxBackward(float *dx, const float *y, const float *dy, int n) {
  float mean = dot(y, dy, n);
  EACH_VECTOR(n, { store(dx + i, load(y + i, count) * (load(dy + i, count) - mean), count); })
}

/** y = s x */
INLINE void scale(float *restrict y, float s, const float *restrict x, int n) {
  EACH_VECTOR(n, { store(y + i, s * load(x + i, count), count); })
}

/** For rows of a few numbers that are softmaxes y: replaces their gradients by those before the softmax. */
static void softmaxRowsBackward(float *restrict d, const float *y, int rows, int width) {
  for (int at = 0; at < rows * width; at += width) {
    float mean = 0;
    for (int i = at; i < at + width; i++) mean += y[i] * d[i];
    for (int i = at; i < at + width; i++) d[i] = y[i] * (d[i] - mean);
  }
}

/** Replaces x by its sigmoid. */
INLINE void sigmoids(float *x, int n) {
  EACH_VECTOR(n, { store(x + i, sigmoid(load(x + i, count)), count); })
}
