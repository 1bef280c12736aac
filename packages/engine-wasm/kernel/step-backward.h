// One step of one batch element back through the memory. Derivation: docs/guide/backward-pass.md.
#pragma once
#include "step.h"

/** Gradients that one batch element carries back from step to step; on entry to the new state, on return to the old. */
typedef struct {
  float *usage, *memory, *link, *precedence, *readWeights, *writeWeights;
} Carry;

/**
 * Back through M = M_old (1 - w e) + w v for one write head: dMemory becomes the gradient to M_old, dw is added to, dv and
 * de are too. With t = dM M_old: dw = dM . v - t . e, dv = w dM, de = -w t.
 */
static void writeBackward(float *restrict dMemory, const float *memory, const float *w, const float *v, const float *e,
                          float *restrict dw, float *restrict dv, float *restrict de, int slots, int word) {
  int whole = word & ~3;
  for (int n = 0; n < slots; n++) {
    float *d = dMemory + n * word;
    const float *m = memory + n * word;
    f4 wn = splat(w[n]), one = splat(1), sum = {};
    for (int i = 0; i < whole; i += 4) {
      f4 di = *(f4 *)(d + i), ei = *(f4 *)(e + i), t = di * *(f4 *)(m + i);
      sum += madd(di, *(f4 *)(v + i), -(t * ei));
      *(f4 *)(dv + i) = madd(wn, di, *(f4 *)(dv + i));
      *(f4 *)(de + i) -= wn * t;
      *(f4 *)(d + i) = di * (one - wn * ei);
    }
    float rest = sum4(sum);
    for (int i = whole; i < word; i++) {
      float t = d[i] * m[i];
      rest += d[i] * v[i] - t * e[i];
      dv[i] += w[n] * d[i];
      de[i] -= w[n] * t;
      d[i] *= 1.0f - w[n] * e[i];
    }
    dw[n] += rest;
  }
}

/** The same for several heads, whose erasing multiplies: M = M_old product of (1 - w_k e_k) + sum of w_k v_k. */
static void writeHeadsBackward(const Plan *p, const Step *s, float *dMemory, float *dw, float *dFace, float *t) {
  int N = p->slots, W = p->word, K = p->writes;
  const float *erase = s->face + p->vErase;
  for (int n = 0; n < N; n++) {
    float *d = dMemory + n * W;
    for (int k = 0; k < K; k++) {
      float w = s->writeWeights[k * N + n];
      for (int i = 0; i < W; i++) t[i] = d[i] * s->oldMemory[n * W + i];
      for (int o = 0; o < K; o++) {
        float other = s->writeWeights[o * N + n];
        for (int i = 0; o != k && i < W; i++) t[i] *= 1.0f - other * erase[o * W + i];
      }
      dw[k * N + n] += dot(d, s->face + p->vWrite + k * W, W) - dot(t, erase + k * W, W);
      axpy(dFace + p->vWrite + k * W, w, d, W);
      axpy(dFace + p->vErase + k * W, -w, t, W);
    }
    for (int k = 0; k < K; k++) {
      float w = s->writeWeights[k * N + n];
      for (int i = 0; i < W; i++) d[i] *= 1.0f - w * erase[k * W + i];
    }
  }
}

/** Scratch of one element's step back; all are [slots] but where it says otherwise. */
typedef struct {
  float *dWeights, *dContent, *dp, *dSimulated, *simulated, *filled;
  float *pair;          // [2][slots] and a word
  float *dForward, *dBackward; // [k][r][slots]
  float *dw;            // [k][slots]
  float *dRead;         // [r][slots]
} Scratch;

static Scratch scratchOf(const Plan *p, float *at) {
  int N = p->slots, R = p->reads, K = p->writes;
  Scratch x = {.dWeights = at, .dContent = at + N, .dp = at + 2 * N, .dSimulated = at + 3 * N, .simulated = at + 4 * N};
  x.filled = at + 5 * N;
  x.pair = at + 6 * N;
  x.dForward = x.pair + 2 * N + p->word;
  x.dBackward = x.dForward + K * R * N;
  x.dw = x.dBackward + K * R * N;
  x.dRead = x.dw + K * N;
  return x;
}

/** Back from the words that head r has read to the memory, the mode, and what it chose between. */
static void readHeadBackward(const Plan *p, const Step *s, const Carry *d, float *dFace, const float *dWord, int r,
                             const Scratch *x) {
  int N = p->slots, W = p->word, R = p->reads, K = p->writes, modes = 1 + 2 * K;
  const float *mode = s->face + p->vMode + r * modes, *key = s->face + p->vReadKey + r * W;
  const float *content = s->readContent + r * N;
  float *dMode = dFace + p->vMode + r * modes, *restrict dWeights = x->dWeights;
  matVec(dWeights, s->memory, dWord, N, W);
  axpy(dWeights, 1.0f, d->readWeights + r * N, N);
  addOuter(d->memory, s->readWeights + r * N, dWord, N, W);
  for (int k = 0; k < K; k++) {
    dMode[K + k] = dot(dWeights, s->forward + (r * K + k) * N, N);
    dMode[k] = dot(dWeights, s->backward + (r * K + k) * N, N);
    scale(x->dForward + (k * R + r) * N, mode[K + k], dWeights, N);
    scale(x->dBackward + (k * R + r) * N, mode[k], dWeights, N);
  }
  dMode[2 * K] = dot(dWeights, content, N);
  softmaxBackward(dMode, mode, dMode, modes);
  scale(x->dContent, mode[2 * K], dWeights, N);
  dFace[p->vReadStrength + r] =
      contentBackward(d->memory, dFace + p->vReadKey + r * W, x->dContent, content, s->readSimilarity + r * N, s->memory,
                      s->norms, key, s->face[p->vReadStrength + r], x->pair, N, W);
}

/** Back through link and precedence of head k, to its write weights, the old state and the old read weights. */
static void linkageBackward(const Plan *p, const Step *s, const Carry *d, int k, const Scratch *x) {
  int N = p->slots, R = p->reads;
  const float *w = s->writeWeights + k * N, *old = s->oldPrecedence + k * N;
  float *restrict dNew = d->precedence + k * N, *restrict dw = x->dw + k * N;
  float rest = 1.0f - sum(w, N), through = dot(dNew, old, N);
  for (int n = 0; n < N; n++) dw[n] += dNew[n] - through;
  scale(x->dp, rest, dNew, N);
  linkBackward(d->link + k * N * N, s->oldLink + k * N * N, w, old, s->oldReadWeights, R, x->dForward + k * R * N,
               x->dBackward + k * R * N, dw, x->dp, x->dRead, x->pair, N);
  copy(dNew, x->dp, N);
}

/**
 * Back from the weights of write head k to its gates, its content weighting and the usage that it saw, which is the new
 * usage after what the heads before it take. On entry dSimulated is the gradient to the usage that the next head saw.
 */
static void writeHeadBackward(const Plan *p, const Step *s, const Carry *d, float *dFace, int k, const Scratch *x) {
  int N = p->slots, W = p->word;
  const float *face = s->face, *gateA = face + p->vAlloc, *gateW = face + p->vGate;
  const float *restrict a = s->allocation + k * N, *c = s->writeContent + k * N, *restrict dw = x->dw + k * N;
  float *restrict simulated = x->simulated, *restrict dSimulated = x->dSimulated, *restrict dAllocation = x->dWeights;
  copy(simulated, s->usage, N);
  for (int o = 0; o < k; o++) {
    const float *restrict taken = s->allocation + o * N;
    float gate = gateA[o] * gateW[o];
    for (int n = 0; n < N; n++) simulated[n] += (1.0f - simulated[n]) * (gate * taken[n]);
  }
  float da = dot(dw, a, N), dc = dot(dw, c, N), gate = gateA[k] * gateW[k], dGate = 0;
  for (int n = 0; n < N; n++) {
    float through = dSimulated[n] * (1.0f - simulated[n]);
    dAllocation[n] = gate * (dw[n] + through);
    dGate += through * a[n];
    dSimulated[n] *= 1.0f - gate * a[n];
  }
  scale(x->dContent, gateW[k] * (1.0f - gateA[k]), dw, N);
  allocationBackward(dSimulated, dAllocation, a, s->order + k * N, simulated, x->pair, N);
  dFace[p->vAlloc + k] = gateW[k] * (da - dc + dGate);
  dFace[p->vGate + k] = gateA[k] * (da + dGate) + (1.0f - gateA[k]) * dc;
  dFace[p->vWriteStrength + k] =
      contentBackward(d->memory, dFace + p->vWriteKey + k * W, x->dContent, c, s->writeSimilarity + k * N, s->oldMemory,
                      s->oldNorms, face + p->vWriteKey + k * W, face[p->vWriteStrength + k], x->pair, N, W);
}

/** Back from the new usage, whose gradient is in dSimulated, to the old, the free gates and the old read weights. */
static void usageBackward(const Plan *p, const Step *s, const Carry *d, float *dFace, const Scratch *x) {
  int N = p->slots, R = p->reads;
  const float *gates = s->face + p->vFree;
  float *restrict filled = x->filled, *restrict others = x->pair, *restrict dUsage = d->usage;
  filledUsage(p, s, filled);
  axpy(x->dSimulated, 1.0f, dUsage, N);
  copy(dUsage, x->dSimulated, N);
  for (int n = 0; n < N; n++) filled[n] *= dUsage[n];
  for (int r = 0; r < R; r++) {
    copy(others, filled, N);
    for (int o = 0; o < R; o++)
      if (o != r) retain(others, gates[o], s->oldReadWeights + o * N, N);
    dFace[p->vFree + r] = -dot(others, s->oldReadWeights + r * N, N);
    axpy(x->dRead + r * N, -gates[r], others, N);
  }
  for (int r = 0; r < R; r++) retain(dUsage, gates[r], s->oldReadWeights + r * N, N);
  for (int k = 0; k < p->writes; k++) retain(dUsage, 1.0f, s->oldWriteWeights + k * N, N); // they are constants here
}

/** dFace: gradient to the interface before its functions, written whole. dWords: to the words read. */
static void memoryBackward(const Plan *p, const Step *s, const Carry *d, float *dFace, const float *dWords,
                           float *scratch) {
  int N = p->slots, W = p->word, R = p->reads, K = p->writes;
  Scratch x = scratchOf(p, scratch);
  fill(dFace, 0, p->facePad);
  fill(x.dRead, 0, R * N);
  fill(x.dSimulated, 0, N);
  // Write weights matter to the steps after only as constants: their gradient is that of the final state, once.
  copy(x.dw, d->writeWeights, K * N);
  fill(d->writeWeights, 0, K * N);

  for (int r = 0; r < R; r++) readHeadBackward(p, s, d, dFace, dWords + r * W, r, &x);
  for (int k = 0; k < K; k++) linkageBackward(p, s, d, k, &x);
  if (K == 1)
    writeBackward(d->memory, s->oldMemory, s->writeWeights, s->face + p->vWrite, s->face + p->vErase, x.dw,
                  dFace + p->vWrite, dFace + p->vErase, N, W);
  else
    writeHeadsBackward(p, s, d->memory, x.dw, dFace, x.pair);
  for (int k = K - 1; k >= 0; k--) writeHeadBackward(p, s, d, dFace, k, &x);
  usageBackward(p, s, d, dFace, &x);
  copy(d->readWeights, x.dRead, R * N);
  for (int i = p->vErase; i < p->vMode; i++) dFace[i] *= s->face[i] * (1.0f - s->face[i]);
}
