// Temporal linkage of one write head, and the forward and backward weights of the read heads. Forward and backward pass
// each go over the link matrix once.
//
// What a row needs of each column is packed: for each vector of columns, the vectors of all quantities lie side by side, so that
// a loop has one address for all of them. `at` is the address of such a block; lanes beyond the last column are 0.
#pragma once
#include "plan.h"
#include "small-linkage.h"

/** Vector number `quantity` of a block. */
#define AT(quantity) (*(vf *)(at + (quantity) * LANES))

/** Packs an array as quantity `quantity` of blocks of `vectors` vectors. */
INLINE void packQuantity(float *packed, int vectors, int quantity, const float *x, int slots) {
  EACH_VECTOR(slots, { *(vf *)(packed + i * vectors + quantity * LANES) = load(x + i, count); })
}

/** x += a quantity of the blocks. */
INLINE void addQuantity(float *x, const float *packed, int vectors, int quantity, int slots) {
  EACH_VECTOR(slots, { store(x + i, load(x + i, count) + *(vf *)(packed + i * vectors + quantity * LANES), count); })
}

/** Four entries, or as many as there are lanes, of a row of the new link: (1 - w[i] - w[j]) L[i, j] + w[i] p[j]. */
INLINE vf newLinkEntries(const float *at, vf previous, vf oneMinusWi, vf wi) {
  return madd(oneMinusWi - AT(0), previous, wi * AT(1));
}

/**
 * How many rows of a link are gone over together, and for how many read heads. With four lanes a pass waits for instructions: two
 * rows need hardly more loads than one, and both rows and two heads have room in registers. Wider vectors wait for memory, which
 * prefers one row after the other. A pair begins at an even row, so that both cross the diagonal in the same vector.
 */
enum { LINK_ROWS = LANES == 4 ? 2 : 1 };
INLINE int linkHeads(int remaining) { return LANES == 4 ? MIN(remaining, 2) : headGroup(remaining); }

/** Writes rows of the new link from row `row` on, off the diagonal. */
INLINE void linkRows(const int rows, float *to, const float *from, const float *packed, int vectors,
                     const float *w, int row, int slots) {
  vf wi[2], oneMinusWi[2];
  touchRows(from, rows, slots);
  for (int q = 0; q < rows; q++) wi[q] = splat(w[row + q]), oneMinusWi[q] = splat(1.0f - w[row + q]);
  int diagonal = row / LANES * LANES;
  EACH_VECTOR(slots, {
    const float *at = packed + i * vectors;
    vf l[2];
    for (int q = 0; q < rows; q++) l[q] = newLinkEntries(at, load(from + q * slots + i, count), oneMinusWi[q], wi[q]);
    if (i == diagonal)
      for (int q = 0; q < rows; q++) l[q] = offDiagonal(l[q], row + q, i);
    for (int q = 0; q < rows; q++) store(to + q * slots + i, l[q], count);
  })
}

/** Writes the whole new link, in the same place or another, and nothing else. `packed` is `linkScratch` floats. */
static void updateLink(float *link, const float *previous, const float *w, const float *p, float *packed, int slots) {
  if (slots <= SMALL_LINK) return smallLinkUpdate(link, previous, w, p, slots);
  packQuantity(packed, 2, 0, w, slots);
  packQuantity(packed, 2, 1, p, slots);
  for (int i = 0, rows; i < slots; i += rows) {
    rows = MIN(LINK_ROWS, slots - i);
    WITH_ROWS(rows, { linkRows(rows, link + (Size)i * slots, previous + (Size)i * slots, packed, 2, w, i, slots); })
  }
}

/**
 * Directional weights along rows of the new link: f_r = L[i, :] . r_r, b_r += r_r[i] L[i, :]. `heads`, 1, 2 or 4, and `rows`
 * are compile-time constants; `packed` begins at the first of the heads.
 */
INLINE void directionsForward(const int heads, const int rows, const float *link, float *packed, int vectors,
                              const float *readWeights, float *forward, int stride, int row, int slots) {
  vf sums[4] = {}, ri[4]; // by row, then head
  for (int q = 0; q < rows; q++)
    for (int r = 0; r < heads; r++) ri[q * heads + r] = splat(readWeights[r * slots + row + q]);
  EACH_VECTOR(slots, {
    float *at = packed + i * vectors;
    vf l[2];
    for (int q = 0; q < rows; q++) l[q] = load(link + q * slots + i, count);
    for (int r = 0; r < heads; r++) {
      vf read = AT(2 * r), backward = AT(2 * r + 1);
      for (int q = 0; q < rows; q++) {
        sums[q * heads + r] = madd(l[q], read, sums[q * heads + r]);
        backward = madd(ri[q * heads + r], l[q], backward);
      }
      AT(2 * r + 1) = backward;
    }
  })
  f4 totals = sums4(sums[0], sums[1], sums[2], sums[3]);
  for (int q = 0; q < rows; q++)
    for (int r = 0; r < heads; r++) forward[(Size)r * stride + row + q] = totals[q * heads + r];
}

/**
 * Updates the link, in the same place or another, and computes the directional weights of the read heads, those of two heads `stride`
 * apart. A block has w and p, then of each head its read weights and its backward weights. `packed` is `linkScratch` floats.
 */
static void linkForward(float *link, const float *previous, const float *w, const float *p, const float *readWeights, int readHeads,
                        float *forward, float *backward, int stride, float *restrict packed, int slots) {
  if (slots <= SMALL_LINK)
    return smallLinkForward(link, previous, w, p, readWeights, readHeads, forward, backward, stride, slots);
  int R = readHeads, vectors = linkForwardVectors(R);
  fill(packed, 0, (Size)(slots + LANES) * vectors);
  packQuantity(packed, vectors, 0, w, slots);
  packQuantity(packed, vectors, 1, p, slots);
  for (int r = 0; r < R; r++) packQuantity(packed, vectors, 2 + 2 * r, readWeights + r * slots, slots);
  for (int i = 0, rows; i < slots; i += rows) {
    float *row = link + (Size)i * slots;
    rows = MIN(LINK_ROWS, slots - i);
    WITH_ROWS(rows, {
      linkRows(rows, row, previous + (Size)i * slots, packed, vectors, w, i, slots);
      for (int r = 0, size; r < R; r += size) {
        size = linkHeads(R - r);
        WITH_HEADS(size, {
          directionsForward(heads, rows, row, packed + (2 + 2 * r) * LANES, vectors, readWeights + r * slots,
                            forward + (Size)r * stride, stride, i, slots);
        })
      }
    })
  }
  for (int r = 0; r < R; r++) {
    fill(backward + (Size)r * stride, 0, slots);
    addQuantity(backward + (Size)r * stride, packed, vectors, 3 + 2 * r, slots);
  }
}

/** What the backward pass of a row of the link needs of the row, for up to 4 read heads. */
typedef struct {
  vf wi, oneMinusWi, dw;           // dw: sums over the columns
  vf df[4], read[4], dRead[4];     // dRead: sums over the columns
} LinkRow;

/**
 * A block of the backward pass has w, p, dw and dp, then of each read head its read weights, db and dRead: all at constant distances
 * from the block, or from the part of the first of some heads.
 */
#define DW AT(2)
#define DP AT(3)
enum { FIRST_HEAD = 4, HEAD_VECTORS = 3 };
#define READ(r) AT(HEAD_VECTORS * (r))
#define DB(r) AT(HEAD_VECTORS * (r) + 1)
#define DREAD(r) AT(HEAD_VECTORS * (r) + 2)

/** Adds the gradients from the directional weights of some read heads to a vector of a row of dLink. */
INLINE vf directionsGradient(const int heads, vf g, const LinkRow *x, const float *at) {
  for (int r = 0; r < heads; r++) g = madd(x->df[r], READ(r), madd(x->read[r], DB(r), g));
  return g;
}

/** Adds to the gradients of the read weights of some read heads, from a vector of rows of the new link. */
INLINE void readGradient(const int heads, const int rows, const vf *l, LinkRow *x, float *at) {
  for (int r = 0; r < heads; r++) {
    vf back = DB(r), dRead = DREAD(r);
    for (int q = 0; q < rows; q++) {
      dRead = madd(x[q].df[r], l[q], dRead);
      x[q].dRead[r] = madd(l[q], back, x[q].dRead[r]);
    }
    DREAD(r) = dRead;
  }
}

INLINE void startHeads(const int heads, const int rows, LinkRow *x, const float *readWeights, const float *df, int row,
                       int slots) {
  for (int q = 0; q < rows; q++)
    for (int r = 0; r < heads; r++) {
      x[q].df[r] = splat(df[r * slots + row + q]);
      x[q].read[r] = splat(readWeights[r * slots + row + q]);
      x[q].dRead[r] = (vf){};
    }
}

INLINE void endHeads(const int heads, const int rows, const LinkRow *x, float *dRead, int row, int slots) {
  vf sums[4] = {}; // by row, then head
  for (int q = 0; q < rows; q++)
    for (int r = 0; r < heads; r++) sums[q * heads + r] = x[q].dRead[r];
  f4 totals = sums4(sums[0], sums[1], sums[2], sums[3]);
  for (int q = 0; q < rows; q++)
    for (int r = 0; r < heads; r++) dRead[r * slots + row + q] += totals[q * heads + r];
}

enum { ONE_PASS = LANES == 16 }; // the gradients of the read weights come while the new link is in registers, not from stored rows

/** Adds the gradients from the directional weights of some read heads to rows of dLink. */
INLINE void rowsFromDirections(const int heads, const int rows, float *dLink, const LinkRow *x, const float *packed,
                               int vectors, int slots) {
  EACH_VECTOR(slots, {
    const float *at = packed + i * vectors;
    vf g[2];
    for (int q = 0; q < rows; q++) g[q] = directionsGradient(heads, load(dLink + q * slots + i, count), &x[q], at);
    for (int q = 0; q < rows; q++) store(dLink + q * slots + i, g[q], count);
  })
}

/**
 * Propagates the gradient of rows of the new link, from row `row` on, and of the directional weights of the last `heads` read
 * heads to the old link, and adds to those of w and p. `packed` begins at block 0, `shift` is the number of vectors before the first
 * of these heads.
 */
INLINE void rowsBackward(const int heads, const int rows, const int onePass, float *restrict dLink,
                         const float *restrict previous, float *restrict newRows, LinkRow *x, float *packed, int shift,
                         int vectors, int row, int slots) {
  int diagonal = row / LANES * LANES;
  EACH_VECTOR(slots, {
    float *at = packed + i * vectors, *heads0 = at + shift * LANES;
    vf g[2], l[2], w = AT(0), p = AT(1), dw = DW, dp = DP;
    for (int q = 0; q < rows; q++)
      g[q] = directionsGradient(heads, load(dLink + q * slots + i, count), &x[q], heads0);
    if (i == diagonal)
      for (int q = 0; q < rows; q++) g[q] = offDiagonal(g[q], row + q, i);
    for (int q = 0; q < rows; q++) {
      vf old = load(previous + q * slots + i, count), retained = x[q].oneMinusWi - w;
      x[q].dw = madd(g[q], p - old, x[q].dw);
      dw -= g[q] * old;
      dp = madd(x[q].wi, g[q], dp);
      l[q] = madd(retained, old, x[q].wi * p);
      g[q] = retained * g[q];
    }
    DW = dw, DP = dp;
    for (int q = 0; q < rows; q++) store(dLink + q * slots + i, g[q], count);
    if (i == diagonal)
      for (int q = 0; q < rows; q++) l[q] = offDiagonal(l[q], row + q, i);
    if (onePass) readGradient(heads, rows, l, x, heads0);
    else
      for (int q = 0; q < rows; q++) store(newRows + q * slots + i, l[q], count);
  })
}

/** Adds to the gradients of the read weights of some read heads, from rows of the new link. */
INLINE void rowsToReadWeights(const int heads, const int rows, const float *newRows, LinkRow *x, float *packed, int vectors,
                              int slots) {
  EACH_VECTOR(slots, {
    float *at = packed + i * vectors;
    vf l[2];
    for (int q = 0; q < rows; q++) l[q] = load(newRows + q * slots + i, count);
    readGradient(heads, rows, l, x, at);
  })
}

/** `linkBackward` of rows from row i on; `packed` is filled, `dLink` and `previous` begin at the first row. */
INLINE void linkRowsBackward(const int rows, float *restrict dLink, const float *restrict previous, const float *w,
                             const float *readWeights, int readHeads, const float *df, float *dw, float *dRead, float *newRows,
                             float *packed, int i, int slots) {
  int R = readHeads, vectors = linkBackwardVectors(R);
  LinkRow x[2];
  touchRows(previous, rows, slots);
  touchRows(dLink, rows, slots);
  for (int q = 0; q < rows; q++) x[q].wi = splat(w[i + q]), x[q].oneMinusWi = splat(1.0f - w[i + q]), x[q].dw = (vf){};
  // The gradients from all read heads must be there before they are propagated, with those of the last ones.
  for (int r = 0, size; r < R; r += size) {
    int shift = FIRST_HEAD + HEAD_VECTORS * r;
    size = linkHeads(R - r);
    WITH_HEADS(size, {
      startHeads(heads, rows, x, readWeights + r * slots, df + r * slots, i, slots);
      if (size < R - r) rowsFromDirections(heads, rows, dLink, x, packed + shift * LANES, vectors, slots);
      else if (ONE_PASS && r == 0) rowsBackward(heads, rows, 1, dLink, previous, newRows, x, packed, shift, vectors, i, slots);
      else rowsBackward(heads, rows, 0, dLink, previous, newRows, x, packed, shift, vectors, i, slots);
      if (ONE_PASS && size == R) endHeads(heads, rows, x, dRead, i, slots);
    })
  }
  for (int r = 0, size; r < R && !(ONE_PASS && linkHeads(R) == R); r += size) {
    float *first = packed + (FIRST_HEAD + HEAD_VECTORS * r) * LANES;
    size = linkHeads(R - r);
    WITH_HEADS(size, {
      startHeads(heads, rows, x, readWeights + r * slots, df + r * slots, i, slots);
      rowsToReadWeights(heads, rows, newRows, x, first, vectors, slots);
      endHeads(heads, rows, x, dRead + r * slots, i, slots);
    })
  }
  for (int q = 0; q < rows; q++) dw[i + q] += sumLanes(x[q].dw);
}

/**
 * Propagates the gradients of the new link (dLink) and of the read heads' forward (df) and backward weights (db). dLink
 * becomes the gradient of the old link; dw, dp and dRead are added to. With g = dL off the diagonal and a = g L_old:
 * dw[i] = g[i, :] . p - sum a[i, :] - sum a[:, i], dp = w^T g.
 * `scratch` is `linkScratch` floats. `link`, the new link, is read only if it is small: otherwise to compute it again is faster.
 */
static void linkBackward(float *restrict dLink, const float *link, const float *restrict previous, const float *w, const float *p,
                         const float *readWeights, int readHeads, const float *df, const float *db, float *dw,
                         float *dp, float *dRead, float *scratch, int slots) {
  if (slots <= SMALL_LINK)
    return smallLinkBackward(dLink, link, previous, w, p, readWeights, readHeads, df, db, dw, dp, dRead, scratch, slots);
  int R = readHeads, vectors = linkBackwardVectors(R);
  float *newRows = scratch, *packed = scratch + LINK_ROWS * (Size)(slots + LANES);
  fill(packed, 0, (Size)(slots + LANES) * vectors);
  packQuantity(packed, vectors, 0, w, slots);
  packQuantity(packed, vectors, 1, p, slots);
  for (int r = 0; r < R; r++) {
    packQuantity(packed, vectors, FIRST_HEAD + HEAD_VECTORS * r, readWeights + r * slots, slots);
    packQuantity(packed, vectors, FIRST_HEAD + HEAD_VECTORS * r + 1, db + r * slots, slots);
  }
  for (int i = 0, rows; i < slots; i += rows) {
    Size at = (Size)i * slots;
    rows = MIN(LINK_ROWS, slots - i);
    WITH_ROWS(rows, {
      linkRowsBackward(rows, dLink + at, previous + at, w, readWeights, R, df, dw, dRead, newRows, packed, i, slots);
    })
  }
  addQuantity(dw, packed, vectors, 2, slots);
  addQuantity(dp, packed, vectors, 3, slots);
  for (int r = 0; r < R; r++) addQuantity(dRead + r * slots, packed, vectors, FIRST_HEAD + HEAD_VECTORS * r + 2, slots);
}
