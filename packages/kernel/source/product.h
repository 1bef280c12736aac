// Matrix products blocked for registers. The right-hand matrix is packed into panels of PANEL columns; a panel stores its rows
// consecutively, and the last panel is padded with zeros. Each element of a result is one chain of additions in the order
// of k, whatever the grouping of rows and their distribution over threads, so results depend on neither.
#pragma once
#include "plan.h"
#include "vectors.h"

/**
 * Adds A[rows, k] times `vectors` vectors of columns to those of C. The columns are the first of a panel, or all of it and of those
 * that follow at distance `stride`. `rows`, at most TILE_ROWS, and `vectors` are compile-time constants.
 */
INLINE void productRows(const int rows, const int vectors, float *c, Size ldc, const float *a, Size lda, const float *panel,
                        Size stride, int k) {
  vf sums[TILE_ROWS][TILE_VECTORS], b[TILE_VECTORS];
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) sums[r][v] = *(vf *)(c + r * ldc + v * LANES);
  for (int i = 0; i < k; i++) {
    for (int v = 0; v < vectors; v++)
      b[v] = *(vf *)(panel + v / PANEL_VECTORS * stride + i * PANEL + v % PANEL_VECTORS * LANES);
    for (int r = 0; r < rows; r++) {
      vf x = splat(a[r * lda + i]);
      for (int v = 0; v < vectors; v++) sums[r][v] = madd(x, b[v], sums[r][v]);
    }
  }
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < vectors; v++) *(vf *)(c + r * ldc + v * LANES) = sums[r][v];
}

/** The same for any number of rows, and of one panel's columns. */
INLINE void productPanel(const int vectors, float *c, Size ldc, const float *a, Size lda, int rows, const float *panel, int k) {
  int r = 0;
  for (; TILE_ROWS == 8 && r + 8 <= rows; r += 8) productRows(TILE_ROWS, vectors, c + r * ldc, ldc, a + r * lda, lda, panel, 0, k);
  for (; r + 4 <= rows; r += 4) productRows(4, vectors, c + r * ldc, ldc, a + r * lda, lda, panel, 0, k);
  if (r + 2 <= rows) productRows(2, vectors, c + r * ldc, ldc, a + r * lda, lda, panel, 0, k), r += 2;
  if (r < rows) productRows(1, vectors, c + r * ldc, ldc, a + r * lda, lda, panel, 0, k);
}

/**
 * C[rows, columns] += A[rows, k] B[k, columns], where B is rows [first, first + k) of a packed matrix with `depth` rows.
 * Writes whole panels: C needs `columns` rounded up to a multiple of PANEL.
 */
static void product(float *c, Size ldc, const float *a, Size lda, int rows, const float *panels, int depth, int first,
                    int k, int columns) {
  int j = 0;
  Size stride = (Size)PANEL * depth;
  const float *panel = panels + (Size)first * PANEL;
  // As many sums as registers hold, of few rows by more columns.
  if (TILE_VECTORS > PANEL_VECTORS && rows == 4)
    for (; j + 2 * PANEL <= columns; j += 2 * PANEL, panel += 2 * stride)
      productRows(4, TILE_VECTORS, c + j, ldc, a, lda, panel, stride, k);
  for (; j < columns; j += PANEL, panel += stride) {
    if (LANES == 16 && columns - j <= LANES) productPanel(1, c + j, ldc, a, lda, rows, panel, k);
    else productPanel(PANEL_VECTORS, c + j, ldc, a, lda, rows, panel, k);
  }
}

/** Copies w[k, n] to rows [first, first + k) and columns [at, at + n) of a packed matrix with `depth` rows. */
static void pack(float *panels, int depth, int first, int at, const float *w, int k, int n) {
  for (int j = 0, width; j < n; j += width) {
    int column = at + j, lane = column % PANEL;
    float *to = panels + ((Size)(column / PANEL) * depth + first) * PANEL + lane;
    width = MIN(PANEL - lane, n - j);
    for (int i = 0; i < k; i++) {
      const float *from = w + (Size)i * n + j;
      if (width == PANEL) copy(to + (Size)i * PANEL, from, PANEL);
      else copy(to + (Size)i * PANEL, from, width);
    }
  }
}

/** Zeroes the columns beyond `columns` in the last panel. */
static void padPanels(float *panels, int depth, int columns) {
  for (int i = 0; i < depth && columns % PANEL; i++)
    for (int q = columns % PANEL; q < PANEL; q++) panels[(columns / PANEL * depth + i) * PANEL + q] = 0;
}

/** Transposes a block of 4 by 4 numbers. */
INLINE void transpose4(float *to, Size toStride, const float *from, Size fromStride) {
  f4 a = *(f4 *)from, b = *(f4 *)(from + fromStride), c = *(f4 *)(from + 2 * fromStride), d = *(f4 *)(from + 3 * fromStride);
  f4 ab = SHUFFLE(a, b, 0, 4, 1, 5), cd = SHUFFLE(c, d, 0, 4, 1, 5);
  *(f4 *)to = SHUFFLE(ab, cd, 0, 1, 4, 5), *(f4 *)(to + toStride) = SHUFFLE(ab, cd, 2, 3, 6, 7);
  ab = SHUFFLE(a, b, 2, 6, 3, 7), cd = SHUFFLE(c, d, 2, 6, 3, 7);
  *(f4 *)(to + 2 * toStride) = SHUFFLE(ab, cd, 0, 1, 4, 5), *(f4 *)(to + 3 * toStride) = SHUFFLE(ab, cd, 2, 3, 6, 7);
}

/**
 * Copies the transpose of w[k, n] to rows [at, at + n) and columns [first, first + k) of a packed matrix. `first` is a multiple
 * of PANEL.
 */
static void packTransposed(float *panels, int depth, int first, int at, const float *w, int k, int n) {
  int i = 0;
  for (; i + 4 <= k; i += 4) {
    int column = first + i, j = 0;
    float *to = panels + ((Size)(column / PANEL) * depth + at) * PANEL + column % PANEL;
    const float *from = w + (Size)i * n;
    for (; j + 4 <= n; j += 4) transpose4(to + j * PANEL, PANEL, from + j, n);
    for (; j < n; j++)
      for (int q = 0; q < 4; q++) to[j * PANEL + q] = from[(Size)q * n + j];
  }
  for (; i < k; i++) {
    int column = first + i;
    float *to = panels + ((Size)(column / PANEL) * depth + at) * PANEL + column % PANEL;
    for (int j = 0; j < n; j++) to[j * PANEL] = w[(Size)i * n + j];
  }
}

/** A part of a row that is copied at once, of a panel of OUTER or PANEL columns. */
typedef float OuterPart __attribute__((vector_size(4 * OUTER), aligned(4)));

/** Packs A[rows, width], whose rows are ld apart, into panels of `size` columns, OUTER or PANEL, for `outerTile`. */
INLINE void packColumns(float *restrict panels, const int size, const float *restrict a, Size ld, int rows, int width) {
  int j = 0;
  for (; j + size <= width; j += size)
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < size; q += OUTER)
        *(OuterPart *)(panels + ((Size)(j / size) * rows + r) * size + q) = *(OuterPart *)(a + r * ld + j + q);
  if (j < width)
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < size; q++) panels[((Size)(j / size) * rows + r) * size + q] = j + q < width ? a[r * ld + j + q] : 0;
}

/**
 * Computes a tile of A^T B, summed over all rows in order: of OUTER columns of A, whose rows are lda apart, and the first `vectors`
 * vectors, a compile-time constant, of a panel of B. Rows of the tile are ld apart.
 *
 * @returns the sum of the squares of the tile.
 */
INLINE float outerTile(const int vectors, float *tile, Size ld, const float *a, Size lda, const float *b, int rows) {
  vf sums[OUTER][PANEL_VECTORS] = {}, right[PANEL_VECTORS], squares[4] = {};
  for (int r = 0; r < rows; r++) {
    for (int v = 0; v < vectors; v++) right[v] = *(vf *)(b + r * PANEL + v * LANES);
    for (int q = 0; q < OUTER; q++) {
      vf x = splat(a[r * lda + q]);
      for (int v = 0; v < vectors; v++) sums[q][v] = madd(x, right[v], sums[q][v]);
    }
  }
  for (int q = 0; q < OUTER; q++)
    for (int v = 0; v < vectors; v++) {
      vf *square = squares + (q * vectors + v) % 4;
      *(vf *)(tile + q * ld + v * LANES) = sums[q][v];
      *square = madd(sums[q][v], sums[q][v], *square);
    }
  return sumLanes((squares[0] + squares[1]) + (squares[2] + squares[3]));
}
