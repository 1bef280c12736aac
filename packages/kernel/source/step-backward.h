// Backward pass of the memory for one time step and one batch element. Derivation: docs/guide/backward-pass.md.
#pragma once
#include "step.h"

/** Gradients of the state of one batch element: on entry to a step of the state after it, on return of that before it. */
typedef struct {
  float *usage, *memory, *link, *precedence, *readWeights, *writeWeights;
} CarriedGradients;

/**
 * Backward pass of M = M_kept (1 - w e) + w v for one write head. dMemory becomes the gradient of M_old; dw, dv and de are
 * added to. With t = dM M_kept: dw = dM . v - t . e, dv = w dM, de = -w t.
 *
 * M_kept is M_old or, if `retains`, a compile-time constant, M_old times the retention of each slot, whose gradient is written
 * to dRetention.
 */
INLINE void writeBackwardRows(const int retains, float *restrict dMemory, const float *memory, const float *w, const float *v, const float *e,
                              float *restrict dw, float *restrict dv, float *restrict de, const float *retention,
                              float *dRetention, int slots, int wordSize) {
  int whole = wordSize & ~3;
  for (int n = 0; n < slots; n++) {
    float *d = dMemory + n * wordSize;
    const float *m = memory + n * wordSize;
    f4 wn = splat(w[n]), one = splat(1), sum = {}, kept = splat(retains ? retention[n] : 1.0f), sumOld = {};
    for (int i = 0; i < whole; i += 4) {
      f4 di = *(f4 *)(d + i), ei = *(f4 *)(e + i), mi = *(f4 *)(m + i), t = di * (retains ? kept * mi : mi);
      sum += madd(di, *(f4 *)(v + i), -(t * ei));
      *(f4 *)(dv + i) = madd(wn, di, *(f4 *)(dv + i));
      *(f4 *)(de + i) -= wn * t;
      f4 dKept = di * (one - wn * ei);
      if (retains) sumOld = madd(dKept, mi, sumOld);
      *(f4 *)(d + i) = retains ? dKept * kept : dKept;
    }
    float rest = sum4(sum), restOld = sum4(sumOld);
    for (int i = whole; i < wordSize; i++) {
      float t = d[i] * (retains ? retention[n] * m[i] : m[i]);
      rest += d[i] * v[i] - t * e[i];
      dv[i] += w[n] * d[i];
      de[i] -= w[n] * t;
      d[i] *= 1.0f - w[n] * e[i];
      if (retains) restOld += d[i] * m[i], d[i] *= retention[n];
    }
    dw[n] += rest;
    if (retains) dRetention[n] = restOld;
  }
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
    float *d = dMemory + n * W;
    for (int k = 0; k < K; k++) {
      float w = s->writeWeights[k * N + n];
      for (int i = 0; i < W; i++) t[i] = d[i] * s->oldMemory[n * W + i];
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
    dRetention[n] = dot(d, s->oldMemory + n * W, W);
    for (int i = 0; i < W; i++) d[i] *= retention[n];
  }
}

/** Scratch arrays of a backward step, [slots] unless noted. */
typedef struct {
  float *dWeights, *dContent, *dp, *dSimulated, *simulated, *filled;
  float *pair;          // [2][slots], then one word
  float *dForward, *dBackward; // [k][r][slots]
  float *dw;            // [k][slots]
  float *dRead;         // [r][slots]
  float *retention, *dRetention;
  float *words;         // four words
} ScratchArrays;

static ScratchArrays scratchArrays(const Plan *p, float *at) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  ScratchArrays x = {.dWeights = at, .dContent = at + N, .dp = at + 2 * N, .dSimulated = at + 3 * N};
  x.simulated = at + 4 * N;
  x.filled = at + 5 * N;
  x.pair = at + 6 * N;
  x.dForward = x.pair + 2 * N + p->wordSize;
  x.dBackward = x.dForward + K * R * N;
  x.dw = x.dBackward + K * R * N;
  x.dRead = x.dw + K * N;
  x.retention = x.dRead + R * N;
  x.dRetention = x.retention + N;
  x.words = x.dRetention + N;
  return x;
}

/** Propagates x->dContent, the gradient of the content weights of read head r, to the new memory and the interface. */
static void readContentBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface, int r,
                                const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize;
  const float *key = s->interface + p->readKeyAt + r * W, *content = s->readContent + r * N;
  const float *similarity = s->readSimilarity + r * N;
  float strength = s->interface[p->readStrengthAt + r], *dKey = dInterface + p->readKeyAt + r * W;
  int maskAt = p->readMaskAt + r * W;
  dInterface[p->readStrengthAt + r] =
      p->masking ? maskedContentBackward(d->memory, dKey, dInterface + maskAt, x->dContent, content, similarity,
                                         s->readNorms + r * N, s->memory, key, s->interface + maskAt, p->maskMinimum,
                                         strength, x->pair, x->words, N, W)
                 : contentBackward(d->memory, dKey, x->dContent, content, similarity, s->memory, s->norms, key, strength,
                                   x->pair, N, W);
}

/** The same for write head k and the old memory. */
static void writeContentBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface, int k,
                                 const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize;
  const float *key = s->interface + p->writeKeyAt + k * W, *content = s->writeContent + k * N;
  const float *similarity = s->writeSimilarity + k * N;
  float strength = s->interface[p->writeStrengthAt + k], *dKey = dInterface + p->writeKeyAt + k * W;
  int maskAt = p->writeMaskAt + k * W;
  dInterface[p->writeStrengthAt + k] =
      p->masking ? maskedContentBackward(d->memory, dKey, dInterface + maskAt, x->dContent, content, similarity,
                                         s->writeNorms + k * N, s->oldMemory, key, s->interface + maskAt, p->maskMinimum,
                                         strength, x->pair, x->words, N, W)
                 : contentBackward(d->memory, dKey, x->dContent, content, similarity, s->oldMemory, s->oldNorms, key,
                                   strength, x->pair, N, W);
}

/** Replaces the gradients of the sharpened directional weights of read head r by those of the weights before sharpening. */
static void sharpnessBackward(const Plan *p, const StepArrays *s, float *dInterface, int r, const ScratchArrays *x) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  for (int k = 0; k < K; k++) {
    int at = r * K + k, forwardAt = p->forwardSharpnessAt + at, backwardAt = p->backwardSharpnessAt + at;
    dInterface[forwardAt] = sharpenBackward(x->dForward + (k * R + r) * N, s->forward + at * N, s->followed + at * N,
                                            s->interface[forwardAt], N);
    dInterface[backwardAt] = sharpenBackward(x->dBackward + (k * R + r) * N, s->backward + at * N,
                                             s->followedBack + at * N, s->interface[backwardAt], N);
  }
}

/** Propagates the gradient of the new memory to the old one, the write weights, and the vectors written and erased. */
static void writeBackward(const Plan *p, const StepArrays *s, float *dMemory, float *dInterface, const ScratchArrays *x) {
  const float *w = s->writeWeights, *v = s->interface + p->writeVectorAt, *e = s->interface + p->eraseVectorAt;
  float *dv = dInterface + p->writeVectorAt, *de = dInterface + p->eraseVectorAt;
  if (p->writeHeads > 1)
    writeHeadsBackward(p, s, dMemory, x->dw, dInterface, x->pair, p->deallocation ? x->retention : 0, x->dRetention);
  else if (p->deallocation)
    writeBackwardRows(1, dMemory, s->oldMemory, w, v, e, x->dw, dv, de, x->retention, x->dRetention, p->slots, p->wordSize);
  else
    writeBackwardRows(0, dMemory, s->oldMemory, w, v, e, x->dw, dv, de, 0, 0, p->slots, p->wordSize);
}

/**
 * Propagates the gradient of the word that read head r has read to the memory, its read modes, its key and strength, and
 * its forward and backward weights.
 */
static void readHeadBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                             const float *dWord, int r, const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads, modes = 1 + 2 * K;
  const float *mode = s->interface + p->readModeAt + r * modes;
  const float *content = s->readContent + r * N;
  float *dMode = dInterface + p->readModeAt + r * modes, *restrict dWeights = x->dWeights;
  matVec(dWeights, s->memory, dWord, N, W);
  axpy(dWeights, 1.0f, d->readWeights + r * N, N);
  addOuter(d->memory, s->readWeights + r * N, dWord, N, W);
  if (!p->links) {
    copy(x->dContent, dWeights, N);
    readContentBackward(p, s, d, dInterface, r, x);
    return;
  }
  for (int k = 0; k < K; k++) {
    dMode[K + k] = dot(dWeights, s->forward + (r * K + k) * N, N);
    dMode[k] = dot(dWeights, s->backward + (r * K + k) * N, N);
    scale(x->dForward + (k * R + r) * N, mode[K + k], dWeights, N);
    scale(x->dBackward + (k * R + r) * N, mode[k], dWeights, N);
  }
  dMode[2 * K] = dot(dWeights, content, N);
  softmaxBackward(dMode, mode, dMode, modes);
  scale(x->dContent, mode[2 * K], dWeights, N);
  if (p->sharpness) sharpnessBackward(p, s, dInterface, r, x);
  readContentBackward(p, s, d, dInterface, r, x);
}

/** Propagates the gradients of link and precedence of head k to its write weights, the old state and the old read weights. */
static void linkageBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, int k,
                            const ScratchArrays *x) {
  int N = p->slots, R = p->readHeads;
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
 * Propagates the gradient of the write weights of head k to its gates, its content weighting and its simulated usage: the
 * new usage after the allocations of heads 0 to k - 1. dSimulated is the gradient of the simulated usage of head k + 1 on
 * entry, and of head k on return.
 */
static void writeHeadBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface, int k,
                              const ScratchArrays *x) {
  int N = p->slots;
  const float *interface = s->interface, *gateA = interface + p->allocationGateAt, *gateW = interface + p->writeGateAt;
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
  dInterface[p->allocationGateAt + k] = gateW[k] * (da - dc + dGate);
  dInterface[p->writeGateAt + k] = gateA[k] * (da + dGate) + (1.0f - gateA[k]) * dc;
  writeContentBackward(p, s, d, dInterface, k, x);
}

/**
 * Propagates the gradient of the new usage, in dSimulated, and with de-allocation that of the retention, in dRetention, to the
 * old usage, the free gates and the old read weights.
 */
static void usageBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                          const ScratchArrays *x) {
  int N = p->slots, R = p->readHeads;
  const float *gates = s->interface + p->freeGateAt;
  float *restrict filled = x->filled, *restrict others = x->pair, *restrict dUsage = d->usage;
  usageAfterWrites(p, s, filled);
  axpy(x->dSimulated, 1.0f, dUsage, N);
  copy(dUsage, x->dSimulated, N);
  for (int n = 0; n < N; n++) filled[n] *= dUsage[n]; // the gradient of the retention
  if (p->deallocation) axpy(filled, 1.0f, x->dRetention, N);
  for (int r = 0; r < R; r++) {
    copy(others, filled, N);
    for (int o = 0; o < R; o++)
      if (o != r) retain(others, gates[o], s->oldReadWeights + o * N, N);
    dInterface[p->freeGateAt + r] = -dot(others, s->oldReadWeights + r * N, N);
    axpy(x->dRead + r * N, -gates[r], others, N);
  }
  for (int r = 0; r < R; r++) retain(dUsage, gates[r], s->oldReadWeights + r * N, N);
  // The old write weights are constants here: no gradient.
  for (int k = 0; k < p->writeHeads; k++) retain(dUsage, 1.0f, s->oldWriteWeights + k * N, N);
}

/**
 * Propagates gradients through the memory for one step.
 *
 * @param d - gradients of the state after the step; on return of that before it.
 * @param dInterface - receives the gradient of the interface before its activation functions.
 * @param dWords - gradient of the words read.
 */
static void memoryBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                           const float *dWords, float *scratch) {
  int N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads;
  ScratchArrays x = scratchArrays(p, scratch);
  fill(dInterface, 0, p->interfacePad);
  fill(x.dRead, 0, R * N);
  fill(x.dSimulated, 0, N);
  // Later steps use the write weights only as constants, so their gradient comes from the final state alone.
  copy(x.dw, d->writeWeights, K * N);
  fill(d->writeWeights, 0, K * N);

  for (int r = 0; r < R; r++) readHeadBackward(p, s, d, dInterface, dWords + r * W, r, &x);
  for (int k = 0; k < K && p->links; k++) linkageBackward(p, s, d, k, &x);
  if (p->deallocation) retentionOf(p, s, x.retention);
  writeBackward(p, s, d->memory, dInterface, &x);
  for (int k = K - 1; k >= 0; k--) writeHeadBackward(p, s, d, dInterface, k, &x);
  usageBackward(p, s, d, dInterface, &x);
  copy(d->readWeights, x.dRead, R * N);
  for (int i = p->eraseVectorAt; i < p->readModeAt; i++) dInterface[i] *= s->interface[i] * (1.0f - s->interface[i]);
}
