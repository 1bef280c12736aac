// Content weighting of one head: similarity[n] = key . M[n] / (|key| |M[n]| + e),
// content = softmax(softplus(strength) similarity).
#pragma once
#include "vectors.h"

#define SIMILARITY_EPSILON 1e-6f

/** Returns sqrt(x . x + epsilon). */
INLINE float norm(const float *x, int n) { return __builtin_sqrtf(dot(x, x, n) + SIMILARITY_EPSILON); }

static void memoryNorms(float *norms, const float *memory, int slots, int wordSize) {
  for (int n = 0; n < slots; n++) norms[n] = norm(memory + n * wordSize, wordSize);
}

static void contentForward(float *restrict content, float *restrict similarity, const float *memory, const float *norms,
                           const float *key, float strength, int slots, int wordSize) {
  float size = norm(key, wordSize), beta = softplus(strength);
  matVec(similarity, memory, key, slots, wordSize);
  for (int n = 0; n < slots; n++) similarity[n] /= size * norms[n] + SIMILARITY_EPSILON;
  for (int n = 0; n < slots; n++) content[n] = similarity[n] * beta;
  softmax(content, slots);
}

/** Adds to dMemory and dKey, and returns the gradient of the raw strength. `scratch` is [2 slots]. */
static float contentBackward(float *restrict dMemory, float *restrict dKey, const float *dContent, const float *content,
                             const float *similarity, const float *memory, const float *norms, const float *key,
                             float strength, float *restrict scratch, int slots, int wordSize) {
  float size = norm(key, wordSize), beta = softplus(strength);
  float *restrict q = scratch, *restrict self = scratch + slots; // gradient of word n: q[n] key + self[n] M[n]
  softmaxBackward(q, content, dContent, slots);
  float dStrength = dot(q, similarity, slots) * sigmoid(strength);
  for (int n = 0; n < slots; n++) q[n] *= beta / (size * norms[n] + SIMILARITY_EPSILON);
  for (int n = 0; n < slots; n++) self[n] = q[n] * similarity[n];
  float keyScale = dot(self, norms, slots);
  for (int n = 0; n < slots; n++) self[n] *= -size / norms[n];
  addRows(dKey, q, memory, slots, wordSize);
  axpy(dKey, -keyScale / size, key, wordSize);
  int whole = wordSize & ~3;
  for (int n = 0; n < slots; n++) {
    const float *from = memory + n * wordSize;
    float *to = dMemory + n * wordSize;
    f4 toKey = splat(q[n]), toSelf = splat(self[n]);
    for (int i = 0; i < whole; i += 4)
      *(f4 *)(to + i) = madd(toSelf, *(f4 *)(from + i), madd(toKey, *(f4 *)(key + i), *(f4 *)(to + i)));
    for (int i = whole; i < wordSize; i++) to[i] += q[n] * key[i] + self[n] * from[i];
  }
  return dStrength;
}
