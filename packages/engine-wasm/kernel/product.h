// Matrix products blocked for registers. The right-hand side lies in panels of 8 columns, each panel row after row, padded
// with zeros. Every element of a result is one chain of additions in the order of k, however rows are grouped or shared
// out over threads, so results do not depend on either.
#pragma once
#include "plan.h"

INLINE void productRows(const int rows, float *c, int ldc, const float *a, int lda, const float *panel, int k) {
  f4 left[4], right[4];
  for (int r = 0; r < rows; r++) left[r] = *(f4 *)(c + r * ldc), right[r] = *(f4 *)(c + r * ldc + 4);
  for (int i = 0; i < k; i++) {
    f4 b0 = *(f4 *)(panel + i * PANEL), b1 = *(f4 *)(panel + i * PANEL + 4);
    for (int r = 0; r < rows; r++) {
      f4 x = splat(a[r * lda + i]);
      left[r] = madd(x, b0, left[r]);
      right[r] = madd(x, b1, right[r]);
    }
  }
  for (int r = 0; r < rows; r++) *(f4 *)(c + r * ldc) = left[r], *(f4 *)(c + r * ldc + 4) = right[r];
}

/** C[rows, columns] += A[rows, k] B[k, columns]; B from row `first` of panels with `depth` rows. Writes whole panels. */
static void product(float *c, int ldc, const float *a, int lda, int rows, const float *panels, int depth, int first, int k,
                    int columns) {
  for (int j = 0; j < columns; j += PANEL) {
    const float *panel = panels + (j * depth + first * PANEL);
    int r = 0;
    for (; r + 4 <= rows; r += 4) productRows(4, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
    if (rows - r == 3) productRows(3, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
    if (rows - r == 2) productRows(2, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
    if (rows - r == 1) productRows(1, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
  }
}

/** Puts columns [at, at + n) of a panelled matrix with `depth` rows to those of w[k, n], from row `first`. */
static void pack(float *panels, int depth, int first, int at, const float *w, int k, int n) {
  for (int i = 0; i < k; i++)
    for (int j = 0; j < n; j++) {
      int column = at + j;
      panels[(column / PANEL * depth + first + i) * PANEL + column % PANEL] = w[i * n + j];
    }
}

/** Puts zeros to what the last panel has beyond `columns`. */
static void padPanels(float *panels, int depth, int columns) {
  for (int i = 0; i < depth && columns % PANEL; i++)
    for (int q = columns % PANEL; q < PANEL; q++) panels[(columns / PANEL * depth + i) * PANEL + q] = 0;
}

/** As `pack`, for the transposed matrix: rows [at, at + n) of it to the columns of w[k, n], its columns from `first`. */
static void packTransposed(float *panels, int depth, int first, int at, const float *w, int k, int n) {
  for (int i = 0; i < k; i++) {
    int column = first + i;
    float *to = panels + (column / PANEL * depth + at) * PANEL + column % PANEL;
    for (int j = 0; j < n; j++) to[j * PANEL] = w[i * n + j];
  }
}

/** A[rows, width] with distance ld, as panels of 4 or 8 columns for `outerTile`. */
INLINE void packColumns(float *restrict panels, const int size, const float *restrict a, int ld, int rows, int width) {
  int j = 0;
  for (; j + size <= width; j += size)
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < size; q += 4) *(f4 *)(panels + (j / size * rows + r) * size + q) = *(f4 *)(a + r * ld + j + q);
  if (j < width)
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < size; q++) panels[(j / size * rows + r) * size + q] = j + q < width ? a[r * ld + j + q] : 0;
}

/** One tile of A^T B, 4 columns of A by 8 of B, over all rows in order: tile[4][8]. */
INLINE void outerTile(float *tile, const float *a, const float *b, int rows) {
  f4 left[4] = {}, right[4] = {};
  for (int r = 0; r < rows; r++) {
    f4 b0 = *(f4 *)(b + r * 8), b1 = *(f4 *)(b + r * 8 + 4);
    for (int q = 0; q < 4; q++) {
      f4 x = splat(a[r * 4 + q]);
      left[q] = madd(x, b0, left[q]);
      right[q] = madd(x, b1, right[q]);
    }
  }
  for (int q = 0; q < 4; q++) *(f4 *)(tile + q * 8) = left[q], *(f4 *)(tile + q * 8 + 4) = right[q];
}
