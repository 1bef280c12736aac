// Backward pass of the write to the memory: see `writeMemory`.
#pragma once
#include "step.h"

/**
 * Backward pass of M = M_kept (1 - w e) + w v for words [n, n + rows) and one write head. dMemory becomes the gradient of M_old;
 * dw, dv and de are added to. With t = dM M_kept: dw = dM . v - t . e, dv = w dM, de = -w t.
 *
 * M_kept is M_old or, if `retains`, M_old times the retention of each slot, whose gradient is written to dRetention. `rows`, 1 or
 * LANES, and `retains` are compile-time constants.
 */
INLINE void writeRowsBackward(const int rows, const int retains, float *restrict dMemory,
                              const float *restrict memory, const float *w, const float *v, const float *e, float *dw,
                              float *restrict dv, float *restrict de, const float *retention, float *dRetention, int n,
                              int wordSize) {
  vf sums[LANES] = {}, sumsOld[LANES] = {};
  float *d = dMemory + (Size)n * wordSize;
  const float *m = memory + (Size)n * wordSize;
  EACH_VECTOR(wordSize, {
    vf vi = load(v + i, count), ei = load(e + i, count), dvi = load(dv + i, count), dei = load(de + i, count);
    for (int q = 0; q < rows; q++) {
      vf di = load(d + q * wordSize + i, count), mi = load(m + q * wordSize + i, count);
      vf wn = splat(w[n + q]), kept = splat(retains ? retention[n + q] : 1.0f), t = di * (retains ? kept * mi : mi);
      sums[q] += madd(di, vi, -(t * ei));
      dvi = madd(wn, di, dvi);
      dei -= wn * t;
      vf dKept = di * (splat(1.0f) - wn * ei);
      if (retains) sumsOld[q] = madd(dKept, mi, sumsOld[q]);
      store(d + q * wordSize + i, retains ? dKept * kept : dKept, count);
    }
    store(dv + i, dvi, count);
    store(de + i, dei, count);
  })
  addRowSums(rows, dw + n, sums);
  if (!retains) return;
  fill(dRetention + n, 0, rows);
  addRowSums(rows, dRetention + n, sumsOld);
}

/** The same for all words. */
INLINE void writeHeadBackwardRows(const int retains, float *dMemory, const float *memory, const float *w, const float *v,
                                  const float *e, float *dw, float *dv, float *de, const float *retention,
                                  float *dRetention, int slots, int wordSize) {
  int n = 0;
  for (; n + LANES <= slots; n += LANES)
    writeRowsBackward(LANES, retains, dMemory, memory, w, v, e, dw, dv, de, retention, dRetention, n, wordSize);
  for (; n < slots; n++)
    writeRowsBackward(1, retains, dMemory, memory, w, v, e, dw, dv, de, retention, dRetention, n, wordSize);
}

/**
 * The same for several write heads: M = M_kept product of (1 - w_k e_k) + sum of w_k v_k. `t` is scratch, one word;
 * `retention` is null if M_kept is M_old.
 */
static void writeHeadsBackward(const Plan *p, const StepArrays *s, float *dMemory, float *dw, float *dInterface, float *t,
                               const float *retention, float *dRetention) {
  int N = p->slots, W = p->wordSize, K = p->writeHeads;
  const float *erase = s->interface + p->eraseVectorAt;
  for (int n = 0; n < N; n++) {
    float *d = dMemory + (Size)n * W;
    for (int k = 0; k < K; k++) {
      float w = s->writeWeights[k * N + n];
      for (int i = 0; i < W; i++) t[i] = d[i] * s->oldMemory[(Size)n * W + i];
      if (retention)
        for (int i = 0; i < W; i++) t[i] *= retention[n];
      for (int o = 0; o < K; o++) {
        float other = s->writeWeights[o * N + n];
        for (int i = 0; o != k && i < W; i++) t[i] *= 1.0f - other * erase[o * W + i];
      }
      dw[k * N + n] += dot(d, s->interface + p->writeVectorAt + k * W, W) - dot(t, erase + k * W, W);
      axpy(dInterface + p->writeVectorAt + k * W, w, d, W);
      axpy(dInterface + p->eraseVectorAt + k * W, -w, t, W);
    }
    for (int k = 0; k < K; k++) {
      float w = s->writeWeights[k * N + n];
      for (int i = 0; i < W; i++) d[i] *= 1.0f - w * erase[k * W + i];
    }
    if (!retention) continue;
    dRetention[n] = dot(d, s->oldMemory + (Size)n * W, W);
    for (int i = 0; i < W; i++) d[i] *= retention[n];
  }
}
