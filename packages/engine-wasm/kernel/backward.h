// The loss and the backward pass over a sequence, for elements [first, last).
#pragma once
#include "forward.h"
#include "step-backward.h"

/**
 * Masked sigmoid cross-entropy of elements [first, last), summed over time, and its gradient to the clipped logits.
 * Each element's own sum goes to partials[b]; `update` adds them up in order.
 */
static void lossForward(const Plan *p, int first, int last) {
  int B = p->batch, O = p->outputSize;
  for (int b = first; b < last; b++) {
    float total = 0;
    for (int t = 0; t < p->time; t++) {
      const float *x = p->logits + (t * B + b) * p->outPad, *z = p->target + (t * B + b) * O;
      float *d = p->dLogits + (t * B + b) * p->outPad, mask = p->mask[t * B + b], sumBits = 0;
      for (int o = 0; o < O; o++) {
        sumBits += softplus(x[o]) - x[o] * z[o];
        d[o] = mask / B * (sigmoid(x[o]) - z[o]);
      }
      total += mask * sumBits;
    }
    p->partials[b] = total;
  }
}

/** Layer l of the controller: from the gradient to its raw hidden units, in dRaw, to its gates, its cell and below. */
static void controllerBackward(const Plan *p, int t, int l, int first, int last, float *dRaw) {
  int B = p->batch, h = p->hidden, rows = last - first, shared = p->inputSize + p->readSize, depth = layerRows(p, l);
  int distance = p->layers * p->gatePad;
  float *dGates = p->dGates + (t * B + first) * distance + l * p->gatePad;
  const float *panels = p->gatePanelsT + l * p->gatePanelSizeT;
  if (p->controller == NONE) {
    for (int b = 0; b < rows; b++)
      axpy(p->dCarried + (t * B + first + b) * p->carryPad, 1.0f, dRaw + b * (p->hiddenAll + PANEL), h);
    return;
  }
  for (int b = 0; b < rows; b++) {
    float *dg = dGates + b * distance;
    const float *dh = dRaw + b * (p->hiddenAll + PANEL) + l * h;
    int own = (first + b) * p->hiddenAll + l * h;
    const float *g = p->gates + (t * B + first + b) * distance + l * p->gatePad;
    if (p->controller == FEED_FORWARD) {
      for (int u = 0; u < h; u++) dg[u] = dh[u] * (1.0f - g[u] * g[u]);
      continue;
    }
    const float *i = g, *j = g + h, *f = g + 2 * h, *o = g + 3 * h;
    const float *oldCell = p->cell + t * B * p->hiddenAll + own, *cellTanh = p->cellTanh + t * B * p->hiddenAll + own;
    float *dCell = p->dCell + own;
    for (int u = 0; u < h; u++) {
      float c = f[u] * oldCell[u] + i[u] * j[u];
      float inside = p->clip > 0 && __builtin_fabsf(c) > p->clip ? 0.0f : 1.0f;
      float dc = dCell[u] * inside + dh[u] * o[u] * (1.0f - cellTanh[u] * cellTanh[u]);
      dg[u] = dc * j[u] * i[u] * (1.0f - i[u]);
      dg[h + u] = dc * i[u] * (1.0f - j[u] * j[u]);
      dg[2 * h + u] = dc * oldCell[u] * f[u] * (1.0f - f[u]);
      dg[3 * h + u] = dh[u] * cellTanh[u] * o[u] * (1.0f - o[u]);
      dCell[u] = dc * f[u];
    }
  }
  // To what the layer saw: columns of the transposed weights are rows of the weights.
  float *dCarried = p->dCarried + (t * B + first) * p->carryPad;
  int k = p->gateSize;
  if (p->controller == LSTM && l == 0) {
    product(dCarried, p->carryPad, dGates, distance, rows, panels, k, 0, k, depth);
    return;
  }
  // Sections of the rows need not begin at a panel: the product goes to a row of its own and is added.
  for (int b = 0; b < rows; b++) {
    float *row = dRaw + rows * (p->hiddenAll + PANEL);
    fill(row, 0, depth + PANEL);
    product(row, depth + PANEL, dGates + b * distance, distance, 1, panels, k, 0, k, depth);
    axpy(dCarried + b * p->carryPad, 1.0f, row, shared);
    if (l > 0) axpy(dRaw + b * (p->hiddenAll + PANEL) + (l - 1) * h, 1.0f, row + shared, h);
    if (l > 0) axpy(dCarried + b * p->carryPad + p->hiddenAt + l * h, 1.0f, row + shared + h, h);
  }
}

/** Before the host puts in what it knows of the gradients to logits and final state. */
static void clearCarry(const Plan *p, int first, int last) {
  int B = p->batch, N = p->slots, W = p->word, R = p->reads, K = p->writes, count = last - first;
  for (int t = 0; t <= p->time; t++) fill(p->dCarried + (t * B + first) * p->carryPad, 0, count * p->carryPad);
  fill(p->dCell + first * p->hiddenAll, 0, count * p->hiddenAll);
  fill(p->dUsage + first * N, 0, count * N);
  fill(p->dMemory + first * N * W, 0, count * N * W);
  fill(p->dLink + first * K * N * N, 0, count * K * N * N);
  fill(p->dPrecedence + first * K * N, 0, count * K * N);
  fill(p->dReadWeights + first * R * N, 0, count * R * N);
  fill(p->dWriteWeights + first * K * N, 0, count * K * N);
}

/**
 * All steps backwards for elements [first, last), with history. dLogits holds the gradient to the clipped logits; the
 * gradients to the final state lie in dCarried[time], dCell and the five of the memory, and those to the initial state
 * are left in part 0 of dCarried and in the others.
 */
static void sweepBackward(const Plan *p, int share, int first, int last) {
  int B = p->batch, N = p->slots, W = p->word, R = p->reads, K = p->writes, rows = last - first;
  int rawDistance = p->hiddenAll + PANEL, outDepth = p->outputSize;
  float *dRaw = p->scratch[share] + stepScratch(p);

  for (int t = p->time - 1; t >= 0; t--) {
    float *dCarried = p->dCarried + ((t + 1) * B + first) * p->carryPad;
    float *dLogits = p->dLogits + (t * B + first) * p->outPad;
    const float *raw = p->rawLogits + (t * B + first) * p->outPad;
    if (p->clip > 0)
      for (int i = 0; i < rows * p->outPad; i++) dLogits[i] = __builtin_fabsf(raw[i]) > p->clip ? 0.0f : dLogits[i];

    // The output layer's columns are hidden, then words; in a row of `carried` the words come first.
    for (int b = 0; b < rows; b++) {
      float *row = dRaw + rows * rawDistance;
      fill(row, 0, p->hiddenAll + p->readSize + PANEL);
      product(row, 0, dLogits + b * p->outPad, 0, 1, p->outPanelsT, outDepth, 0, outDepth, p->hiddenAll + p->readSize);
      axpy(dCarried + b * p->carryPad + p->hiddenAt, 1.0f, row, p->hiddenAll);
      axpy(dCarried + b * p->carryPad + p->inputSize, 1.0f, row + p->hiddenAll, p->readSize);
    }

    for (int b = 0; b < rows; b++) {
      int e = first + b;
      Step s = stepOf(p, t, e);
      Carry d = {p->dUsage + e * N, p->dMemory + e * N * W, p->dLink + e * K * N * N, p->dPrecedence + e * K * N,
                 p->dReadWeights + e * R * N, p->dWriteWeights + e * K * N};
      memoryBackward(p, &s, &d, p->dFace + (t * B + e) * p->facePad, dCarried + b * p->carryPad + p->inputSize,
                     p->scratch[share]);
    }
    product(dCarried + p->hiddenAt, p->carryPad, p->dFace + (t * B + first) * p->facePad, p->facePad, rows,
            p->facePanelsT, p->faceSize, 0, p->faceSize, p->hiddenAll);

    for (int b = 0; b < rows; b++) {
      const float *raw = p->hiddenRaw + (t * B + first + b) * p->hiddenAll;
      const float *dh = dCarried + b * p->carryPad + p->hiddenAt;
      for (int u = 0; u < p->hiddenAll; u++)
        dRaw[b * rawDistance + u] = p->clip > 0 && __builtin_fabsf(raw[u]) > p->clip ? 0.0f : dh[u];
    }
    for (int l = p->layers - 1; l >= 0; l--) controllerBackward(p, t, l, first, last, dRaw);
  }
}
