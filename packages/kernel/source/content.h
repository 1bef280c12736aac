// Content weighting of heads: similarity[n] = key . M[n] / (|key| |M[n]| + e),
// content = softmax(softplus(strength) similarity).
#pragma once
#include "vectors.h"

#define SIMILARITY_EPSILON 1e-6f

/** Returns sqrt(x . x + epsilon). */
INLINE float norm(const float *x, int n) { return __builtin_sqrtf(dot(x, x, n) + SIMILARITY_EPSILON); }

static void memoryNorms(float *norms, const float *memory, int slots, int wordSize) {
  for (int n = 0; n < slots; n++) norms[n] = norm(memory + (Size)n * wordSize, wordSize);
}

/** Content of `number` heads from their similarities, both [heads][slots]. */
static void contentOf(float *content, const float *similarity, const float *strengths, int number, int slots) {
  for (int first = 0; first < number; first += LANES) {
    int last = MIN(number, first + LANES);
    vf betas = softplus(load(strengths + first, last - first));
    for (int h = first; h < last; h++) softmax(content + h * slots, betas[h - first], similarity + h * slots, slots);
  }
}

/** Similarity, [heads][slots], of `number` heads; keys are [heads][wordSize]. */
static void similarityOf(float *similarity, const float *memory, const float *norms, const float *keys, int number, int slots,
                         int wordSize) {
  matVecs(similarity, slots, memory, keys, number, slots, wordSize);
  for (int h = 0; h < number; h++) {
    float size = norm(keys + h * wordSize, wordSize), *s = similarity + h * slots;
    EACH_VECTOR(slots, {
      store(s + i, load(s + i, count) / (size * load(norms + i, count) + SIMILARITY_EPSILON), count);
    })
  }
}

/**
 * Gradients of the content weightings of `heads` heads, 1, 2 or 4, a compile-time constant, to what they compare: the gradient of
 * word n is the sum over h of q[h][n] key[h] + self[n] M[n], that of key h the sum of q[h][n] M[n], both left to `contentRows`, and
 * a multiple of the key that is added here. q holds the gradients of the content weights on entry. Adds to self, writes those of
 * the raw strengths.
 */
INLINE void contentBackwardHeads(const int heads, float *restrict q, float *restrict self, float *restrict dKeys,
                                 float *restrict dStrengths, const float *content, const float *similarity, const float *norms,
                                 const float *keys, const float *strengths, int slots, int wordSize) {
  vf products[4] = {}, squares[4] = {};
  EACH_VECTOR(slots, {
    for (int h = 0; h < heads; h++)
      products[h] = madd(load(content + h * slots + i, count), load(q + h * slots + i, count), products[h]);
  })
  EACH_VECTOR(wordSize, {
    for (int h = 0; h < heads; h++) {
      vf key = load(keys + h * wordSize + i, count);
      squares[h] = madd(key, key, squares[h]);
    }
  })
  f4 means = sums4(products[0], products[1], products[2], products[3]);
  f4 sizes = sums4(squares[0], squares[1], squares[2], squares[3]) + SIMILARITY_EPSILON;
  for (int h = 0; h < heads; h++) sizes[h] = __builtin_sqrtf(sizes[h]);
  vf raw = load(strengths, heads), betas = softplus(raw), slopes = sigmoid(raw), dBetas[4] = {}, keyScales[4] = {};
  EACH_VECTOR(slots, {
    vf n = beyond(load(norms + i, count), count, 1), own = {};
    for (int h = 0; h < heads; h++) {
      float *at = q + h * slots + i;
      vf found = load(similarity + h * slots + i, count);
      vf g = load(content + h * slots + i, count) * (load(at, count) - means[h]);
      dBetas[h] = madd(g, found, dBetas[h]);
      g *= betas[h] / (sizes[h] * n + SIMILARITY_EPSILON);
      store(at, g, count);
      keyScales[h] = madd(g * found, n, keyScales[h]);
      own = madd(g * found, splat(sizes[h]), own);
    }
    store(self + i, load(self + i, count) - own / n, count);
  })
  f4 dBeta = sums4(dBetas[0], dBetas[1], dBetas[2], dBetas[3]);
  f4 keyScale = sums4(keyScales[0], keyScales[1], keyScales[2], keyScales[3]) / sizes;
  for (int h = 0; h < heads; h++) {
    dStrengths[h] = dBeta[h] * slopes[h];
    axpy(dKeys + h * wordSize, -keyScale[h], keys + h * wordSize, wordSize);
  }
}

/** The same for any number of heads. */
static void contentBackward(float *q, float *self, float *dKeys, float *dStrengths, const float *content, const float *similarity,
                            const float *norms, const float *keys, const float *strengths, int number, int slots, int wordSize) {
  for (int h = 0, size; h < number; h += size) {
    int row = h * slots, word = h * wordSize;
    size = headGroup(number - h);
    WITH_HEADS(size, {
      contentBackwardHeads(heads, q + row, self, dKeys + word, dStrengths + h, content + row, similarity + row, norms, keys + word,
                           strengths + h, slots, wordSize);
    })
  }
}

/**
 * Adds what the words of a memory and the keys get from some heads, in one pass over the memory: dMemory[n] += sum over h of
 * q[h][n] key[h], + self[n] M[n] unless self is null; dKey[h] += sum over n of q[h][n] M[n]. With `reads`, dMemory[n] += sum
 * over h of weights[h][n] dWord[h] too. `heads`, 1, 2 or 4, and `reads` are compile-time constants.
 */
INLINE void contentRowsHeads(const int heads, const int reads, float *restrict dMemory, float *restrict dKeys,
                             const float *restrict memory, const float *restrict q, const float *restrict self,
                             const float *restrict keys, const float *restrict weights, const float *restrict dWords,
                             int slots, int wordSize) {
  for (int from = 0; from < slots; from += ROW_BLOCK) {
    int to = MIN(slots, from + ROW_BLOCK);
    EACH_VECTOR(wordSize, {
      vf key[4], dKey[4], dWord[4];
      for (int h = 0; h < heads; h++) {
        key[h] = load(keys + h * wordSize + i, count);
        dKey[h] = load(dKeys + h * wordSize + i, count);
        if (reads) dWord[h] = load(dWords + h * wordSize + i, count);
      }
      for (int n = from; n < to; n++) {
        vf m = load(memory + (Size)n * wordSize + i, count), d = load(dMemory + (Size)n * wordSize + i, count);
        if (self) d = madd(splat(self[n]), m, d);
        for (int h = 0; h < heads; h++) {
          vf qn = splat(q[h * slots + n]);
          d = madd(qn, key[h], d);
          dKey[h] = madd(qn, m, dKey[h]);
          if (reads) d = madd(splat(weights[h * slots + n]), dWord[h], d);
        }
        store(dMemory + (Size)n * wordSize + i, d, count);
      }
      for (int h = 0; h < heads; h++) store(dKeys + h * wordSize + i, dKey[h], count);
    })
  }
}

/** The same for any number of heads; `weights` is null without reads. */
static void contentRows(float *dMemory, float *dKeys, const float *memory, const float *q, const float *self, const float *keys,
                        const float *weights, const float *dWords, int number, int slots, int wordSize) {
  for (int h = 0, size; h < number; h += size) {
    size = headGroup(number - h);
    int row = h * slots, word = h * wordSize;
    const float *own = h == 0 ? self : 0;
    WITH_HEADS(size, {
      if (weights)
        contentRowsHeads(heads, 1, dMemory, dKeys + word, memory, q + row, own, keys + word, weights + row, dWords + word,
                         slots, wordSize);
      else
        contentRowsHeads(heads, 0, dMemory, dKeys + word, memory, q + row, own, keys + word, 0, 0, slots, wordSize);
    })
  }
}
