// Clipping of the gradients by their global norm, and the optimizers. Parameters are divided into chunks, which the threads
// share; a result depends on neither the thread nor their number.
#pragma once
#include "plan.h"
#include "vectors.h"

enum { CHUNK = 1024 };

/** RMSProp of parameters [at, at + n): ms += (g^2 - ms)(1 - decay), parameter -= rate g / sqrt(ms + epsilon). */
static void rmsProp(const Plan *p, int at, int n, float scale) {
  float rest = 1.0f - p->decay, rate = p->learningRate, epsilon = p->epsilon;
  float *restrict w = p->parameters + at, *restrict ms = p->meanSquares + at;
  const float *restrict gradient = p->gradients + at;
  for (int i = 0; i < n; i++) {
    float g = gradient[i] * scale;
    ms[i] += (g * g - ms[i]) * rest;
    w[i] -= rate * g / __builtin_sqrtf(ms[i] + epsilon);
  }
}

/** RMSProp with momentum: u = momentum u + rate g / sqrt(ms + epsilon), parameter -= u. */
static void rmsPropWithMomentum(const Plan *p, int at, int n, float scale) {
  float rest = 1.0f - p->decay, rate = p->learningRate, epsilon = p->epsilon, momentum = p->momentum;
  float *restrict w = p->parameters + at, *restrict ms = p->meanSquares + at, *restrict update = p->updates + at;
  const float *restrict gradient = p->gradients + at;
  for (int i = 0; i < n; i++) {
    float g = gradient[i] * scale;
    ms[i] += (g * g - ms[i]) * rest;
    update[i] = momentum * update[i] + rate * g / __builtin_sqrtf(ms[i] + epsilon);
    w[i] -= update[i];
  }
}

/**
 * Adam: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, parameter -= rate m c1 / (sqrt(v c2) + epsilon). The
 * corrections c1 and c2 are 1 / (1 - beta^t) at step t.
 */
static void adam(const Plan *p, int at, int n, float scale) {
  // Not computed here: from 1 - beta2 the compiler would derive g^2 + beta2 (v - g^2), which loses the digits of v.
  float beta1 = p->beta1, beta2 = p->beta2, rest1 = p->firstShare, rest2 = p->secondShare;
  float rate = p->learningRate, epsilon = p->epsilon;
  float correction1 = p->firstCorrection, correction2 = p->secondCorrection;
  float *restrict w = p->parameters + at, *restrict m = p->firstMoments + at, *restrict v = p->secondMoments + at;
  const float *restrict gradient = p->gradients + at;
  for (int i = 0; i < n; i++) {
    float g = gradient[i] * scale;
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * (g * g);
    w[i] -= rate * (m[i] * correction1) / (__builtin_sqrtf(v[i] * correction2) + epsilon);
  }
}

/**
 * Clips the gradients to the global norm maxNorm and applies the optimizer. Also stores loss and norm as results. If one of
 * them is not finite, neither parameters nor the optimizer's state change.
 */
static void update(const Plan *p, int threadIndex, int threadCount) {
  double total = 0, loss = 0;
  const float *sums = p->partials + p->batchSize;
  for (int group = 0; group < p->gradientGroups; group++) total += sums[group];
  for (int b = 0; b < p->batchSize; b++) loss += p->partials[b];
  float norm = (float)__builtin_sqrt(total);
  if (threadIndex == 0) p->results[0] = (float)(loss / p->batchSize), p->results[1] = norm;
  if (!(norm - norm == 0) || !(loss - loss == 0)) return; // infinite or NaN
  float scale = p->maxNorm * MIN(1.0f / norm, 1.0f / p->maxNorm);
  for (int c = threadIndex; c * CHUNK < p->parameterCount; c += threadCount) {
    int at = c * CHUNK, n = MIN(CHUNK, p->parameterCount - at);
    if (p->optimizer == ADAM) adam(p, at, n, scale);
    else if (p->momentum > 0) rmsPropWithMomentum(p, at, n, scale);
    else rmsProp(p, at, n, scale);
  }
}
