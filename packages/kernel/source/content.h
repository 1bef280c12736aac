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
 * Gradient of one head's content weighting to what it compares: the gradient of word n is q[n] key + self[n] M[n], that of
 * the key the sum of q[n] M[n], both left to `contentRows`, and a multiple of the key that is added here. Writes q, adds to
 * self.
 *
 * @returns the gradient of the raw strength.
 */
static float contentBackward(float *restrict q, float *restrict self, float *restrict dKey, const float *dContent,
                             const float *content, const float *similarity, const float *norms, const float *key,
                             float strength, int slots, int wordSize) {
  float size = norm(key, wordSize), beta = softplus(splat(strength))[0];
  softmaxBackward(q, content, dContent, slots);
  float dStrength = dot(q, similarity, slots) * sigmoid(splat(strength))[0];
  vf keyScales = {};
  EACH_VECTOR(slots, {
    vf n = beyond(load(norms + i, count), count, 1), qn = load(q + i, count) * (beta / (size * n + SIMILARITY_EPSILON));
    vf s = qn * load(similarity + i, count);
    store(q + i, qn, count);
    keyScales = madd(s, n, keyScales);
    store(self + i, load(self + i, count) - s * size / n, count);
  })
  axpy(dKey, -sumLanes(keyScales) / size, key, wordSize);
  return dStrength;
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
