// One step of one batch element through the memory, forward and backward. Equation numbers and derivation:
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
  for (int k = 0; k < p->writes; k++)
    for (int n = 0; n < N; n++) filled[n] *= 1.0f - s->oldWriteWeights[k * N + n];
  for (int n = 0; n < N; n++) filled[n] = s->oldUsage[n] + (1.0f - s->oldUsage[n]) * (1.0f - filled[n]);
}

static void memoryForward(const Plan *p, const Step *s, float *scratch) {
  int N = p->slots, W = p->word, R = p->reads, K = p->writes, modes = 1 + 2 * K;
  const float *face = s->face, *gateA = face + p->vAlloc, *gateW = face + p->vGate;

  float *restrict usage = s->usage, *simulated = scratch, *free = scratch + N;
  filledUsage(p, s, usage);
  for (int r = 0; r < R; r++) {
    float gate = face[p->vFree + r];
    for (int n = 0; n < N; n++) usage[n] *= 1.0f - gate * s->oldReadWeights[r * N + n];
  }

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

/** dFace: gradient to the interface before its functions, written whole. dWords: to the words read. */
static void memoryBackward(const Plan *p, const Step *s, Carry d, float *dFace, const float *dWords, float *scratch) {
  int N = p->slots, W = p->word, R = p->reads, K = p->writes, modes = 1 + 2 * K;
  const float *face = s->face, *gateA = face + p->vAlloc, *gateW = face + p->vGate;
  float *dWeights = scratch, *ds = dWeights + N, *dContent = ds + 2 * N + W, *df = dContent + N, *db = df + K * R * N,
        *dw = db + K * R * N, *dRead = dw + K * N, *dp = dRead + R * N, *dSimulated = dp + N,
        *simulated = dSimulated + N, *filled = simulated + N;
  fill(dFace, 0, p->facePad);
  fill(dRead, 0, R * N);
  // Write weights matter to the steps after only as constants: their gradient is that of the final state, once.
  copy(dw, d.writeWeights, K * N);
  fill(d.writeWeights, 0, K * N);

  for (int r = 0; r < R; r++) { // reading, and the modes
    const float *dWord = dWords + r * W, *weights = s->readWeights + r * N, *mode = face + p->vMode + r * modes;
    const float *content = s->readContent + r * N;
    float *dMode = dFace + p->vMode + r * modes;
    matVec(dWeights, s->memory, dWord, N, W);
    for (int n = 0; n < N; n++) dWeights[n] += d.readWeights[r * N + n];
    addOuter(d.memory, weights, dWord, N, W);
    for (int k = 0; k < K; k++) {
      const float *f = s->forward + (r * K + k) * N, *b = s->backward + (r * K + k) * N;
      dMode[K + k] = dot(dWeights, f, N);
      dMode[k] = dot(dWeights, b, N);
      for (int n = 0; n < N; n++) {
        df[(k * R + r) * N + n] = mode[K + k] * dWeights[n];
        db[(k * R + r) * N + n] = mode[k] * dWeights[n];
      }
    }
    dMode[2 * K] = dot(dWeights, content, N);
    softmaxBackward(dMode, mode, dMode, modes);
    for (int n = 0; n < N; n++) dContent[n] = mode[2 * K] * dWeights[n];
    dFace[p->vReadStrength + r] =
        contentBackward(d.memory, dFace + p->vReadKey + r * W, dContent, content, s->readSimilarity + r * N, s->memory,
                        s->norms, face + p->vReadKey + r * W, face[p->vReadStrength + r], ds, N, W);
  }

  for (int k = 0; k < K; k++) { // linkage
    const float *w = s->writeWeights + k * N, *old = s->oldPrecedence + k * N;
    float *dNew = d.precedence + k * N, *dwk = dw + k * N;
    float rest = 1.0f - sum(w, N), through = dot(dNew, old, N);
    for (int n = 0; n < N; n++) dwk[n] += dNew[n] - through, dp[n] = rest * dNew[n];
    linkBackward(d.link + k * N * N, s->oldLink + k * N * N, w, old, s->oldReadWeights, R, df + k * R * N,
                 db + k * R * N, dwk, dp, dRead, ds, N);
    copy(dNew, dp, N);
  }

  if (K == 1)
    writeBackward(d.memory, s->oldMemory, s->writeWeights, face + p->vWrite, face + p->vErase, dw, dFace + p->vWrite,
                  dFace + p->vErase, N, W);
  else
    writeHeadsBackward(p, s, d.memory, dw, dFace, ds);

  // The write weights: from the last head to the first, for each simulates what the ones before it have taken.
  float *dAllocation = dWeights;
  fill(dSimulated, 0, N);
  for (int k = K - 1; k >= 0; k--) {
    const float *a = s->allocation + k * N, *c = s->writeContent + k * N, *dwk = dw + k * N;
    copy(simulated, s->usage, N);
    for (int o = 0; o < k; o++)
      for (int n = 0; n < N; n++)
        simulated[n] += (1.0f - simulated[n]) * (gateA[o] * gateW[o] * s->allocation[o * N + n]);
    float da = dot(dwk, a, N), dc = dot(dwk, c, N), gate = gateA[k] * gateW[k], dGate = 0;
    for (int n = 0; n < N; n++) {
      float empty = 1.0f - simulated[n];
      dAllocation[n] = gate * dwk[n] + dSimulated[n] * empty * gate;
      dGate += dSimulated[n] * empty * a[n];
      dSimulated[n] *= 1.0f - gate * a[n];
      dContent[n] = gateW[k] * (1.0f - gateA[k]) * dwk[n];
    }
    allocationBackward(dSimulated, dAllocation, a, s->order + k * N, simulated, ds, N);
    dFace[p->vAlloc + k] = gateW[k] * (da - dc + dGate);
    dFace[p->vGate + k] = gateA[k] * (da + dGate) + (1.0f - gateA[k]) * dc;
    dFace[p->vWriteStrength + k] =
        contentBackward(d.memory, dFace + p->vWriteKey + k * W, dContent, c, s->writeSimilarity + k * N, s->oldMemory,
                        s->oldNorms, face + p->vWriteKey + k * W, face[p->vWriteStrength + k], ds, N, W);
  }

  // Usage; the old write weights are constants here.
  filledUsage(p, s, filled);
  for (int n = 0; n < N; n++) dSimulated[n] += d.usage[n];
  for (int r = 0; r < R; r++) {
    float *restrict others = ds, gate = face[p->vFree + r];
    const float *old = s->oldReadWeights + r * N;
    for (int n = 0; n < N; n++) others[n] = dSimulated[n] * filled[n];
    for (int o = 0; o < R; o++) {
      float other = face[p->vFree + o];
      for (int n = 0; o != r && n < N; n++) others[n] *= 1.0f - other * s->oldReadWeights[o * N + n];
    }
    dFace[p->vFree + r] = -dot(others, old, N);
    axpy(dRead + r * N, -gate, others, N);
  }
  for (int n = 0; n < N; n++) d.usage[n] = dSimulated[n];
  for (int r = 0; r < R; r++)
    for (int n = 0; n < N; n++) d.usage[n] *= 1.0f - face[p->vFree + r] * s->oldReadWeights[r * N + n];
  for (int k = 0; k < K; k++)
    for (int n = 0; n < N; n++) d.usage[n] *= 1.0f - s->oldWriteWeights[k * N + n];
  copy(d.readWeights, dRead, R * N);
  for (int i = p->vErase; i < p->vMode; i++) dFace[i] *= face[i] * (1.0f - face[i]);
}
