// Temporal linkage of one write head, and the forward and backward weights of the read heads. Forward and backward pass
// each go over the link matrix once.
#pragma once
#include "vectors.h"

/** Returns four entries of a row of the new link: (1 - w[i] - w[j]) L[i, j] + w[i] p[j]. */
INLINE f4 newLinkEntries(const float *previous, f4 oneMinusWi, f4 wi, const float *w, const float *p) {
  return madd(oneMinusWi - *(f4 *)w, *(f4 *)previous, wi * *(f4 *)p);
}

/**
 * Updates the link and computes the directional weights of the read heads: forward f_r[i] = L[i, :] . r_r, backward
 * b_r += r_r[i] L[i, :]. `readHeads` is a compile-time constant, 1 or 4.
 */
INLINE void linkForwardHeads(const int readHeads, float *restrict link, const float *restrict previous, const float *w,
                             const float *p, const float *readWeights, float *forward, float *backward, int stride,
                             int slots) {
  int whole = slots & ~3;
  for (int i = 0; i < slots; i++) {
    const float *from = previous + i * slots;
    float *row = link + i * slots;
    f4 wi = splat(w[i]), oneMinusWi = splat(1.0f - w[i]), sums[4] = {}, ri[4];
    for (int j = 0; j < whole; j += 4) *(f4 *)(row + j) = newLinkEntries(from + j, oneMinusWi, wi, w + j, p + j);
    for (int j = whole; j < slots; j++) row[j] = (1.0f - w[i] - w[j]) * from[j] + w[i] * p[j];
    row[i] = 0;
    for (int r = 0; r < readHeads; r++) ri[r] = splat(readWeights[r * slots + i]);
    for (int j = 0; j < whole; j += 4) {
      f4 l = *(f4 *)(row + j);
      for (int r = 0; r < readHeads; r++) {
        f4 *b = (f4 *)(backward + r * stride + j);
        sums[r] = madd(l, *(f4 *)(readWeights + r * slots + j), sums[r]);
        *b = madd(ri[r], l, *b);
      }
    }
    for (int r = 0; r < readHeads; r++) {
      float total = sum4(sums[r]);
      for (int j = whole; j < slots; j++) {
        total += row[j] * readWeights[r * slots + j];
        backward[r * stride + j] += ri[r][0] * row[j];
      }
      forward[r * stride + i] = total;
    }
  }
}

/** Computes the directional weights of one read head from the new link. `backward` is added to. */
static void directionalWeights(const float *link, const float *readWeights, float *forward, float *backward,
                               int slots) {
  for (int i = 0; i < slots; i++) {
    forward[i] = dot(link + i * slots, readWeights, slots);
    axpy(backward, readWeights[i], link + i * slots, slots);
  }
}

/** Updates the link and writes the directional weights of all read heads; those of two heads are `stride` apart. */
static void linkForward(float *restrict link, const float *restrict previous, const float *w, const float *p,
                        const float *readWeights, int readHeads, float *forward, float *backward, int stride,
                        int slots) {
  for (int r = 0; r < readHeads; r++) fill(backward + r * stride, 0, slots);
  if (readHeads == 4) return linkForwardHeads(4, link, previous, w, p, readWeights, forward, backward, stride, slots);
  linkForwardHeads(1, link, previous, w, p, readWeights, forward, backward, stride, slots);
  for (int r = 1; r < readHeads; r++)
    directionalWeights(link, readWeights + r * slots, forward + r * stride, backward + r * stride, slots);
}

/**
 * Propagates the gradients of the new link (dLink) and of the read heads' forward (df) and backward weights (db). dLink
 * becomes the gradient of the old link; dw, dp and dRead are added to. With g = dL off the diagonal and a = g L_old:
 * dw[i] = g[i, :] . p - sum a[i, :] - sum a[:, i], dp = w^T g. `readHeads` is a compile-time constant, 1 or 4; `scratch`
 * is [2 slots].
 */
INLINE void linkBackwardHeads(const int readHeads, float *restrict dLink, const float *restrict previous,
                              const float *w, const float *p, const float *readWeights, const float *df,
                              const float *db, float *dw, float *dp, float *dRead, float *scratch, int slots) {
  int whole = slots & ~3;
  float *mask = scratch;           // 0 on the diagonal of the link, which is always zero, and 1 elsewhere
  float *newRow = scratch + slots; // a row of the new link
  fill(mask, 1, slots);
  for (int i = 0; i < slots; i++) {
    mask[i] = 0;
    if (i > 0) mask[i - 1] = 1;
    const float *from = previous + i * slots;
    float *row = dLink + i * slots;
    f4 wi = splat(w[i]), oneMinusWi = splat(1.0f - w[i]), dwi = {}, sums[4] = {}, dfi[4], ri[4];
    float rest = 0, restSums[4] = {};
    for (int r = 0; r < readHeads; r++) dfi[r] = splat(df[r * slots + i]), ri[r] = splat(readWeights[r * slots + i]);
    for (int j = 0; j < whole; j += 4) {
      f4 old = *(f4 *)(from + j), retained = oneMinusWi - *(f4 *)(w + j), pj = *(f4 *)(p + j), g = *(f4 *)(row + j);
      for (int r = 0; r < readHeads; r++) {
        g = madd(dfi[r], *(f4 *)(readWeights + r * slots + j), g);
        g = madd(ri[r], *(f4 *)(db + r * slots + j), g);
      }
      g *= *(f4 *)(mask + j);
      f4 a = g * old;
      dwi += madd(g, pj, -a);
      *(f4 *)(dw + j) -= a;
      *(f4 *)(dp + j) = madd(wi, g, *(f4 *)(dp + j));
      *(f4 *)(row + j) = retained * g;
      *(f4 *)(newRow + j) = madd(retained, old, wi * pj);
    }
    for (int j = whole; j < slots; j++) {
      float g = row[j], retained = 1.0f - w[i] - w[j];
      for (int r = 0; r < readHeads; r++) g += dfi[r][0] * readWeights[r * slots + j] + ri[r][0] * db[r * slots + j];
      g *= mask[j];
      float a = g * from[j];
      rest += g * p[j] - a;
      dw[j] -= a;
      dp[j] += w[i] * g;
      row[j] = retained * g;
      newRow[j] = retained * from[j] + w[i] * p[j];
    }
    newRow[i] = 0;
    for (int j = 0; j < whole; j += 4) {
      f4 l = *(f4 *)(newRow + j);
      for (int r = 0; r < readHeads; r++) {
        f4 *d = (f4 *)(dRead + r * slots + j);
        *d = madd(dfi[r], l, *d);
        sums[r] = madd(l, *(f4 *)(db + r * slots + j), sums[r]);
      }
    }
    for (int j = whole; j < slots; j++)
      for (int r = 0; r < readHeads; r++) {
        dRead[r * slots + j] += dfi[r][0] * newRow[j];
        restSums[r] += newRow[j] * db[r * slots + j];
      }
    dw[i] += sum4(dwi) + rest;
    for (int r = 0; r < readHeads; r++) dRead[r * slots + i] += sum4(sums[r]) + restSums[r];
  }
}

/**
 * Adds the gradients from one read head's directional weights to dLink and dRead. Computes the new link again, from the
 * old link `previous`.
 */
static void directionalWeightsBackward(float *dLink, const float *previous, const float *w, const float *p,
                               const float *readWeights, const float *df, const float *db, float *dRead, int slots) {
  for (int i = 0; i < slots; i++) {
    float total = 0;
    for (int j = 0; j < slots; j++) {
      if (j == i) continue;
      float l = (1.0f - w[i] - w[j]) * previous[i * slots + j] + w[i] * p[j];
      dLink[i * slots + j] += df[i] * readWeights[j] + readWeights[i] * db[j];
      dRead[j] += df[i] * l;
      total += l * db[j];
    }
    dRead[i] += total;
  }
}

/** Propagates the gradients of the new link and of the directional weights of all read heads, as `linkBackwardHeads`. */
static void linkBackward(float *restrict dLink, const float *restrict previous, const float *w, const float *p,
                         const float *readWeights, int readHeads, const float *df, const float *db, float *dw,
                         float *dp, float *dRead, float *scratch, int slots) {
  if (readHeads == 4)
    return linkBackwardHeads(4, dLink, previous, w, p, readWeights, df, db, dw, dp, dRead, scratch, slots);
  for (int r = 1; r < readHeads; r++)
    directionalWeightsBackward(dLink, previous, w, p, readWeights + r * slots, df + r * slots, db + r * slots,
                       dRead + r * slots, slots);
  linkBackwardHeads(1, dLink, previous, w, p, readWeights, df, db, dw, dp, dRead, scratch, slots);
}
