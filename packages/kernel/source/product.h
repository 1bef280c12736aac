// Matrix products blocked for registers. The right-hand matrix is packed into panels of 8 columns; a panel stores its rows
// consecutively, and the last panel is padded with zeros. Each element of a result is one chain of additions in the order
// of k, whatever the grouping of rows and their distribution over threads, so results depend on neither.
#pragma once
#include "plan.h"

/** Adds A[rows, k] times one panel to 8 columns of C; up to 4 rows. */
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

/**
 * C[rows, columns] += A[rows, k] B[k, columns], where B is rows [first, first + k) of a packed matrix with `depth` rows.
 * Writes whole panels: C needs `columns` rounded up to a multiple of 8.
 */
static void product(float *c, int ldc, const float *a, int lda, int rows, const float *panels, int depth, int first,
                    int k, int columns) {
  for (int j = 0; j < columns; j += PANEL) {
    const float *panel = panels + (j * depth + first * PANEL);
    int r = 0;
    for (; r + 4 <= rows; r += 4) productRows(4, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
    if (rows - r == 3) productRows(3, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
    if (rows - r == 2) productRows(2, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
    if (rows - r == 1) productRows(1, c + r * ldc + j, ldc, a + r * lda, lda, panel, k);
  }
}

/** Copies w[k, n] to rows [first, first + k) and columns [at, at + n) of a packed matrix with `depth` rows. */
static void pack(float *panels, int depth, int first, int at, const float *w, int k, int n) {
  for (int i = 0; i < k; i++)
    for (int j = 0; j < n; j++) {
      int column = at + j;
      panels[(column / PANEL * depth + first + i) * PANEL + column % PANEL] = w[i * n + j];
    }
}

/** Zeroes the columns beyond `columns` in the last panel. */
static void padPanels(float *panels, int depth, int columns) {
  for (int i = 0; i < depth && columns % PANEL; i++)
    for (int q = columns % PANEL; q < PANEL; q++) panels[(columns / PANEL * depth + i) * PANEL + q] = 0;
}

/** Copies the transpose of w[k, n] to rows [at, at + n) and columns [first, first + k) of a packed matrix. */
static void packTransposed(float *panels, int depth, int first, int at, const float *w, int k, int n) {
  for (int i = 0; i < k; i++) {
    int column = first + i;
    float *to = panels + (column / PANEL * depth + at) * PANEL + column % PANEL;
    for (int j = 0; j < n; j++) to[j * PANEL] = w[i * n + j];
  }
}

/** Packs A[rows, width], whose rows are ld apart, into panels of `size` columns, 4 or 8, for `outerTile`. */
INLINE void packColumns(float *restrict panels, const int size, const float *restrict a, int ld, int rows, int width) {
  int j = 0;
  for (; j + size <= width; j += size)
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < size; q += 4)
        *(f4 *)(panels + (j / size * rows + r) * size + q) = *(f4 *)(a + r * ld + j + q);
  if (j < width)
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < size; q++) panels[(j / size * rows + r) * size + q] = j + q < width ? a[r * ld + j + q] : 0;
}

/** Computes tile[4][8], a tile of A^T B for 4 columns of A and 8 of B, summed over all rows in order. */
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
