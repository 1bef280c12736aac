// The forward pass over a sequence, for elements [first, last).
#pragma once
#include "parameters.h"
#include "step.h"

INLINE float clipped(float x, float limit) { return limit > 0 ? within(x, -limit, limit) : x; }

/** Layer l of the controller for elements [first, last) at step t. */
static void controllerForward(const Plan *p, int t, int l, int first, int last) {
  int B = p->batch, h = p->hidden, rows = last - first, shared = p->inputSize + p->readSize, depth = layerRows(p, l);
  int was = stateAt(p, t) * B, is = stateAt(p, t + 1) * B, at = stepAt(p, t) * B;
  const float *bias = p->parameters + layerAt(p, l) + depth * p->gateSize;
  int distance = p->layers * p->gatePad;
  float *gates = p->gates + (at + first) * distance + l * p->gatePad;
  float *carried = p->carried + (was + first) * p->carryPad;
  const float *panels = p->gatePanels + l * p->gatePanelSize;

  for (int b = 0; b < rows; b++) copy(gates + b * distance, bias, p->gateSize);
  if (p->controller == LSTM && l == 0) {
    product(gates, distance, carried, p->carryPad, rows, panels, depth, 0, shared + h, p->gateSize);
  } else {
    product(gates, distance, carried, p->carryPad, rows, panels, depth, 0, shared, p->gateSize);
  }
  if (l > 0) {
    float *below = p->hiddenRaw + (at + first) * p->hiddenAll + (l - 1) * h;
    product(gates, distance, below, p->hiddenAll, rows, panels, depth, shared, h, p->gateSize);
    product(gates, distance, carried + p->hiddenAt + l * h, p->carryPad, rows, panels, depth, shared + h, h,
            p->gateSize);
  }

  for (int b = 0; b < rows; b++) {
    float *g = gates + b * distance, *i = g, *j = g + h, *f = g + 2 * h, *o = g + 3 * h;
    int own = (first + b) * p->hiddenAll + l * h;
    float *raw = p->hiddenRaw + at * p->hiddenAll + own;
    float *next = p->carried + (is + first + b) * p->carryPad + p->hiddenAt + l * h;
    if (p->controller == NONE) {
      copy(raw, carried + b * p->carryPad, h);
    } else if (p->controller == FEED_FORWARD) {
      for (int u = 0; u < h; u++) raw[u] = g[u] = tanh_(g[u]);
    } else {
      const float *oldCell = p->cell + was * p->hiddenAll + own;
      float *cell = p->cell + is * p->hiddenAll + own, *cellTanh = p->cellTanh + at * p->hiddenAll + own;
      for (int u = 0; u < h; u++) i[u] = sigmoid(i[u]);
      for (int u = 0; u < h; u++) j[u] = tanh_(j[u]);
      for (int u = 0; u < h; u++) f[u] = sigmoid(f[u] + 1.0f);
      for (int u = 0; u < h; u++) o[u] = sigmoid(o[u]);
      for (int u = 0; u < h; u++) {
        float c = f[u] * oldCell[u] + i[u] * j[u];
        cellTanh[u] = tanh_(c);
        raw[u] = o[u] * cellTanh[u];
        cell[u] = clipped(c, p->clip);
      }
    }
    for (int u = 0; u < h; u++) next[u] = clipped(raw[u], p->clip);
  }
}

/** The initial state of training: all zeros. */
static void clearState(const Plan *p, int first, int last) {
  int N = p->slots, W = p->word, R = p->reads, K = p->writes, count = last - first;
  fill(p->carried + first * p->carryPad, 0, count * p->carryPad);
  fill(p->cell + first * p->hiddenAll, 0, count * p->hiddenAll);
  fill(p->usage + first * N, 0, count * N);
  fill(p->memory + first * N * W, 0, count * N * W);
  fill(p->link + first * K * N * N, 0, count * K * N * N);
  fill(p->precedence + first * K * N, 0, count * K * N);
  fill(p->writeWeights + first * K * N, 0, count * K * N);
  fill(p->readWeights + first * R * N, 0, count * R * N);
}

/** All steps for elements [first, last). The initial state is in part 0 of the state. */
static void sweepForward(const Plan *p, int share, int first, int last) {
  int B = p->batch, rows = last - first;
  for (int b = first; b < last; b++) {
    Step s = stepOf(p, 0, b);
    memoryNorms((float *)s.oldNorms, s.oldMemory, p->slots, p->word);
  }
  for (int t = 0; t < p->time; t++) {
    int was = stateAt(p, t) * B + first, is = stateAt(p, t + 1) * B + first, at = stepAt(p, t) * B + first;
    for (int b = 0; b < rows; b++)
      copy(p->carried + (was + b) * p->carryPad, p->inputs + (t * B + first + b) * p->inputSize, p->inputSize);
    for (int l = 0; l < p->layers; l++) controllerForward(p, t, l, first, last);

    float *hidden = p->carried + is * p->carryPad + p->hiddenAt, *face = p->face + at * p->facePad;
    for (int b = 0; b < rows; b++) copy(face + b * p->facePad, p->faceBias, p->facePad);
    product(face, p->facePad, hidden, p->carryPad, rows, p->facePanels, p->hiddenAll, 0, p->hiddenAll, p->faceSize);
    for (int b = 0; b < rows; b++) {
      Step s = stepOf(p, t, first + b);
      openInterface(p, s.face);
      memoryForward(p, &s, p->scratch[share]);
    }

    float *raw = p->rawLogits + (t * B + first) * p->outPad, *logits = p->logits + (t * B + first) * p->outPad;
    int depth = p->hiddenAll + p->readSize;
    const float *bias = p->parameters + outputAt(p) + depth * p->outputSize;
    for (int b = 0; b < rows; b++) {
      fill(raw + b * p->outPad, 0, p->outPad);
      copy(raw + b * p->outPad, bias, p->outputSize);
    }
    product(raw, p->outPad, hidden, p->carryPad, rows, p->outPanels, depth, 0, p->hiddenAll, p->outputSize);
    product(raw, p->outPad, hidden - p->readSize, p->carryPad, rows, p->outPanels, depth, p->hiddenAll, p->readSize,
            p->outputSize);
    for (int i = 0; i < rows * p->outPad; i++) logits[i] = clipped(raw[i], p->clip);
  }
}
