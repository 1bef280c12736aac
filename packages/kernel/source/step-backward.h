// Backward pass of the memory for one time step and one batch element. Derivation: docs/guide/backward-pass.md.
#pragma once
#include "write-backward.h"

/** Gradients of the state of one batch element: on entry to a step of the state after it, on return of that before it. */
typedef struct {
  float *usage, *memory, *link, *precedence, *readWeights, *writeWeights;
} CarriedGradients;

/** Scratch arrays of a backward step, [slots] unless noted. */
typedef struct {
  float *dContent, *dp, *dSimulated, *simulated, *filled, *products, *self, *retention, *dRetention;
  float *dWeights, *q, *dRead;    // [r][slots]; q, of a head's content weighting: at least one
  float *dForward, *dBackward; // [k][r][slots]
  float *dw;                   // [k][slots]
  float *words;                // five words
  float *link;                 // `linkScratch`
} ScratchArrays;

static ScratchArrays scratchArrays(const Plan *p, float *at) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  ScratchArrays x = {.dContent = at, .dp = at + N, .dSimulated = at + 2 * N, .simulated = at + 3 * N, .filled = at + 4 * N};
  x.products = at + 5 * N, x.self = at + 6 * N, x.retention = at + 7 * N, x.dRetention = at + 8 * N;
  x.dWeights = at + 9 * N, x.q = x.dWeights + R * N, x.dRead = x.q + R * N;
  x.dForward = x.dRead + R * N;
  x.dBackward = x.dForward + (Size)K * R * N;
  x.dw = x.dBackward + (Size)K * R * N;
  x.words = x.dw + K * N;
  x.link = x.words + 5 * p->wordSize;
  return x;
}

/**
 * Content weighting of a head: the memory that it compares with its key, what it found, and where the interface has its
 * parameters.
 */
typedef struct {
  const float *memory, *norms, *content, *similarity;
  const float *maskedNorms; // with masking, in place of norms
  int keyAt, strengthAt, maskAt;
} ContentHead;

/**
 * Propagates dContent, the gradient of a head's content weights, to its strength; and, with masking, that and dWord, the
 * gradient of the word that it read with `weights` (null if it writes), to key, mask and memory; otherwise to q and self for
 * `contentRows`.
 */
static void contentHeadBackward(const Plan *p, const StepArrays *s, float *dMemory, float *dInterface, const ContentHead *h,
                                const float *dContent, const float *weights, const float *dWord, float *q,
                                const ScratchArrays *x) {
  const float *key = s->interface + h->keyAt, *mask = s->interface + h->maskAt;
  float strength = s->interface[h->strengthAt], *dStrength = dInterface + h->strengthAt, *dKey = dInterface + h->keyAt;
  if (p->masking)
    *dStrength = maskedContentBackward(dMemory, dKey, dInterface + h->maskAt, dContent, h->content, h->similarity, h->maskedNorms,
                                       h->memory, key, mask, p->maskMinimum, strength, weights, dWord, q, x->self, x->words,
                                       p->slots, p->wordSize);
  else
    *dStrength = contentBackward(q, x->self, dKey, dContent, h->content, h->similarity, h->norms, key, strength, p->slots,
                                 p->wordSize);
}

/** The same for read head r, which compares the new memory; adds to self. */
static void readContentBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                                const float *dContent, const float *dWord, int r, const ScratchArrays *x) {
  int W = p->wordSize, at = r * p->slots;
  ContentHead h = {s->memory, s->norms, s->readContent + at, s->readSimilarity + at, s->readNorms + at,
                   p->readKeyAt + r * W, p->readStrengthAt + r, p->readMaskAt + r * W};
  contentHeadBackward(p, s, d->memory, dInterface, &h, dContent, s->readWeights + at, dWord, x->q + at, x);
}

/** Propagates x->dContent, the gradient of the content weights of write head k, to the old memory and the interface. */
static void writeContentBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface, int k,
                                 const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize, at = k * N;
  ContentHead h = {s->oldMemory, s->oldNorms, s->writeContent + at, s->writeSimilarity + at, s->writeNorms + at,
                   p->writeKeyAt + k * W, p->writeStrengthAt + k, p->writeMaskAt + k * W};
  fill(x->self, 0, N);
  contentHeadBackward(p, s, d->memory, dInterface, &h, x->dContent, 0, 0, x->q, x);
  if (p->masking) return;
  contentRows(d->memory, dInterface + h.keyAt, s->oldMemory, x->q, x->self, s->interface + h.keyAt, 0, 0, 1, N, W);
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
    writeHeadsBackward(p, s, dMemory, x->dw, dInterface, x->words, p->deallocation ? x->retention : 0, x->dRetention);
  else if (p->deallocation)
    writeHeadBackwardRows(1, dMemory, s->oldMemory, w, v, e, x->dw, dv, de, x->retention, x->dRetention, p->slots, p->wordSize);
  else
    writeHeadBackwardRows(0, dMemory, s->oldMemory, w, v, e, x->dw, dv, de, 0, 0, p->slots, p->wordSize);
}

/**
 * Propagates dWeights, the gradient of the weights of read head r, and with masking dWord, that of its word, to its read
 * modes, its forward and backward weights, and its content weighting.
 */
static void readWeightsBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                                const float *dWeights, const float *dWord, int r, const ScratchArrays *x) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads, modes = 1 + 2 * K;
  if (!p->links) return readContentBackward(p, s, d, dInterface, dWeights, dWord, r, x);
  const float *mode = s->interface + p->readModeAt + r * modes;
  float *dMode = dInterface + p->readModeAt + r * modes;
  for (int k = 0; k < K; k++) {
    dMode[K + k] = dot(dWeights, s->forward + (Size)(r * K + k) * N, N);
    dMode[k] = dot(dWeights, s->backward + (Size)(r * K + k) * N, N);
    scale(x->dForward + (Size)(k * R + r) * N, mode[K + k], dWeights, N);
    scale(x->dBackward + (Size)(k * R + r) * N, mode[k], dWeights, N);
  }
  dMode[2 * K] = dot(dWeights, s->readContent + r * N, N);
  softmaxBackward(dMode, mode, dMode, modes);
  scale(x->dContent, mode[2 * K], dWeights, N);
  if (p->sharpness) sharpnessBackward(p, s, dInterface, r, x);
  readContentBackward(p, s, d, dInterface, x->dContent, dWord, r, x);
}

/** Propagates the gradients of the words that the read heads have read to the memory, the interface, and the links. */
static void readHeadsBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                              const float *dWords, const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize, R = p->readHeads;
  matVecs(x->dWeights, N, s->memory, dWords, R, N, W);
  axpy(x->dWeights, 1.0f, d->readWeights, R * N);
  fill(x->self, 0, N);
  for (int r = 0; r < R; r++) {
    readWeightsBackward(p, s, d, dInterface, x->dWeights + r * N, dWords + r * W, r, x);
  }
  if (!p->masking)
    contentRows(d->memory, dInterface + p->readKeyAt, s->memory, x->q, x->self, s->interface + p->readKeyAt,
                s->readWeights, dWords, R, N, W);
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
  linkBackward(d->link + (Size)k * N * N, s->link + (Size)k * N * N, s->oldLink + (Size)k * N * N, w, old, s->oldReadWeights, R,
               x->dForward + (Size)k * R * N, x->dBackward + (Size)k * R * N, dw, x->dp, x->dRead, x->link, N);
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
  allocationBackward(dSimulated, dAllocation, a, s->order + k * N, simulated, x->products, N);
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
  float *restrict filled = x->filled, *restrict others = x->products, *restrict dUsage = d->usage;
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
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  ScratchArrays x = scratchArrays(p, scratch);
  fill(dInterface, 0, p->interfacePad);
  fill(x.dRead, 0, R * N);
  fill(x.dSimulated, 0, N);
  // Later steps use the write weights only as constants, so their gradient comes from the final state alone.
  copy(x.dw, d->writeWeights, K * N);
  fill(d->writeWeights, 0, K * N);

  readHeadsBackward(p, s, d, dInterface, dWords, &x);
  for (int k = 0; k < K && p->links; k++) linkageBackward(p, s, d, k, &x);
  if (p->deallocation) retentionOf(p, s, x.retention);
  writeBackward(p, s, d->memory, dInterface, &x);
  for (int k = K - 1; k >= 0; k--) writeHeadBackward(p, s, d, dInterface, k, &x);
  usageBackward(p, s, d, dInterface, &x);
  copy(d->readWeights, x.dRead, R * N);
  for (int i = p->eraseVectorAt; i < p->readModeAt; i++) dInterface[i] *= s->interface[i] * (1.0f - s->interface[i]);
}
