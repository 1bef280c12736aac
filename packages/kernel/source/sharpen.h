// Sharpening of the forward or backward weights d of one read head along one link matrix:
// S[n] = ((d[n] + e) / max(d + e))^s / sum of the numerators, s = 1 + softplus(sharpness), as the softmax of s log(...).
#pragma once
#include "vectors.h"

#define SHARPEN_EPSILON 1e-6f

/** Weights below this become zero; see MIN_PRODUCT in allocation.h. */
#define MIN_SHARPENED 1e-20f

/** Returns 1 / max(d + e). */
static float sharpenScale(const float *d, int slots) {
  float largest = d[0];
  for (int n = 1; n < slots; n++) largest = MAX(largest, d[n]);
  return 1.0f / (largest + SHARPEN_EPSILON);
}

static void sharpenForward(float *restrict sharpened, const float *restrict d, float sharpness, int slots) {
  float scale = sharpenScale(d, slots), power = 1.0f + softplus(sharpness);
  for (int n = 0; n < slots; n++) sharpened[n] = power * log_((d[n] + SHARPEN_EPSILON) * scale);
  softmax(sharpened, slots);
  for (int n = 0; n < slots; n++) sharpened[n] = sharpened[n] < MIN_SHARPENED ? 0.0f : sharpened[n];
}

/**
 * Replaces dWeights, the gradient of S, by that of d, and returns the gradient of the raw sharpness. With a = S (dS - S . dS):
 * dd = s a / (d + e), ds = sum of a log((d + e) / max(d + e)). The largest value cancels: it has no gradient.
 */
static float sharpenBackward(float *restrict dWeights, const float *restrict sharpened, const float *restrict d,
                             float sharpness, int slots) {
  float scale = sharpenScale(d, slots), power = 1.0f + softplus(sharpness), dPower = 0;
  softmaxBackward(dWeights, sharpened, dWeights, slots);
  for (int n = 0; n < slots; n++) {
    float raised = d[n] + SHARPEN_EPSILON, a = dWeights[n];
    dPower += a * log_(raised * scale);
    dWeights[n] = power * a / raised;
  }
  return dPower * sigmoid(sharpness);
}
