// Backward pass of the memory for one time step and one batch element. Derivation: docs/guide/backward-pass.md.
#pragma once
#include "write-backward.h"

/** Gradients of the state of one batch element: on entry to a step of the state after it, on return of that before it. */
typedef struct {
  float *usage, *memory, *link, *precedence, *readWeights, *writeWeights;
} CarriedGradients;

/** Scratch arrays of a backward step, [slots] unless noted. */
typedef struct {
  float *dp, *dSimulated, *simulated, *filled, *products, *self, *retention, *dRetention;
  float *dWeights, *dRead;     // [r][slots]
  float *q;                    // [r][slots], of the content weightings: at least one
  float *dForward, *dBackward; // [k][r][slots]
  float *dw;                   // [k][slots]
  float *words;                // five words
  float *dInterface;           // gradient of the interface
  float *link;                 // `linkScratch`
} ScratchArrays;

static ScratchArrays scratchArrays(const Plan *p, float *at) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  ScratchArrays x = {.dp = at, .dSimulated = at + N, .simulated = at + 2 * N, .filled = at + 3 * N, .products = at + 4 * N};
  x.self = at + 5 * N, x.retention = at + 6 * N, x.dRetention = at + 7 * N;
  x.dWeights = at + 8 * N, x.q = x.dWeights + R * N, x.dRead = x.q + R * N;
  x.dForward = x.dRead + R * N;
  x.dBackward = x.dForward + (Size)K * R * N;
  x.dw = x.dBackward + (Size)K * R * N;
  x.words = x.dw + K * N;
  x.dInterface = x.words + 5 * p->wordSize;
  x.link = x.dInterface + p->interfacePad;
  return x;
}

/** Content weightings of some heads: the memory that they compare with their keys, and what they found there. */
typedef struct {
  const float *memory, *norms, *content, *similarity;
  const float *maskedNorms;        // with masking, in place of norms
  int keyAt, strengthAt, maskAt;   // where the interface has the parameters of the first of them
  int heads;
  const float *weights, *dWords;   // read heads: weights with which they have read, gradients of their words; otherwise null
} ContentHeads;

/**
 * Propagates x->q, the gradients of the content weights of some heads, to their keys, strengths, masks and the memory, and those of
 * the words that they have read to the memory.
 */
static void contentHeadsBackward(const Plan *p, const StepArrays *s, float *dMemory, float *dInterface, const ContentHeads *h,
                                 const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize;
  const float *keys = s->interface + h->keyAt, *strengths = s->interface + h->strengthAt, *masks = s->interface + h->maskAt;
  float *dKeys = dInterface + h->keyAt, *dStrengths = dInterface + h->strengthAt, *dMasks = dInterface + h->maskAt;
  if (!p->masking) {
    fill(x->self, 0, N);
    contentBackward(x->q, x->self, dKeys, dStrengths, h->content, h->similarity, h->norms, keys, strengths, h->heads, N, W);
    contentRows(dMemory, dKeys, h->memory, x->q, x->self, keys, h->weights, h->dWords, h->heads, N, W);
    return;
  }
  for (int i = 0; i < h->heads; i++) {
    int row = i * N, word = i * W;
    const float *weights = h->weights ? h->weights + row : 0, *dWords = h->weights ? h->dWords + word : 0;
    dStrengths[i] = maskedContentBackward(dMemory, dKeys + word, dMasks + word, x->q + row, h->content + row,
                                          h->similarity + row, h->maskedNorms + row, h->memory, keys + word, masks + word,
                                          p->maskMinimum, strengths[i], weights, dWords, x->self, x->words, N, W);
  }
}

/** Propagates x->q, the gradient of the content weights of write head k, to the old memory and the interface. */
static void writeContentBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface, int k,
                                 const ScratchArrays *x) {
  int W = p->wordSize, at = k * p->slots;
  ContentHeads h = {s->oldMemory, s->oldNorms, s->writeContent + at, s->writeSimilarity + at, s->writeNorms + at,
                    p->writeKeyAt + k * W, p->writeStrengthAt + k, p->writeMaskAt + k * W, 1, 0, 0};
  contentHeadsBackward(p, s, d->memory, dInterface, &h, x);
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
 * Propagates x->dWeights, the gradient of the weights of read head r, to its read modes, before their softmax, its forward and
 * backward weights, and, x->q, its content weights.
 */
static void readModesBackward(const Plan *p, const StepArrays *s, float *dInterface, int r, const ScratchArrays *x) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads, modeAt = p->readModeAt + r * (1 + 2 * K);
  const float *mode = s->interface + modeAt, *dWeights = x->dWeights + r * N;
  float *dMode = dInterface + modeAt;
  vf byContent = {};
  EACH_VECTOR(N, {
    vf d = load(dWeights + i, count);
    byContent = madd(d, load(s->readContent + r * N + i, count), byContent);
    store(x->q + r * N + i, mode[2 * K] * d, count);
  })
  for (int k = 0; k < K; k++) {
    const float *forward = s->forward + (Size)(r * K + k) * N, *backward = s->backward + (Size)(r * K + k) * N;
    float *dForward = x->dForward + (Size)(k * R + r) * N, *dBackward = x->dBackward + (Size)(k * R + r) * N;
    vf ahead = {}, back = {};
    EACH_VECTOR(N, {
      vf d = load(dWeights + i, count);
      ahead = madd(d, load(forward + i, count), ahead);
      back = madd(d, load(backward + i, count), back);
      store(dForward + i, mode[K + k] * d, count);
      store(dBackward + i, mode[k] * d, count);
    })
    f4 sums = sums4(back, ahead, byContent, byContent);
    dMode[k] = sums[0], dMode[K + k] = sums[1], dMode[2 * K] = sums[2];
  }
  if (p->sharpness) sharpnessBackward(p, s, dInterface, r, x);
}

/** Propagates the gradients of the words that the read heads have read to the memory, the interface, and the links. */
static void readHeadsBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, float *dInterface,
                              const float *dWords, const ScratchArrays *x) {
  int N = p->slots, W = p->wordSize, R = p->readHeads;
  matVecs(x->dWeights, N, s->memory, dWords, R, N, W);
  axpy(x->dWeights, 1.0f, d->readWeights, R * N);
  if (p->links) {
    for (int r = 0; r < R; r++) readModesBackward(p, s, dInterface, r, x);
    softmaxRowsBackward(dInterface + p->readModeAt, s->interface + p->readModeAt, R, 1 + 2 * p->writeHeads);
  } else {
    copy(x->q, x->dWeights, R * N);
  }
  ContentHeads h = {s->memory, s->norms, s->readContent, s->readSimilarity, s->readNorms,
                    p->readKeyAt, p->readStrengthAt, p->readMaskAt, R, s->readWeights, dWords};
  contentHeadsBackward(p, s, d->memory, dInterface, &h, x);
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
  scale(x->q, gateW[k] * (1.0f - gateA[k]), dw, N);
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
  EACH_VECTOR(N, { // dUsage, and the gradient of the retention
    vf dUsage = load(d->usage + i, count) + load(x->dSimulated + i, count), dKept = usageAfterWrites(p, s, i, count) * dUsage;
    store(x->filled + i, p->deallocation ? dKept + load(x->dRetention + i, count) : dKept, count);
    for (int r = 0; r < R; r++) dUsage *= retentionOfHead(p, s, r, i, count);
    // The old write weights are constants here: no gradient.
    for (int k = 0; k < p->writeHeads; k++) dUsage *= 1.0f - load(s->oldWriteWeights + k * N + i, count);
    store(d->usage + i, dUsage, count);
  })
  for (int r = 0; r < R; r++) {
    vf dGate = {}, gate = splat(s->interface[p->freeGateAt + r]);
    EACH_VECTOR(N, {
      vf others = load(x->filled + i, count), dRead = load(x->dRead + r * N + i, count);
      for (int o = 0; o < R; o++)
        if (o != r) others *= retentionOfHead(p, s, o, i, count);
      dGate = madd(others, load(s->oldReadWeights + r * N + i, count), dGate);
      store(x->dRead + r * N + i, dRead - gate * others, count);
    })
    dInterface[p->freeGateAt + r] = -sumLanes(dGate);
  }
}

/**
 * Propagates gradients through the memory for one step, and replaces its interface by the gradient before the activation functions.
 *
 * @param d - gradients of the state after the step; on return of that before it.
 * @param dWords - gradient of the words read.
 */
static void memoryBackward(const Plan *p, const StepArrays *s, const CarriedGradients *d, const float *dWords,
                           float *scratch) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  ScratchArrays x = scratchArrays(p, scratch);
  float *dInterface = x.dInterface;
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
  copy(s->interface, dInterface, p->interfacePad);
}
