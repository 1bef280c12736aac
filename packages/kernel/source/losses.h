// Losses of one sequence, summed over the steps that count, and their gradients to the clipped logits. Each function takes the
// logits x and targets z of one step, writes the gradient d times mask / batchSize, and returns the loss of the step.
#pragma once
#include "plan.h"
#include "vectors.h"

/** Cross-entropy of bits: the sum of softplus(x) - x z. */
INLINE float sigmoidLoss(float *d, const float *x, const float *z, float mask, float batchSize, int outputSize) {
  vf total = {};
  EACH_VECTOR(outputSize, {
    vf xs = load(x + i, count), zs = load(z + i, count);
    total += beyond(softplus(xs) - xs * zs, count, 0);
    store(d + i, mask * (sigmoid(xs) - zs) / batchSize, count);
  })
  return sumLanes(total);
}

/**
 * Cross-entropy of one group of outputs: minus the sum of z log softmax(x). The gradient is softmax(x) times the sum of z,
 * minus z.
 */
static float softmaxLoss(float *restrict d, const float *x, const float *z, float mask, float batchSize, int size) {
  float shift = largest(x, size), mass = sum(z, size);
  vf total = {};
  float normalizer = exponentials(d, 1.0f, x, size), logNormalizer = log_(splat(normalizer))[0];
  EACH_VECTOR(size, {
    vf zs = load(z + i, count);
    total -= zs * (load(x + i, count) - shift - logNormalizer);
    store(d + i, mask * (load(d + i, count) / normalizer * mass - zs) / batchSize, count);
  })
  return sumLanes(total);
}

/** Half the sum of (x - z)^2. */
INLINE float squaredLoss(float *d, const float *x, const float *z, float mask, float batchSize, int outputSize) {
  float total = 0;
  for (int o = 0; o < outputSize; o++) {
    float difference = x[o] - z[o];
    total += 0.5f * difference * difference;
    d[o] = mask * difference / batchSize;
  }
  return total;
}

/** The sum of x z: the targets are the gradient. */
INLINE float linearLoss(float *d, const float *x, const float *z, float mask, float batchSize, int outputSize) {
  float total = 0;
  for (int o = 0; o < outputSize; o++) {
    total += x[o] * z[o];
    d[o] = mask * z[o] / batchSize;
  }
  return total;
}

/** The loss of one step. */
INLINE float stepLoss(const Plan *p, float *d, const float *x, const float *z, float mask) {
  float batchSize = p->batchSize;
  if (p->loss == SIGMOID_LOSS) return sigmoidLoss(d, x, z, mask, batchSize, p->outputSize);
  if (p->loss == SQUARED_LOSS) return squaredLoss(d, x, z, mask, batchSize, p->outputSize);
  if (p->loss == LINEAR_LOSS) return linearLoss(d, x, z, mask, batchSize, p->outputSize);
  float total = 0;
  for (int group = 0, at = 0; group < p->groupCount; at += p->groupSizes[group++])
    total += softmaxLoss(d + at, x + at, z + at, mask, batchSize, p->groupSizes[group]);
  return total;
}

/**
 * Computes the loss of batch elements [first, last), summed over time, and the gradient of the clipped logits. The loss of
 * element b goes to partials[b]; `update` adds them up in order.
 */
static void lossForward(const Plan *p, int first, int last) {
  Size B = p->batchSize;
  int O = p->outputSize;
  for (int b = first; b < last; b++) {
    float total = 0;
    for (int t = 0; t < p->timeSteps; t++) {
      Size row = t * B + b;
      float mask = p->mask[row];
      total += mask * stepLoss(p, p->dLogits + row * p->outPad, p->logits + row * p->outPad, p->target + row * O, mask);
    }
    p->partials[b] = total;
  }
}
