// Temporal linkage of one batch element and one write head, each way in one pass over the link matrix.
#pragma once
#include "vectors.h"

/** Four slots of a row of the new link: (1 - w[i] - w[j]) L[i, j] + w[i] p[j]. */
INLINE f4 linked(const float *previous, f4 kept, f4 wi, const float *w, const float *p) {
  return madd(kept - *(f4 *)w, *(f4 *)previous, wi * *(f4 *)p);
}

/** The new link, and where `reads` read heads arrive by it: forward f_r[i] = L[i, :] . r_r, backward b_r += r_r[i] L[i, :]. */
INLINE void linkForwardHeads(const int reads, float *restrict link, const float *restrict previous, const float *w,
                             const float *p, const float *readWeights, float *forward, float *backward, int stride,
                             int slots) {
  int whole = slots & ~3;
  for (int i = 0; i < slots; i++) {
    const float *from = previous + i * slots;
    float *row = link + i * slots;
    f4 wi = splat(w[i]), kept = splat(1.0f - w[i]), sums[4] = {}, own[4];
    for (int j = 0; j < whole; j += 4) *(f4 *)(row + j) = linked(from + j, kept, wi, w + j, p + j);
    for (int j = whole; j < slots; j++) row[j] = (1.0f - w[i] - w[j]) * from[j] + w[i] * p[j];
    row[i] = 0;
    for (int r = 0; r < reads; r++) own[r] = splat(readWeights[r * slots + i]);
    for (int j = 0; j < whole; j += 4) {
      f4 l = *(f4 *)(row + j);
      for (int r = 0; r < reads; r++) {
        f4 *b = (f4 *)(backward + r * stride + j);
        sums[r] = madd(l, *(f4 *)(readWeights + r * slots + j), sums[r]);
        *b = madd(own[r], l, *b);
      }
    }
    for (int r = 0; r < reads; r++) {
      float total = sum4(sums[r]);
      for (int j = whole; j < slots; j++) {
        total += row[j] * readWeights[r * slots + j];
        backward[r * stride + j] += own[r][0] * row[j];
      }
      forward[r * stride + i] = total;
    }
  }
}

/** Only where read heads arrive, by a link that is there already. */
static void followHead(const float *link, const float *readWeights, float *forward, float *backward, int slots) {
  for (int i = 0; i < slots; i++) {
    forward[i] = dot(link + i * slots, readWeights, slots);
    axpy(backward, readWeights[i], link + i * slots, slots);
  }
}

/** forward and backward are [r] apart by `stride`; they are written whole. */
static void linkForward(float *restrict link, const float *restrict previous, const float *w, const float *p,
                        const float *readWeights, int reads, float *forward, float *backward, int stride, int slots) {
  for (int r = 0; r < reads; r++) fill(backward + r * stride, 0, slots);
  if (reads == 4) return linkForwardHeads(4, link, previous, w, p, readWeights, forward, backward, stride, slots);
  linkForwardHeads(1, link, previous, w, p, readWeights, forward, backward, stride, slots);
  for (int r = 1; r < reads; r++)
    followHead(link, readWeights + r * slots, forward + r * stride, backward + r * stride, slots);
}

/**
 * From the gradient to the new link, to df and db: dLink becomes the gradient to the old link; dw, dp and dRead are added
 * to; `keep` is scratch, [2 slots]. With g = dL off the diagonal and a = g L_old: dw[i] = g[i, :] . p - sum a[i, :] - sum a[:, i], dp = w^T g.
 */
INLINE void linkBackwardHeads(const int reads, float *restrict dLink, const float *restrict previous, const float *w,
                              const float *p, const float *readWeights, const float *df, const float *db, float *dw,
                              float *dp, float *dRead, float *keep, int slots) {
  int whole = slots & ~3;
  float *now = keep + slots; // a row of the new link
  fill(keep, 1, slots);
  for (int i = 0; i < slots; i++) {
    keep[i] = 0; // the diagonal of the link is always zero
    if (i > 0) keep[i - 1] = 1;
    const float *from = previous + i * slots;
    float *row = dLink + i * slots;
    f4 wi = splat(w[i]), kept = splat(1.0f - w[i]), dwi = {}, sums[4] = {}, dfi[4], ri[4];
    float rest = 0, restSums[4] = {};
    for (int r = 0; r < reads; r++) dfi[r] = splat(df[r * slots + i]), ri[r] = splat(readWeights[r * slots + i]);
    for (int j = 0; j < whole; j += 4) {
      f4 old = *(f4 *)(from + j), left = kept - *(f4 *)(w + j), pj = *(f4 *)(p + j), g = *(f4 *)(row + j);
      for (int r = 0; r < reads; r++) {
        g = madd(dfi[r], *(f4 *)(readWeights + r * slots + j), g);
        g = madd(ri[r], *(f4 *)(db + r * slots + j), g);
      }
      g *= *(f4 *)(keep + j);
      f4 a = g * old;
      dwi += madd(g, pj, -a);
      *(f4 *)(dw + j) -= a;
      *(f4 *)(dp + j) = madd(wi, g, *(f4 *)(dp + j));
      *(f4 *)(row + j) = left * g;
      *(f4 *)(now + j) = madd(left, old, wi * pj);
    }
    for (int j = whole; j < slots; j++) {
      float g = row[j], left = 1.0f - w[i] - w[j];
      for (int r = 0; r < reads; r++) g += dfi[r][0] * readWeights[r * slots + j] + ri[r][0] * db[r * slots + j];
      g *= keep[j];
      float a = g * from[j];
      rest += g * p[j] - a;
      dw[j] -= a;
      dp[j] += w[i] * g;
      row[j] = left * g;
      now[j] = left * from[j] + w[i] * p[j];
    }
    now[i] = 0;
    for (int j = 0; j < whole; j += 4) {
      f4 l = *(f4 *)(now + j);
      for (int r = 0; r < reads; r++) {
        f4 *d = (f4 *)(dRead + r * slots + j);
        *d = madd(dfi[r], l, *d);
        sums[r] = madd(l, *(f4 *)(db + r * slots + j), sums[r]);
      }
    }
    for (int j = whole; j < slots; j++)
      for (int r = 0; r < reads; r++) {
        dRead[r * slots + j] += dfi[r][0] * now[j];
        restSums[r] += now[j] * db[r * slots + j];
      }
    dw[i] += sum4(dwi) + rest;
    for (int r = 0; r < reads; r++) dRead[r * slots + i] += sum4(sums[r]) + restSums[r];
  }
}

/** What read heads 1 and up send: to dLink and dRead, by the new link, which is `previous` moved on. */
static void followHeadBackward(float *dLink, const float *previous, const float *w, const float *p,
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

static void linkBackward(float *restrict dLink, const float *restrict previous, const float *w, const float *p,
                         const float *readWeights, int reads, const float *df, const float *db, float *dw, float *dp,
                         float *dRead, float *keep, int slots) {
  if (reads == 4)
    return linkBackwardHeads(4, dLink, previous, w, p, readWeights, df, db, dw, dp, dRead, keep, slots);
  for (int r = 1; r < reads; r++)
    followHeadBackward(dLink, previous, w, p, readWeights + r * slots, df + r * slots, db + r * slots,
                       dRead + r * slots, slots);
  linkBackwardHeads(1, dLink, previous, w, p, readWeights, df, db, dw, dp, dRead, keep, slots);
}
