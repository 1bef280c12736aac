// Sharpening of the forward or backward weights d of one read head along one link matrix:
// S[n] = ((d[n] + e) / max(d + e))^s / sum of the numerators, s = 1 + softplus(sharpness), as the softmax of s log(...).
#pragma once
#include "vectors.h"

#define SHARPEN_EPSILON 1e-6f

/** Weights below this become zero; see MIN_PRODUCT in allocation.h. */
#define MIN_SHARPENED 1e-20f

/** Returns 1 / max(d + e). */
static float sharpenScale(const float *d, int slots) { return 1.0f / (largest(d, slots) + SHARPEN_EPSILON); }

static void sharpenForward(float *restrict sharpened, const float *restrict d, float sharpness, int slots) {
  float scale = sharpenScale(d, slots), power = 1.0f + softplus(splat(sharpness))[0];
  EACH_VECTOR(slots, { store(sharpened + i, power * log_((load(d + i, count) + SHARPEN_EPSILON) * scale), count); })
  softmax(sharpened, 1.0f, sharpened, slots);
  EACH_VECTOR(slots, {
    vf s = load(sharpened + i, count);
    store(sharpened + i, choose(s < MIN_SHARPENED, (vf){}, s), count);
  })
}

/**
 * Replaces dWeights, the gradient of S, by that of d, and returns the gradient of the raw sharpness. With a = S (dS - S . dS):
 * dd = s a / (d + e), ds = sum of a log((d + e) / max(d + e)). The largest value cancels: it has no gradient.
 * A sharp S leaves little of dS - S . dS but its rounding, which s / (d + e) magnifies. The rounding is the sum of a, which is 0 in
 * exact arithmetic: S times the sum is subtracted.
 */
static float sharpenBackward(float *restrict dWeights, const float *restrict sharpened, const float *restrict d,
                             float sharpness, int slots) {
  float scale = sharpenScale(d, slots), power = 1.0f + softplus(splat(sharpness))[0];
  vf dPower = {};
  softmaxBackward(dWeights, sharpened, dWeights, slots);
  vf rest = splat(sum(dWeights, slots));
  EACH_VECTOR(slots, {
    vf raised = load(d + i, count) + SHARPEN_EPSILON, a = load(dWeights + i, count) - rest * load(sharpened + i, count);
    dPower += beyond(a * log_(raised * scale), count, 0);
    store(dWeights + i, power * a / raised, count);
  })
  return sumLanes(dPower) * sigmoid(splat(sharpness))[0];
}
