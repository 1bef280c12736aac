// Forward pass of the memory for one time step and one batch element. Equations: docs/guide/backward-pass.md.
#pragma once
#include "allocation.h"
#include "content.h"
#include "linkage.h"
#include "mask.h"
#include "plan.h"
#include "sharpen.h"

/**
 * Pointers to the arrays of one time step and one batch element, named as in the plan; `old`: state before the step. In the forward
 * pass old and new links and memory may be in the same place.
 */
typedef struct {
  float *interface, *usage, *memory, *norms, *link, *precedence, *writeWeights, *readWeights, *words;
  const float *oldUsage, *oldMemory, *oldNorms, *oldLink, *oldPrecedence, *oldWriteWeights, *oldReadWeights;
  int *order;
  const int *oldOrder; // order of the previous step; null at the first
  float *allocation, *writeSimilarity, *writeContent, *readSimilarity, *readContent, *forward, *backward;
  float *writeNorms, *readNorms, *followed, *followedBack;
} StepArrays;

/** Index of the part of a [t+1] array that holds the state before step t. */
INLINE Size stateAt(const Plan *p, int t) { return p->history ? t : t & 1; }
/** Index of the part of a [t] array that belongs to step t. */
INLINE Size stepAt(const Plan *p, int t) { return p->history ? t : 0; }

/** The arrays of step t and batch element b, in the forward or the backward pass. */
static StepArrays stepArrays(const Plan *p, int t, int b, int isForward) {
  Size B = p->batchSize, P = p->places, place = placeOf(p, b);
  int N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads;
  Size before = stateAt(p, t) * P + place, after = stateAt(p, t + 1) * P + place, at = stepAt(p, t) * P + place;
  Size kept = keptAt(p, t, isForward) * P + place, next = keptAt(p, t + 1, isForward) * P + place; // of links and memory
  int heads = p->links ? K : 0, pairs = p->sharpness ? R * K : 0, masked = p->masking ? N : 0;
  return (StepArrays){
      .interface = p->interface + (stepAt(p, t) * B + b) * p->interfacePad,
      .usage = p->usage + after * N, .oldUsage = p->usage + before * N,
      .memory = p->memory + next * N * W, .oldMemory = p->memory + kept * N * W,
      .norms = p->norms + after * N, .oldNorms = p->norms + before * N,
      .link = p->link + next * heads * N * N, .oldLink = p->link + kept * heads * N * N,
      .precedence = p->precedence + after * heads * N, .oldPrecedence = p->precedence + before * heads * N,
      .writeWeights = p->writeWeights + after * K * N, .oldWriteWeights = p->writeWeights + before * K * N,
      .readWeights = p->readWeights + after * R * N, .oldReadWeights = p->readWeights + before * R * N,
      .words = p->carried + (stateAt(p, t + 1) * B + b) * p->carryPad + p->inputSize,
      .order = p->order + at * K * N,
      .oldOrder = t > 0 ? p->order + (stepAt(p, t - 1) * P + place) * K * N : 0,
      .allocation = p->allocation + at * K * N,
      .writeSimilarity = p->writeSimilarity + at * K * N, .writeContent = p->writeContent + at * K * N,
      .readSimilarity = p->readSimilarity + at * R * N, .readContent = p->readContent + at * R * N,
      .forward = p->forward + at * R * heads * N, .backward = p->backward + at * R * heads * N,
      .writeNorms = p->writeNorms + at * K * masked, .readNorms = p->readNorms + at * R * masked,
      .followed = p->followed + at * pairs * N, .followedBack = p->followedBack + at * pairs * N,
  };
}

/** Starts from the slots' ranks in the step before, which are nearly those of this step. */
INLINE void startOrder(const Plan *p, const StepArrays *s) {
  for (int k = 0; k < p->writeHeads; k++)
    for (int n = 0; n < p->slots; n++) s->order[k * p->slots + n] = s->oldOrder ? s->oldOrder[k * p->slots + n] : n;
}

/** Applies the activation functions of the interface in place: sigmoid to erase vectors, gates and masks, softmax to modes. */
static void activateInterface(const Plan *p, float *interface) {
  int modes = 1 + 2 * p->writeHeads;
  sigmoids(interface + p->writeMaskAt, p->forwardSharpnessAt - p->writeMaskAt);
  sigmoids(interface + p->eraseVectorAt, p->readModeAt - p->eraseVectorAt);
  if (p->links) softmaxRows(interface + p->readModeAt, p->readHeads, modes);
}

/** Usage after the writes of the previous step, u + (1 - u)(1 - product over k of (1 - w_k)), of the slots from slot i on. */
INLINE vf usageAfterWrites(const Plan *p, const StepArrays *s, int i, int count) {
  vf rest = splat(1.0f), old = load(s->oldUsage + i, count);
  for (int k = 0; k < p->writeHeads; k++) rest *= 1.0f - load(s->oldWriteWeights + k * p->slots + i, count);
  return old + (1.0f - old) * (1.0f - rest);
}

/** The part that read head r does not free, 1 - f_r r_r, of the slots from slot i on. */
INLINE vf retentionOfHead(const Plan *p, const StepArrays *s, int r, int i, int count) {
  return 1.0f - splat(s->interface[p->freeGateAt + r]) * load(s->oldReadWeights + r * p->slots + i, count);
}

/** Computes the part of each slot that the read heads do not free: product over r of (1 - f_r r_r). */
INLINE void retentionOf(const Plan *p, const StepArrays *s, float *restrict retention) {
  EACH_VECTOR(p->slots, {
    vf kept = splat(1.0f);
    for (int r = 0; r < p->readHeads; r++) kept *= retentionOfHead(p, s, r, i, count);
    store(retention + i, kept, count);
  })
}

/** Computes the usage of the step, (F5) and (F6). */
INLINE void usageForward(const Plan *p, const StepArrays *s) {
  EACH_VECTOR(p->slots, {
    vf usage = usageAfterWrites(p, s, i, count);
    for (int r = 0; r < p->readHeads; r++) usage *= retentionOfHead(p, s, r, i, count);
    store(s->usage + i, usage, count);
  })
}

/** Computes similarity and content weights of all write heads, with the old memory. `words` is scratch, two words. */
static void writeContentForward(const Plan *p, const StepArrays *s, float *words) {
  int N = p->slots, W = p->wordSize, K = p->writeHeads;
  const float *keys = s->interface + p->writeKeyAt, *masks = s->interface + p->writeMaskAt;
  if (!p->masking) similarityOf(s->writeSimilarity, s->oldMemory, s->oldNorms, keys, K, N, W);
  for (int k = 0; k < K && p->masking; k++)
    maskedSimilarity(s->writeSimilarity + k * N, s->writeNorms + k * N, s->oldMemory, keys + k * W, masks + k * W, p->maskMinimum,
                     words, N, W);
  contentOf(s->writeContent, s->writeSimilarity, s->interface + p->writeStrengthAt, K, N);
}

/** The same for the read heads and the new memory. */
static void readContentForward(const Plan *p, const StepArrays *s, float *words) {
  int N = p->slots, W = p->wordSize, R = p->readHeads;
  const float *keys = s->interface + p->readKeyAt, *masks = s->interface + p->readMaskAt;
  if (!p->masking) similarityOf(s->readSimilarity, s->memory, s->norms, keys, R, N, W);
  for (int r = 0; r < R && p->masking; r++)
    maskedSimilarity(s->readSimilarity + r * N, s->readNorms + r * N, s->memory, keys + r * W, masks + r * W, p->maskMinimum,
                     words, N, W);
  contentOf(s->readContent, s->readSimilarity, s->interface + p->readStrengthAt, R, N);
}

/**
 * Updates links and precedence of write head k, and computes the directional weights of the read heads along its links.
 * `scratch` is `linkScratch` floats.
 */
static void linkageForward(const Plan *p, const StepArrays *s, int k, float *scratch) {
  int N = p->slots, R = p->readHeads, K = p->writeHeads;
  const float *w = s->writeWeights + k * N, *old = s->oldPrecedence + k * N;
  float *forward = p->sharpness ? s->followed : s->forward, *backward = p->sharpness ? s->followedBack : s->backward;
  linkForward(s->link + (Size)k * N * N, s->oldLink + (Size)k * N * N, w, old, s->oldReadWeights, R, forward + k * N,
              backward + k * N, K * N, scratch, N);
  float rest = 1.0f - sum(w, N);
  EACH_VECTOR(N, { store(s->precedence + k * N + i, rest * load(old + i, count) + load(w + i, count), count); })
  if (!p->sharpness) return;
  for (int at = k; at < R * K; at += K) {
    sharpenForward(s->forward + at * N, s->followed + at * N, s->interface[p->forwardSharpnessAt + at], N);
    sharpenForward(s->backward + at * N, s->followedBack + at * N, s->interface[p->backwardSharpnessAt + at], N);
  }
}

/** Words of the memory that are written together: they and the sums of their squares stay in registers. */
enum { WRITE_ROWS = LANES == 16 ? 8 : 4 };

/**
 * Writes words [n, n + rows) of the memory, (F11): M_old times the product of (1 - w_k e_k), times the retention unless it is null,
 * plus the sum of w_k v_k. `rows` is a compile-time constant, 1 or WRITE_ROWS. Writes the sums of each word's squares, lane by lane, to
 * `squares`.
 */
INLINE void writeWords(const int rows, const Plan *p, const StepArrays *s, const float *retention, int n, vf *squares) {
  int N = p->slots, W = p->wordSize, K = p->writeHeads;
  const float *erase = s->interface + p->eraseVectorAt, *vectors = s->interface + p->writeVectorAt;
  const float *weights = s->writeWeights + n;
  const float *old = s->oldMemory + (Size)n * W;
  float *to = s->memory + (Size)n * W;
  vf sums[WRITE_ROWS] = {};
  EACH_VECTOR(W, {
    vf word[WRITE_ROWS];
    for (int q = 0; q < rows; q++) word[q] = load(old + q * W + i, count);
    for (int k = 0; k < K; k++) {
      vf e = load(erase + k * W + i, count);
      for (int q = 0; q < rows; q++) word[q] *= splat(1.0f) - splat(weights[k * N + q]) * e;
    }
    for (int q = 0; q < rows && retention; q++) word[q] *= splat(retention[n + q]);
    for (int k = 0; k < K; k++) {
      vf v = load(vectors + k * W + i, count);
      for (int q = 0; q < rows; q++) word[q] = madd(splat(weights[k * N + q]), v, word[q]);
    }
    for (int q = 0; q < rows; q++) {
      store(to + q * W + i, word[q], count);
      sums[q] = madd(word[q], word[q], sums[q]);
    }
  })
  for (int q = 0; q < rows; q++) squares[q] = sums[q];
}

/**
 * Writes the new memory, (F11), and its norms. With de-allocation, what the read heads free is erased too. `scratch` is [slots].
 */
static void writeMemory(const Plan *p, const StepArrays *s, float *scratch) {
  float *retention = p->deallocation ? scratch : 0;
  int n = 0;
  if (retention) retentionOf(p, s, retention);
  vf squares[LANES];
  for (; n + LANES <= p->slots; n += LANES) {
    for (int q = 0; q < LANES; q += WRITE_ROWS) writeWords(WRITE_ROWS, p, s, retention, n + q, squares + q);
    *(vf *)(s->norms + n) = squareRoots(sumsOfLanes(squares) + SIMILARITY_EPSILON);
  }
  for (; n < p->slots; n++) {
    writeWords(1, p, s, retention, n, squares);
    s->norms[n] = __builtin_sqrtf(sumLanes(squares[0]) + SIMILARITY_EPSILON);
  }
}

/**
 * Computes memory and links after a step again, to the same bits, from those before it and what else is kept of the step.
 * `scratch` is `linkScratch` floats.
 */
static void recomputeStep(const Plan *p, const StepArrays *s, float *scratch) {
  Size N = p->slots;
  writeMemory(p, s, scratch);
  for (int k = 0; k < p->writeHeads && p->links; k++)
    updateLink(s->link + k * N * N, s->oldLink + k * N * N, s->writeWeights + k * N, s->oldPrecedence + k * N, scratch, p->slots);
}

/** Computes the write weights of head k, and the usage that its allocation leaves to the next head. */
static void writeWeightsForward(const Plan *p, const StepArrays *s, int k, float *restrict simulated) {
  int N = p->slots, hasNext = k + 1 < p->writeHeads;
  float allocated = s->interface[p->allocationGateAt + k], gate = s->interface[p->writeGateAt + k];
  EACH_VECTOR(N, {
    vf a = load(s->allocation + k * N + i, count), c = load(s->writeContent + k * N + i, count);
    store(s->writeWeights + k * N + i, gate * (allocated * a + (1.0f - allocated) * c), count);
    vf usage = load(simulated + i, count);
    if (hasNext) store(simulated + i, usage + (1.0f - usage) * (allocated * gate * a), count);
  })
}

/** Computes the weights of the read heads from their read modes: along the links backward and forward, and by content. */
static void readWeightsForward(const Plan *p, const StepArrays *s) {
  int N = p->slots, K = p->writeHeads, modes = 1 + 2 * K;
  for (int r = 0; r < p->readHeads; r++) {
    const float *mode = s->interface + p->readModeAt + r * modes;
    EACH_VECTOR(N, {
      vf weights = mode[2 * K] * load(s->readContent + r * N + i, count);
      for (int k = 0; k < K; k++) {
        Size at = (Size)(r * K + k) * N + i;
        weights = madd(splat(mode[K + k]), load(s->forward + at, count), weights);
        weights = madd(splat(mode[k]), load(s->backward + at, count), weights);
      }
      store(s->readWeights + r * N + i, weights, count);
    })
  }
}

/**
 * Runs the memory for one step: usage, write weights, memory, link, precedence, read weights and read words, from the
 * activated interface and the old state.
 */
static void memoryForward(const Plan *p, const StepArrays *s, float *scratch) {
  int N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads;
  float *simulated = scratch, *free = scratch + N, *retention = scratch + 2 * N, *twoWords = scratch + 3 * N;

  usageForward(p, s);

  // Write weights, (F7) to (F10). Head k allocates from the usage that remains after the allocations of heads 0 to k - 1.
  copy(simulated, s->usage, N);
  startOrder(p, s);
  writeContentForward(p, s, twoWords);
  for (int k = 0; k < K; k++) {
    allocationForward(s->allocation + k * N, s->order + k * N, simulated, free, N);
    writeWeightsForward(p, s, k, simulated);
  }

  // Memory, (F11).
  writeMemory(p, s, retention);

  // Link, directional weights and precedence, (F12) to (F14).
  for (int k = 0; k < K && p->links; k++) linkageForward(p, s, k, twoWords + 2 * W);

  // Read weights and words, (F15) and (F16).
  readContentForward(p, s, twoWords);
  if (p->links) readWeightsForward(p, s);
  else copy(s->readWeights, s->readContent, R * N);
  fill(s->words, 0, R * W);
  addRows(s->words, W, s->readWeights, s->memory, R, N, W);
}
