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
  int n = 0, whole = wordSize & ~3;
  for (; n + 4 <= slots; n += 4) {
    const float *m[4];
    f4 s[4] = {}, q[4] = {};
    for (int r = 0; r < 4; r++) m[r] = memory + (n + r) * wordSize;
    for (int i = 0; i < whole; i += 4) {
      f4 k = *(f4 *)(key + i), a = *(f4 *)(squares + i);
      for (int r = 0; r < 4; r++) {
        f4 x = *(f4 *)(m[r] + i);
        s[r] = madd(x, k, s[r]);
        q[r] = madd(x * x, a, q[r]);
      }
    }
    f4 product = sums4(s[0], s[1], s[2], s[3]), square = sums4(q[0], q[1], q[2], q[3]);
    for (int i = whole; i < wordSize; i++) {
      f4 x = {m[0][i], m[1][i], m[2][i], m[3][i]};
      product += x * splat(key[i]);
      square += x * x * splat(squares[i]);
    }
    *(f4 *)(products + n) = product;
    *(f4 *)(norms + n) = square;
  }
  for (; n < slots; n++) {
    const float *x = memory + n * wordSize;
    float product = 0, square = 0;
    for (int i = 0; i < wordSize; i++) product += key[i] * x[i], square += squares[i] * x[i] * x[i];
    products[n] = product, norms[n] = square;
  }
  for (n = 0; n < slots; n++) norms[n] = __builtin_sqrtf(norms[n] + SIMILARITY_EPSILON);
}

/** Writes content, similarity and the norms of the masked words. `scratch` is two words. */
static void maskedContentForward(float *restrict content, float *restrict similarity, float *restrict norms,
                                 const float *memory, const float *key, const float *mask, float minimum, float strength,
                                 float *scratch, int slots, int wordSize) {
  MaskedWords x = maskedWords(scratch, key, mask, minimum, wordSize);
  float size = __builtin_sqrtf(dot(key, x.key, wordSize) + SIMILARITY_EPSILON), beta = softplus(strength);
  maskedProducts(similarity, norms, memory, x.key, x.squares, slots, wordSize);
  for (int n = 0; n < slots; n++) similarity[n] /= size * norms[n] + SIMILARITY_EPSILON;
  for (int n = 0; n < slots; n++) content[n] = similarity[n] * beta;
  softmax(content, slots);
}

/**
 * One block of `vectors` times 4 columns of the backward pass: dMemory[n] += q[n] key + self[n] squares M[n], wordSum = sum of
 * q[n] M[n], squareSum = sum of self[n] M[n]^2. `vectors` is a compile-time constant.
 */
INLINE void maskedColumns(const int vectors, float *dMemory, const float *memory, const float *q, const float *self,
                          const MaskedWords *x, int at, int slots, int wordSize) {
  f4 key[2], squares[2], wordSum[2] = {}, squareSum[2] = {};
  for (int v = 0; v < vectors; v++) key[v] = *(f4 *)(x->key + at + 4 * v), squares[v] = *(f4 *)(x->squares + at + 4 * v);
  for (int n = 0; n < slots; n++) {
    f4 toKey = splat(q[n]), toSelf = splat(self[n]);
    for (int v = 0; v < vectors; v++) {
      int i = n * wordSize + at + 4 * v;
      f4 word = *(f4 *)(memory + i), scaled = toSelf * word;
      wordSum[v] = madd(toKey, word, wordSum[v]);
      squareSum[v] = madd(scaled, word, squareSum[v]);
      *(f4 *)(dMemory + i) = madd(scaled, squares[v], madd(toKey, key[v], *(f4 *)(dMemory + i)));
    }
  }
  for (int v = 0; v < vectors; v++)
    *(f4 *)(x->wordSum + at + 4 * v) = wordSum[v], *(f4 *)(x->squareSum + at + 4 * v) = squareSum[v];
}

/** The same for one column. */
static void maskedColumn(float *dMemory, const float *memory, const float *q, const float *self, const MaskedWords *x,
                         int at, int slots, int wordSize) {
  float wordSum = 0, squareSum = 0;
  for (int n = 0; n < slots; n++) {
    float word = memory[n * wordSize + at], scaled = self[n] * word;
    wordSum += q[n] * word;
    squareSum += scaled * word;
    dMemory[n * wordSize + at] += q[n] * x->key[at] + scaled * x->squares[at];
  }
  x->wordSum[at] = wordSum, x->squareSum[at] = squareSum;
}

/**
 * Adds to dMemory and dKey, writes the gradient of the mask before its sigmoid to dMask, and returns that of the raw strength.
 * With u = sum of q[n] M[n], a = |m key|, and the gradients -s of a and -t[n] of the norms b[n]:
 * dKey = m^2 (u - s key / a), d(m^2) = key u - s key^2 / (2 a) - sum of t[n] M[n]^2 / (2 b[n]).
 * `scratch` is [2 slots], `words` four words.
 */
static float maskedContentBackward(float *restrict dMemory, float *restrict dKey, float *restrict dMask,
                                   const float *dContent, const float *content, const float *similarity,
                                   const float *norms, const float *memory, const float *key, const float *mask,
                                   float minimum, float strength, float *scratch, float *words, int slots,
                                   int wordSize) {
  MaskedWords x = maskedWords(words, key, mask, minimum, wordSize);
  float size = __builtin_sqrtf(dot(key, x.key, wordSize) + SIMILARITY_EPSILON), beta = softplus(strength);
  float *restrict q = scratch, *restrict self = scratch + slots;
  softmaxBackward(q, content, dContent, slots);
  float dStrength = dot(q, similarity, slots) * sigmoid(strength);
  for (int n = 0; n < slots; n++) q[n] *= beta / (size * norms[n] + SIMILARITY_EPSILON);
  for (int n = 0; n < slots; n++) self[n] = q[n] * similarity[n];
  float keyScale = dot(self, norms, slots) / size;
  for (int n = 0; n < slots; n++) self[n] *= -size / norms[n];
  int at = 0;
  for (; at + 8 <= wordSize; at += 8) maskedColumns(2, dMemory, memory, q, self, &x, at, slots, wordSize);
  for (; at + 4 <= wordSize; at += 4) maskedColumns(1, dMemory, memory, q, self, &x, at, slots, wordSize);
  for (; at < wordSize; at++) maskedColumn(dMemory, memory, q, self, &x, at, slots, wordSize);
  for (int i = 0; i < wordSize; i++) {
    float m = minimum + (1.0f - minimum) * mask[i];
    float dSquare = key[i] * (x.wordSum[i] - 0.5f * keyScale * key[i]) + 0.5f * x.squareSum[i];
    dKey[i] += x.squares[i] * (x.wordSum[i] - keyScale * key[i]);
    dMask[i] = 2.0f * m * dSquare * (1.0f - minimum) * mask[i] * (1.0f - mask[i]);
  }
  return dStrength;
}
