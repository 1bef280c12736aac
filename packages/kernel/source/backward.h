// Backward pass over a sequence, for batch elements [first, last).
#pragma once
#include "forward.h"
#include "step-backward.h"

/**
 * Replaces the gates of an LSTM layer by the gradients of their sums, from those of its units, dh, and of its cell, which becomes
 * that of the old cell.
 */
INLINE void lstmBackward(float *g, const float *dh, const float *oldCell, const float *cellTanh, float *dCell,
                         float clip, int h) {
  EACH_VECTOR(h, {
    vf input = load(g + i, count), candidate = load(g + h + i, count), forget = load(g + 2 * h + i, count);
    vf output = load(g + 3 * h + i, count), old = load(oldCell + i, count);
    vf t = load(cellTanh + i, count), d = load(dh + i, count);
    vf c = forget * old + input * candidate, through = load(dCell + i, count);
    if (clip > 0) through = choose(__builtin_elementwise_abs(c) > clip, (vf){}, through);
    vf dc = through + d * output * (1.0f - t * t);
    store(g + i, dc * candidate * input * (1.0f - input), count);
    store(g + h + i, dc * input * (1.0f - candidate * candidate), count);
    store(g + 2 * h + i, dc * old * forget * (1.0f - forget), count);
    store(g + 3 * h + i, d * t * output * (1.0f - output), count);
    store(dCell + i, dc * forget, count);
  })
}

/**
 * Propagates the gradient of the unclipped hidden units of layer l, in dRaw, to its gates, its cell, the row that the layer
 * has read, and the layer below.
 */
static void controllerBackward(const Plan *p, int t, int l, int first, int last, float *dRaw) {
  Size B = p->batchSize;
  int h = p->hiddenSize, rows = last - first;
  int shared = p->inputSize + p->readSize, depth = layerRows(p, l);
  int stride = p->matrices * p->gatePad;
  float *gates = p->gates + (t * B + first) * stride + l * p->gatePad; // become their gradients
  const float *panels = p->gatePanelsT + l * p->gatePanelSizeT;
  if (p->controller == NONE) {
    for (int b = 0; b < rows; b++)
      axpy(carriedGradient(p, t) + (Size)(first + b) * p->carryPad, 1.0f, dRaw + b * (p->hiddenAll + PANEL), h);
    return;
  }
  for (int b = 0; b < rows; b++) {
    float *g = gates + b * stride;
    const float *dh = dRaw + b * (p->hiddenAll + PANEL) + l * h;
    Size unitAt = (Size)(first + b) * p->hiddenAll + l * h;
    if (!isRun(p, t, first + b)) {
      fill(g, 0, p->gateSize);
      continue;
    }
    if (p->controller == FEED_FORWARD) {
      for (int u = 0; u < h; u++) g[u] = dh[u] * (1.0f - g[u] * g[u]);
      continue;
    }
    lstmBackward(g, dh, p->cell + t * B * p->hiddenAll + unitAt, p->cellTanh + t * B * p->hiddenAll + unitAt,
                 p->dCell + unitAt, p->clip, h);
  }
  // To the row that the layer has read: columns of the transposed weights are rows of the weights.
  float *dCarried = carriedGradient(p, t) + (Size)first * p->carryPad;
  int k = p->gateSize;
  if (p->controller == LSTM && l == 0) {
    product(dCarried, p->carryPad, gates, stride, rows, panels, k, 0, k, depth);
    return;
  }
  // Sections of the row need not begin at a multiple of 8: the product goes to scratch and is added from there.
  for (int b = 0; b < rows; b++) {
    float *row = dRaw + rows * (p->hiddenAll + PANEL);
    fill(row, 0, depth + PANEL);
    product(row, depth + PANEL, gates + b * stride, stride, 1, panels, k, 0, k, depth);
    axpy(dCarried + b * p->carryPad, 1.0f, row, shared);
    if (l > 0) axpy(dRaw + b * (p->hiddenAll + PANEL) + (l - 1) * h, 1.0f, row + shared, h);
    if (l > 0) axpy(dCarried + b * p->carryPad + p->hiddenAt + l * h, 1.0f, row + shared + h, h);
  }
}

/** Zeroes the gradients of the states. */
static void clearCarry(const Plan *p, int first, int last) {
  Size N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads, count = last - first;
  Size heads = p->links ? K : 0, place = placeOf(p, first);
  fill(carriedGradient(p, p->timeSteps) + (Size)first * p->carryPad, 0, count * p->carryPad);
  fill(p->dCell + (Size)first * p->hiddenAll, 0, count * p->hiddenAll);
  fill(p->dUsage + place * N, 0, count * N);
  fill(p->dMemory + place * N * W, 0, count * N * W);
  fill(p->dLink + place * heads * N * N, 0, count * heads * N * N);
  fill(p->dPrecedence + place * heads * N, 0, count * heads * N);
  fill(p->dReadWeights + place * R * N, 0, count * R * N);
  fill(p->dWriteWeights + place * K * N, 0, count * K * N);
}

/**
 * Before the backward pass of step t: if it is the last of its group, computes links and memory before the other steps of the
 * group again.
 */
static void recomputeHistory(const Plan *p, int threadIndex, int t, int first, int last) {
  if (keepsAll(p)) return;
  Group g = groupOf(p, t);
  if (t != g.next - 1) return;
  for (int u = g.first; u < t; u++)
    for (int b = first; b < last; b++) {
      StepArrays s = stepArrays(p, u, b, 0);
      if (isRun(p, u, b)) recomputeStep(p, &s, p->scratch[threadIndex]);
      else keepLinksAndMemory(p, &s);
    }
}

/**
 * Runs the backward pass over all steps, from the last to the first; needs history. On entry dLogits holds the gradient of
 * the clipped logits; carriedGradient(p, timeSteps), dCell and the gradients of the memory's state hold those of the final state.
 * On return carriedGradient(p, 0) and the others hold those of the initial state, gates and interface hold their gradients, and,
 * except in training, dInputs holds that of the inputs.
 */
static void backwardPass(const Plan *p, int threadIndex, int first, int last) {
  Size B = p->batchSize;
  int N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads, rows = last - first;
  int heads = p->links ? K : 0, rawStride = p->hiddenAll + PANEL, outDepth = p->outputSize;
  float *dRaw = p->scratch[threadIndex] + stepScratch(p);

  for (int t = p->timeSteps - 1; t >= 0; t--) {
    recomputeHistory(p, threadIndex, t, first, last);
    float *dCarried = carriedGradient(p, t + 1) + (Size)first * p->carryPad;
    float *dBefore = carriedGradient(p, t) + (Size)first * p->carryPad;
    fill(dBefore, 0, (Size)rows * p->carryPad);
    float *dLogits = p->dLogits + (t * B + first) * p->outPad;
    const float *raw = p->rawLogits + (t * B + first) * p->outPad;
    if (p->clip > 0)
      for (int i = 0; i < rows * p->outPad; i++) dLogits[i] = __builtin_fabsf(raw[i]) > p->clip ? 0.0f : dLogits[i];

    for (int b = first; b < last; b++)
      if (!isRun(p, t, b)) skipBackward(p, t, b);

    // A row of the output layer has hidden units, then words; a row of `carried` has the words first.
    for (int b = 0; b < rows; b++) {
      float *row = dRaw + rows * rawStride;
      fill(row, 0, p->hiddenAll + p->readSize + PANEL);
      product(row, 0, dLogits + b * p->outPad, 0, 1, p->outPanelsT, outDepth, 0, outDepth, p->hiddenAll + p->readSize);
      axpy(dCarried + b * p->carryPad + p->hiddenAt, 1.0f, row, p->hiddenAll);
      axpy(dCarried + b * p->carryPad + p->inputSize, 1.0f, row + p->hiddenAll, p->readSize);
    }

    for (int b = 0; b < rows && N > 0; b++) {
      int element = first + b;
      if (!isRun(p, t, element)) continue;
      StepArrays s = stepArrays(p, t, element, 0);
      Size e = placeOf(p, element);
      CarriedGradients d = {p->dUsage + e * N,          p->dMemory + e * N * W,      p->dLink + e * heads * N * N,
                            p->dPrecedence + e * heads * N, p->dReadWeights + e * R * N, p->dWriteWeights + e * K * N};
      memoryBackward(p, &s, &d, dCarried + b * p->carryPad + p->inputSize, p->scratch[threadIndex]);
    }
    product(dCarried + p->hiddenAt, p->carryPad, p->interface + (t * B + first) * p->interfacePad, p->interfacePad,
            rows, p->interfacePanelsT, p->interfaceSize, 0, p->interfaceSize, p->hiddenAll);

    for (int b = 0; b < rows; b++) {
      const float *raw = p->hiddenRaw + (t * B + first + b) * p->hiddenAll;
      const float *dh = dCarried + b * p->carryPad + p->hiddenAt;
      for (int u = 0; u < p->hiddenAll; u++)
        dRaw[b * rawStride + u] = p->clip > 0 && __builtin_fabsf(raw[u]) > p->clip ? 0.0f : dh[u];
    }
    if (p->controller == GRU) gruBackward(p, t, first, last, dRaw, rawStride);
    else for (int l = p->layers - 1; l >= 0; l--) controllerBackward(p, t, l, first, last, dRaw);
    for (int b = 0; b < rows && !p->training; b++)
      copy(p->dInputs + (t * B + first + b) * p->inputSize, dBefore + b * p->carryPad, p->inputSize);
  }
}
