// One step of one batch element through the memory, forward. Equation numbers and derivation:
// docs/guide/backward-pass.md.
#pragma once
#include "allocation.h"
#include "content.h"
#include "linkage.h"
#include "plan.h"

/** Where the parts of one step and one batch element lie. Names as in the plan; `old` is the state before the step. */
typedef struct {
  float *face, *usage, *memory, *norms, *link, *precedence, *writeWeights, *readWeights, *words;
  const float *oldUsage, *oldMemory, *oldNorms, *oldLink, *oldPrecedence, *oldWriteWeights, *oldReadWeights;
  int *order;
  const int *oldOrder; // of the step before, 0 at the first
  float *allocation, *writeSimilarity, *writeContent, *readSimilarity, *readContent, *forward, *backward;
} Step;

INLINE int stateAt(const Plan *p, int t) { return p->history ? t : t & 1; }
INLINE int stepAt(const Plan *p, int t) { return p->history ? t : 0; }

static Step stepOf(const Plan *p, int t, int b) {
  int B = p->batch, N = p->slots, W = p->word, R = p->reads, K = p->writes;
  int was = stateAt(p, t) * B + b, is = stateAt(p, t + 1) * B + b, at = stepAt(p, t) * B + b;
  return (Step){
      .face = p->face + at * p->facePad,
      .usage = p->usage + is * N, .oldUsage = p->usage + was * N,
      .memory = p->memory + is * N * W, .oldMemory = p->memory + was * N * W,
      .norms = p->norms + is * N, .oldNorms = p->norms + was * N,
      .link = p->link + is * K * N * N, .oldLink = p->link + was * K * N * N,
      .precedence = p->precedence + is * K * N, .oldPrecedence = p->precedence + was * K * N,
      .writeWeights = p->writeWeights + is * K * N, .oldWriteWeights = p->writeWeights + was * K * N,
      .readWeights = p->readWeights + is * R * N, .oldReadWeights = p->readWeights + was * R * N,
      .words = p->carried + is * p->carryPad + p->inputSize,
      .order = p->order + at * K * N,
      .oldOrder = t > 0 ? p->order + (stepAt(p, t - 1) * B + b) * K * N : 0,
      .allocation = p->allocation + at * K * N,
      .writeSimilarity = p->writeSimilarity + at * K * N, .writeContent = p->writeContent + at * K * N,
      .readSimilarity = p->readSimilarity + at * R * N, .readContent = p->readContent + at * R * N,
      .forward = p->forward + at * R * K * N, .backward = p->backward + at * R * K * N,
  };
}

/** The functions of the interface, in place. */
static void openInterface(const Plan *p, float *face) {
  int modes = 1 + 2 * p->writes;
  for (int i = p->vErase; i < p->vMode; i++) face[i] = sigmoid(face[i]);
  for (int r = 0; r < p->reads; r++) softmax(face + p->vMode + r * modes, modes);
}

/** u + (1 - u)(1 - product over k of (1 - w_k)): usage after the writes of the step before. */
INLINE void filledUsage(const Plan *p, const Step *s, float *restrict filled) {
  int N = p->slots;
  fill(filled, 1, N);
  for (int k = 0; k < p->writes; k++) retain(filled, 1.0f, s->oldWriteWeights + k * N, N);
  for (int n = 0; n < N; n++) filled[n] = s->oldUsage[n] + (1.0f - s->oldUsage[n]) * (1.0f - filled[n]);
}

static void memoryForward(const Plan *p, const Step *s, float *scratch) {
  int N = p->slots, W = p->word, R = p->reads, K = p->writes, modes = 1 + 2 * K;
  const float *face = s->face, *gateA = face + p->vAlloc, *gateW = face + p->vGate;

  float *restrict usage = s->usage, *simulated = scratch, *free = scratch + N;
  filledUsage(p, s, usage);
  for (int r = 0; r < R; r++) retain(usage, face[p->vFree + r], s->oldReadWeights + r * N, N);

  copy(simulated, s->usage, N);
  for (int k = 0; k < K; k++) {
    float *a = s->allocation + k * N, *c = s->writeContent + k * N, *w = s->writeWeights + k * N;
    int *order = s->order + k * N;
    for (int n = 0; n < N; n++) order[n] = s->oldOrder ? s->oldOrder[k * N + n] : n;
    allocationForward(a, order, simulated, free, N);
    for (int n = 0; n < N; n++) simulated[n] += (1.0f - simulated[n]) * (gateA[k] * gateW[k] * a[n]);
    contentForward(c, s->writeSimilarity + k * N, s->oldMemory, s->oldNorms, face + p->vWriteKey + k * W,
                   face[p->vWriteStrength + k], N, W);
    for (int n = 0; n < N; n++) w[n] = gateW[k] * (gateA[k] * a[n] + (1.0f - gateA[k]) * c[n]);
  }

  for (int n = 0; n < N; n++) {
    float *restrict word = s->memory + n * W;
    const float *restrict old = s->oldMemory + n * W;
    for (int k = 0; k < K; k++) {
      float w = s->writeWeights[k * N + n];
      const float *restrict erase = face + p->vErase + k * W, *from = k == 0 ? old : word;
      for (int i = 0; i < W; i++) word[i] = from[i] * (1.0f - w * erase[i]);
    }
    for (int k = 0; k < K; k++) axpy(word, s->writeWeights[k * N + n], face + p->vWrite + k * W, W);
  }
  memoryNorms(s->norms, s->memory, N, W);

  for (int k = 0; k < K; k++) {
    const float *w = s->writeWeights + k * N, *old = s->oldPrecedence + k * N;
    linkForward(s->link + k * N * N, s->oldLink + k * N * N, w, old, s->oldReadWeights, R, s->forward + k * N,
                s->backward + k * N, K * N, N);
    float rest = 1.0f - sum(w, N);
    for (int n = 0; n < N; n++) s->precedence[k * N + n] = rest * old[n] + w[n];
  }

  for (int r = 0; r < R; r++) {
    float *weights = s->readWeights + r * N, *words = s->words + r * W;
    const float *mode = face + p->vMode + r * modes;
    float *content = s->readContent + r * N;
    contentForward(content, s->readSimilarity + r * N, s->memory, s->norms, face + p->vReadKey + r * W,
                   face[p->vReadStrength + r], N, W);
    for (int n = 0; n < N; n++) weights[n] = mode[2 * K] * content[n];
    for (int k = 0; k < K; k++) {
      axpy(weights, mode[K + k], s->forward + (r * K + k) * N, N);
      axpy(weights, mode[k], s->backward + (r * K + k) * N, N);
    }
    fill(words, 0, W);
    addRows(words, weights, s->memory, N, W);
  }
}
