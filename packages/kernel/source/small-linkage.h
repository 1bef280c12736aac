// Temporal linkage for a link matrix that fits into the fastest cache: one pass after the other, each over all rows for a
// vector of columns, so that what belongs to the columns stays in registers.
#pragma once
#include "vectors.h"

/** Largest number of slots for which this is faster than going over the matrix once, row by row. */
enum { SMALL_LINK = LANES == 4 ? 32 : 64 };

/**
 * Writes rows [first, last) of the new link in the columns from `column` on, `count` of them; 0 on the diagonal if
 * `hasDiagonal`.
 */
INLINE void smallLinkRows(const int hasDiagonal, float *link, const float *previous, const float *w,
                          vf wj, vf pj, int first, int last, int column, int count, int slots) {
  for (int n = first; n < last; n++) {
    Size at = (Size)n * slots + column;
    vf l = madd(splat(1.0f - w[n]) - wj, load(previous + at, count), splat(w[n]) * pj);
    store(link + at, hasDiagonal ? offDiagonal(l, n, column) : l, count);
  }
}

/** Writes the new link. */
static void smallLinkUpdate(float *link, const float *previous, const float *w, const float *p, int slots) {
  EACH_VECTOR(slots, {
    vf wj = load(w + i, count), pj = load(p + i, count);
    smallLinkRows(0, link, previous, w, wj, pj, 0, i, i, count, slots);
    smallLinkRows(1, link, previous, w, wj, pj, i, i + count, i, count, slots);
    smallLinkRows(0, link, previous, w, wj, pj, i + count, slots, i, count, slots);
  })
}

/** As `linkForward`. */
static void smallLinkForward(float *link, const float *previous, const float *w, const float *p,
                             const float *readWeights, int readHeads, float *forward, float *backward, int stride, int slots) {
  smallLinkUpdate(link, previous, w, p, slots);
  matVecs(forward, stride, link, readWeights, readHeads, slots, slots);
  for (int r = 0; r < readHeads; r++) fill(backward + (Size)r * stride, 0, slots);
  addRows(backward, stride, readWeights, link, readHeads, slots, slots);
}

/** What the backward pass keeps of a vector of columns: the arrays' values there, and sums over the rows for dw and dp. */
typedef struct {
  vf read[4], db[4], w, p, dw, dp;
} LinkColumns;

/** Adds the gradients from the directional weights of some read heads to a vector of row n of dLink. */
INLINE vf smallDirections(const int heads, vf g, const LinkColumns *x, const float *readWeights, const float *df, int n,
                           int slots) {
  for (int r = 0; r < heads; r++)
    g = madd(splat(df[r * slots + n]), x->read[r], madd(splat(readWeights[r * slots + n]), x->db[r], g));
  return g;
}

/**
 * Propagates the gradient of rows [n, n + rows) of the new link, in a vector of columns, to the old link, w and p, after
 * adding that from the last read heads. `heads` and `rows`, 1 or LANES, are compile-time constants.
 */
INLINE void smallRowsBackward(const int heads, const int rows, LinkColumns *x, float *restrict dLink,
                              const float *restrict previous, const float *w, const float *readWeights, const float *df,
                              float *dw, int n, int column, int count, int slots) {
  vf sums[LANES] = {};
  for (int q = 0; q < rows; q++) {
    Size at = (Size)(n + q) * slots + column;
    vf g = smallDirections(heads, load(dLink + at, count), x, readWeights, df, n + q, slots), old = load(previous + at, count);
    if (n + q - column >= 0 && n + q - column < LANES) g = offDiagonal(g, n + q, column);
    sums[q] = g * (x->p - old);
    x->dw -= g * old;
    x->dp = madd(splat(w[n + q]), g, x->dp);
    store(dLink + at, (splat(1.0f - w[n + q]) - x->w) * g, count);
  }
  addRowSums(rows, dw + n, sums);
}

/** As `linkBackward`; `link` is the new link. `scratch` is [readHeads][slots]. */
static void smallLinkBackward(float *restrict dLink, const float *link, const float *restrict previous, const float *w,
                              const float *p, const float *readWeights, int readHeads, const float *df,
                              const float *db, float *dw, float *dp, float *dRead, float *scratch, int slots) {
  matVecs(scratch, slots, link, db, readHeads, slots, slots);
  axpy(dRead, 1.0f, scratch, readHeads * slots);
  addRows(dRead, slots, df, link, readHeads, slots, slots);
  for (int r = 0, size; r < readHeads; r += size) {
    size = headGroup(readHeads - r);
    const float *weights = readWeights + r * slots, *ahead = df + r * slots, *back = db + r * slots;
    WITH_HEADS(size, {
      EACH_VECTOR(slots, {
        LinkColumns x = {.w = load(w + i, count), .p = load(p + i, count)};
        for (int h = 0; h < heads; h++)
          x.read[h] = load(weights + h * slots + i, count), x.db[h] = load(back + h * slots + i, count);
        if (r + size < readHeads) {
          for (int n = 0; n < slots; n++) {
            float *at = dLink + (Size)n * slots + i;
            store(at, smallDirections(heads, load(at, count), &x, weights, ahead, n, slots), count);
          }
        } else {
          int n = 0;
          for (; n + LANES <= slots; n += LANES)
            smallRowsBackward(heads, LANES, &x, dLink, previous, w, weights, ahead, dw, n, i, count, slots);
          for (; n < slots; n++)
            smallRowsBackward(heads, 1, &x, dLink, previous, w, weights, ahead, dw, n, i, count, slots);
          store(dw + i, load(dw + i, count) + x.dw, count);
          store(dp + i, load(dp + i, count) + x.dp, count);
        }
      })
    })
  }
}
