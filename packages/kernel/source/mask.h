// Content weighting of one head that masks what it compares: with m = minimum + (1 - minimum) mask,
// similarity[n] = sum m^2 key M[n] / (|m key| |m M[n]| + e). The squares of m are a factor of the key in the product, and of
// the squares in the norms: masked words are never stored.
#pragma once
#include "content.h"

/** Scratch words of a masked head: squares of the mask, and the key times them; then sums for the backward pass. */
typedef struct {
  float *squares, *key, *wordSum, *squareSum;
} MaskedWords;

static MaskedWords maskedWords(float *scratch, const float *key, const float *mask, float minimum, int wordSize) {
  MaskedWords x = {scratch, scratch + wordSize, scratch + 2 * wordSize, scratch + 3 * wordSize};
  for (int i = 0; i < wordSize; i++) {
    float m = minimum + (1.0f - minimum) * mask[i];
    x.squares[i] = m * m;
    x.key[i] = key[i] * (m * m);
  }
  return x;
}

/** products[n] = sum key M[n], norms[n] = sqrt(sum squares M[n]^2 + epsilon), in one pass over memory. */
static void maskedProducts(float *restrict products, float *restrict norms, const float *memory, const float *key,
                           const float *squares, int slots, int wordSize) {
  int n = 0;
  for (; n + 4 <= slots; n += 4) {
    const float *row = memory + (Size)n * wordSize;
    vf s[4] = {}, q[4] = {};
    EACH_VECTOR(wordSize, {
      vf k = load(key + i, count), a = load(squares + i, count);
      for (int r = 0; r < 4; r++) {
        vf x = load(row + r * wordSize + i, count);
        s[r] = madd(x, k, s[r]);
        q[r] = madd(x * x, a, q[r]);
      }
    })
    *(f4 *)(products + n) = sums4(s[0], s[1], s[2], s[3]);
    *(f4 *)(norms + n) = sums4(q[0], q[1], q[2], q[3]);
  }
  for (; n < slots; n++) {
    const float *x = memory + (Size)n * wordSize;
    float product = 0, square = 0;
    for (int i = 0; i < wordSize; i++) product += key[i] * x[i], square += squares[i] * x[i] * x[i];
    products[n] = product, norms[n] = square;
  }
  for (n = 0; n < slots; n++) norms[n] = __builtin_sqrtf(norms[n] + SIMILARITY_EPSILON);
}

/** Writes one head's similarity and the norms of the masked words. `scratch` is two words. */
static void maskedSimilarity(float *restrict similarity, float *restrict norms, const float *memory, const float *key,
                             const float *mask, float minimum, float *scratch, int slots, int wordSize) {
  MaskedWords x = maskedWords(scratch, key, mask, minimum, wordSize);
  float size = __builtin_sqrtf(dot(key, x.key, wordSize) + SIMILARITY_EPSILON);
  maskedProducts(similarity, norms, memory, x.key, x.squares, slots, wordSize);
  for (int n = 0; n < slots; n++) similarity[n] /= size * norms[n] + SIMILARITY_EPSILON;
}

/**
 * One pass over memory: dMemory[n] += q[n] key + self[n] squares M[n], wordSum = sum of q[n] M[n], squareSum = sum of
 * self[n] M[n]^2. With `reads`, a compile-time constant, dMemory[n] += weights[n] dWord too.
 */
INLINE void maskedRows(const int reads, float *restrict dMemory, const float *restrict memory, const float *restrict q,
                       const float *restrict self, const MaskedWords *x, const float *restrict weights,
                       const float *restrict dWord, int slots, int wordSize) {
  EACH_VECTOR(wordSize, {
    vf key = load(x->key + i, count), squares = load(x->squares + i, count), wordSum = {}, squareSum = {};
    vf read = reads ? load(dWord + i, count) : (vf){};
    for (int n = 0; n < slots; n++) {
      Size at = (Size)n * wordSize + i;
      vf toKey = splat(q[n]), word = load(memory + at, count), scaled = splat(self[n]) * word, d = load(dMemory + at, count);
      wordSum = madd(toKey, word, wordSum);
      squareSum = madd(scaled, word, squareSum);
      if (reads) d = madd(splat(weights[n]), read, d);
      store(dMemory + at, madd(scaled, squares, madd(toKey, key, d)), count);
    }
    store(x->wordSum + i, wordSum, count);
    store(x->squareSum + i, squareSum, count);
  })
}

/**
 * Adds to dMemory and dKey, writes the gradient of the mask before its sigmoid to dMask, and returns that of the raw strength.
 * With u = sum of q[n] M[n], a = |m key|, and the gradients -s of a and -t[n] of the norms b[n]:
 * dKey = m^2 (u - s key / a), d(m^2) = key u - s key^2 / (2 a) - sum of t[n] M[n]^2 / (2 b[n]).
 * q holds the gradient of the content weights on entry. `self` is scratch, [slots], `words` four words. Unless `weights` is null,
 * adds weights[n] dWord to dMemory[n] too.
 */
static float maskedContentBackward(float *restrict dMemory, float *restrict dKey, float *restrict dMask,
                                   float *restrict q, const float *content, const float *similarity,
                                   const float *norms, const float *memory, const float *key, const float *mask,
                                   float minimum, float strength, const float *weights, const float *dWord,
                                   float *restrict self, float *words, int slots, int wordSize) {
  MaskedWords x = maskedWords(words, key, mask, minimum, wordSize);
  float size = __builtin_sqrtf(dot(key, x.key, wordSize) + SIMILARITY_EPSILON), beta = softplus(splat(strength))[0];
  softmaxBackward(q, content, q, slots);
  float dStrength = dot(q, similarity, slots) * sigmoid(splat(strength))[0];
  for (int n = 0; n < slots; n++) q[n] *= beta / (size * norms[n] + SIMILARITY_EPSILON);
  for (int n = 0; n < slots; n++) self[n] = q[n] * similarity[n];
  float keyScale = dot(self, norms, slots) / size;
  for (int n = 0; n < slots; n++) self[n] *= -size / norms[n];
  if (weights) maskedRows(1, dMemory, memory, q, self, &x, weights, dWord, slots, wordSize);
  else maskedRows(0, dMemory, memory, q, self, &x, 0, 0, slots, wordSize);
  for (int i = 0; i < wordSize; i++) {
    float m = minimum + (1.0f - minimum) * mask[i];
    float dSquare = key[i] * (x.wordSum[i] - 0.5f * keyScale * key[i]) + 0.5f * x.squareSum[i];
    dKey[i] += x.squares[i] * (x.wordSum[i] - keyScale * key[i]);
    dMask[i] = 2.0f * m * dSquare * (1.0f - minimum) * mask[i] * (1.0f - mask[i]);
  }
  return dStrength;
}
