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

/** Writes row `row` of the new link, off the diagonal. */
INLINE void linkRow(float *restrict to, const float *restrict from, const float *packed, int vectors, float w,
                    int row, int slots) {
  vf wi = splat(w), oneMinusWi = splat(1.0f - w);
  int diagonal = row / LANES * LANES;
  EACH_VECTOR(slots, {
    vf l = newLinkEntries(packed + i * vectors, load(from + i, count), oneMinusWi, wi);
    if (i == diagonal) l = offDiagonal(l, row, i);
    store(to + i, l, count);
  })
}

/** Writes the whole new link, and nothing else. `packed` is `linkScratch` floats. */
static void updateLink(float *restrict link, const float *restrict previous, const float *w, const float *p, float *packed,
                       int slots) {
  if (slots <= SMALL_LINK) return smallLinkUpdate(link, previous, w, p, slots);
  packQuantity(packed, 2, 0, w, slots);
  packQuantity(packed, 2, 1, p, slots);
  for (int i = 0; i < slots; i++) linkRow(link + (Size)i * slots, previous + (Size)i * slots, packed, 2, w[i], i, slots);
}

/**
 * Directional weights along one row of the new link: f_r = L[i, :] . r_r, b_r += r_r[i] L[i, :]. `heads` is a compile-time
 * constant, 1, 2 or 4; `packed` begins at the read weights of the first of them, of `readHeads` in all.
 */
INLINE void directionsForward(const int heads, const float *link, float *packed, int vectors, int readHeads,
                              const float *readWeights, float *forward, int stride, int row, int slots) {
  vf sums[4] = {}, ri[4];
  for (int r = 0; r < heads; r++) ri[r] = splat(readWeights[r * slots + row]);
  EACH_VECTOR(slots, {
    float *at = packed + i * vectors;
    vf l = load(link + i, count);
    for (int r = 0; r < heads; r++) {
      sums[r] = madd(l, AT(r), sums[r]);
      AT(readHeads + r) = madd(ri[r], l, AT(readHeads + r));
    }
  })
  f4 totals = sums4(sums[0], sums[1], sums[2], sums[3]);
  for (int r = 0; r < heads; r++) forward[(Size)r * stride + row] = totals[r];
}

/**
 * Updates the link and computes the directional weights of the read heads. Those of two heads are `stride` apart. A block
 * has w, p, the read weights, then the backward weights of the heads. `packed` is `linkScratch` floats.
 */
static void linkForward(float *restrict link, const float *restrict previous, const float *w, const float *p,
                        const float *readWeights, int readHeads, float *forward, float *backward, int stride,
                        float *restrict packed, int slots) {
  if (slots <= SMALL_LINK)
    return smallLinkForward(link, previous, w, p, readWeights, readHeads, forward, backward, stride, slots);
  int R = readHeads, vectors = linkForwardVectors(R);
  fill(packed, 0, (Size)(slots + LANES) * vectors);
  packQuantity(packed, vectors, 0, w, slots);
  packQuantity(packed, vectors, 1, p, slots);
  for (int r = 0; r < R; r++) packQuantity(packed, vectors, 2 + r, readWeights + r * slots, slots);
  for (int i = 0; i < slots; i++) {
    float *row = link + (Size)i * slots;
    linkRow(row, previous + (Size)i * slots, packed, vectors, w[i], i, slots);
    for (int r = 0, size; r < R; r += size) {
      size = headGroup(R - r);
      WITH_HEADS(size, {
        directionsForward(heads, row, packed + (2 + r) * LANES, vectors, R, readWeights + r * slots,
                          forward + (Size)r * stride, stride, i, slots);
      })
    }
  }
  for (int r = 0; r < R; r++) {
    fill(backward + (Size)r * stride, 0, slots);
    addQuantity(backward + (Size)r * stride, packed, vectors, 2 + R + r, slots);
  }
}

/** What the backward pass of a row of the link needs of the row, for up to 4 read heads. */
typedef struct {
  vf wi, oneMinusWi, dw;           // dw: sums over the columns
  vf df[4], read[4], dRead[4];     // dRead: sums over the columns
} LinkRow;

/** Where the quantities of a block of the backward pass are, for `readHeads` read heads. */
#define READ(r) AT(2 + (r))
#define DB(r) AT(2 + readHeads + (r))
#define DW AT(2 + 2 * readHeads)
#define DP AT(3 + 2 * readHeads)
#define DREAD(r) AT(4 + 2 * readHeads + (r))

/** Adds the gradients from the directional weights of some read heads to a vector of a row of dLink. */
INLINE vf directionsGradient(const int heads, vf g, const LinkRow *x, const float *at, int readHeads) {
  for (int r = 0; r < heads; r++) g = madd(x->df[r], READ(r), madd(x->read[r], DB(r), g));
  return g;
}

/** Adds to the gradients of the read weights of some read heads, from a vector of a row of the new link. */
INLINE void readGradient(const int heads, vf l, LinkRow *x, float *at, int readHeads) {
  for (int r = 0; r < heads; r++) {
    DREAD(r) = madd(x->df[r], l, DREAD(r));
    x->dRead[r] = madd(l, DB(r), x->dRead[r]);
  }
}

/**
 * Propagates the gradient g of a vector of a row of the new link: writes that of the old link, and adds to those of w and p.
 *
 * @returns the vector of the new link.
 */
INLINE vf updateGradient(vf g, float *dLink, vf old, int count, LinkRow *x, float *at, int readHeads) {
  vf retained = x->oneMinusWi - AT(0), p = AT(1);
  x->dw = madd(g, p - old, x->dw);
  DW -= g * old;
  DP = madd(x->wi, g, DP);
  store(dLink, retained * g, count);
  return madd(retained, old, x->wi * p);
}

INLINE void startHeads(const int heads, LinkRow *x, const float *readWeights, const float *df, int row, int slots) {
  for (int r = 0; r < heads; r++) {
    x->df[r] = splat(df[r * slots + row]);
    x->read[r] = splat(readWeights[r * slots + row]);
    x->dRead[r] = (vf){};
  }
  for (int r = heads; r < 4; r++) x->dRead[r] = (vf){};
}

INLINE void endHeads(const int heads, const LinkRow *x, float *dRead, int row, int slots) {
  f4 totals = sums4(x->dRead[0], x->dRead[1], x->dRead[2], x->dRead[3]);
  for (int r = 0; r < heads; r++) dRead[r * slots + row] += totals[r];
}

/** Whether the gradients of the read weights are computed while the new link is in registers, or from a stored row of it. */
enum { ONE_PASS = LANES == 16 };

/** Adds the gradients from the directional weights of some read heads to a row of dLink. */
INLINE void rowFromDirections(const int heads, float *dLink, const LinkRow *x, const float *packed, int readHeads, int slots) {
  int vectors = linkBackwardVectors(readHeads);
  EACH_VECTOR(slots, {
    const float *at = packed + i * vectors;
    store(dLink + i, directionsGradient(heads, load(dLink + i, count), x, at, readHeads), count);
  })
}

/**
 * Propagates the gradient of row `row` of the new link and of the directional weights of the last `heads` read heads to the
 * old link. `packed` begins at block 0, `shift` is the number of the first of these heads.
 */
INLINE void rowBackward(const int heads, const int onePass, float *restrict dLink, const float *restrict previous,
                        float *restrict newRow, LinkRow *x, float *packed, int shift, int readHeads, int row, int slots) {
  int vectors = linkBackwardVectors(readHeads), diagonal = row / LANES * LANES;
  EACH_VECTOR(slots, {
    float *at = packed + i * vectors, *heads0 = at + shift * LANES;
    vf g = directionsGradient(heads, load(dLink + i, count), x, heads0, readHeads);
    if (i == diagonal) g = offDiagonal(g, row, i);
    vf l = updateGradient(g, dLink + i, load(previous + i, count), count, x, at, readHeads);
    if (i == diagonal) l = offDiagonal(l, row, i);
    if (onePass) readGradient(heads, l, x, heads0, readHeads);
    else store(newRow + i, l, count);
  })
}

/** Adds to the gradients of the read weights of some read heads, from a row of the new link. */
INLINE void rowToReadWeights(const int heads, const float *newRow, LinkRow *x, float *packed, int readHeads, int slots) {
  int vectors = linkBackwardVectors(readHeads);
  EACH_VECTOR(slots, {
    float *at = packed + i * vectors;
    readGradient(heads, load(newRow + i, count), x, at, readHeads);
  })
}

/**
 * Propagates the gradients of the new link (dLink) and of the read heads' forward (df) and backward weights (db). dLink
 * becomes the gradient of the old link; dw, dp and dRead are added to. With g = dL off the diagonal and a = g L_old:
 * dw[i] = g[i, :] . p - sum a[i, :] - sum a[:, i], dp = w^T g. A block has w, p, the read weights, db, dw, dp and dRead.
 * `scratch` is `linkScratch` floats. `link`, the new link, is read only if it is small: otherwise to compute it again is faster.
 */
static void linkBackward(float *restrict dLink, const float *link, const float *restrict previous, const float *w, const float *p,
                         const float *readWeights, int readHeads, const float *df, const float *db, float *dw,
                         float *dp, float *dRead, float *scratch, int slots) {
  if (slots <= SMALL_LINK)
    return smallLinkBackward(dLink, link, previous, w, p, readWeights, readHeads, df, db, dw, dp, dRead, scratch, slots);
  int R = readHeads, vectors = linkBackwardVectors(R);
  float *newRow = scratch, *packed = scratch + slots + LANES;
  fill(packed, 0, (Size)(slots + LANES) * vectors);
  packQuantity(packed, vectors, 0, w, slots);
  packQuantity(packed, vectors, 1, p, slots);
  for (int r = 0; r < R; r++) {
    packQuantity(packed, vectors, 2 + r, readWeights + r * slots, slots);
    packQuantity(packed, vectors, 2 + R + r, db + r * slots, slots);
  }
  for (int i = 0; i < slots; i++) {
    float *row = dLink + (Size)i * slots;
    const float *from = previous + (Size)i * slots;
    LinkRow x = {.wi = splat(w[i]), .oneMinusWi = splat(1.0f - w[i])};
    // The gradients from all read heads must be there before they are propagated, with those of the last ones.
    for (int r = 0, size; r < R; r += size) {
      size = headGroup(R - r);
      WITH_HEADS(size, {
        startHeads(heads, &x, readWeights + r * slots, df + r * slots, i, slots);
        if (size < R - r) rowFromDirections(heads, row, &x, packed + r * LANES, R, slots);
        else if (ONE_PASS && r == 0) rowBackward(heads, 1, row, from, newRow, &x, packed, r, R, i, slots);
        else rowBackward(heads, 0, row, from, newRow, &x, packed, r, R, i, slots);
        if (ONE_PASS && size == R) endHeads(heads, &x, dRead, i, slots);
      })
    }
    for (int r = 0, size; r < R && !(ONE_PASS && headGroup(R) == R); r += size) {
      size = headGroup(R - r);
      WITH_HEADS(size, {
        startHeads(heads, &x, readWeights + r * slots, df + r * slots, i, slots);
        rowToReadWeights(heads, newRow, &x, packed + r * LANES, R, slots);
        endHeads(heads, &x, dRead + r * slots, i, slots);
      })
    }
    dw[i] += sumLanes(x.dw);
  }
  addQuantity(dw, packed, vectors, 2 + 2 * R, slots);
  addQuantity(dp, packed, vectors, 3 + 2 * R, slots);
  for (int r = 0; r < R; r++) addQuantity(dRead + r * slots, packed, vectors, 4 + 2 * R + r, slots);
}
