// Content weighting of one batch element: similarity = k . M[n] / (|k| |M[n]| + e), c = softmax(softplus(strength) similarity).
#pragma once
#include "vectors.h"

#define SIMILARITY_EPSILON 1e-6f

INLINE float norm(const float *x, int n) { return __builtin_sqrtf(dot(x, x, n) + SIMILARITY_EPSILON); }

static void memoryNorms(float *norms, const float *memory, int slots, int word) {
  for (int n = 0; n < slots; n++) norms[n] = norm(memory + n * word, word);
}

static void contentForward(float *restrict content, float *restrict similarity, const float *memory, const float *norms,
                           const float *key, float strength, int slots, int word) {
  float size = norm(key, word), beta = softplus(strength);
  matVec(similarity, memory, key, slots, word);
  for (int n = 0; n < slots; n++) similarity[n] /= size * norms[n] + SIMILARITY_EPSILON;
  for (int n = 0; n < slots; n++) content[n] = similarity[n] * beta;
  softmax(content, slots);
}

/** Adds to dMemory and dKey; returns the gradient to the raw strength. `scratch` is [2 slots]. */
static float contentBackward(float *restrict dMemory, float *restrict dKey, const float *dContent, const float *content,
                             const float *similarity, const float *memory, const float *norms, const float *key,
                             float strength, float *restrict scratch, int slots, int word) {
  float size = norm(key, word), beta = softplus(strength);
  float *restrict q = scratch, *restrict own = scratch + slots; // coefficients of the key and of the word itself
  softmaxBackward(q, content, dContent, slots);
  float dStrength = dot(q, similarity, slots) * sigmoid(strength);
  for (int n = 0; n < slots; n++) q[n] *= beta / (size * norms[n] + SIMILARITY_EPSILON);
  for (int n = 0; n < slots; n++) own[n] = q[n] * similarity[n];
  float keyScale = dot(own, norms, slots);
  for (int n = 0; n < slots; n++) own[n] *= -size / norms[n];
  addRows(dKey, q, memory, slots, word);
  axpy(dKey, -keyScale / size, key, word);
  int whole = word & ~3;
  for (int n = 0; n < slots; n++) {
    const float *from = memory + n * word;
    float *to = dMemory + n * word;
    f4 toKey = splat(q[n]), toOwn = splat(own[n]);
    for (int i = 0; i < whole; i += 4)
      *(f4 *)(to + i) = madd(toOwn, *(f4 *)(from + i), madd(toKey, *(f4 *)(key + i), *(f4 *)(to + i)));
    for (int i = whole; i < word; i++) to[i] += q[n] * key[i] + own[n] * from[i];
  }
  return dStrength;
}
