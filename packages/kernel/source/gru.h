// Controller of gated recurrent units: with [reset, update] = sigmoid([x, h'] w_gates + b_gates),
// candidate = tanh([x, reset h'] w_candidate + b_candidate), h = candidate + update (h' - candidate). h' is the previous h, x
// are inputs and words read. Gates are matrix 0 of the controller, the candidate is matrix 1.
#pragma once
#include "parameters.h"
#include "step.h"

/** Runs step t of batch elements [first, last). */
static void gruForward(const Plan *p, int t, int first, int last) {
  Size B = p->batchSize;
  int h = p->hiddenSize, rows = last - first, shared = p->inputSize + p->readSize, depth = shared + h;
  Size before = stateAt(p, t) * B + first, after = stateAt(p, t + 1) * B + first, at = stepAt(p, t) * B + first;
  int stride = 2 * p->gatePad, pad = p->carryPad;
  float *gates = p->gates + at * stride, *candidates = gates + p->gatePad, *resetHidden = p->resetHidden + at * h;
  const float *carried = p->carried + before * pad;
  const float *bias = p->parameters + layerAt(p, 0) + depth * 2 * h, *bias1 = p->parameters + layerAt(p, 1) + depth * h;

  for (int b = 0; b < rows; b++) copy(gates + b * stride, bias, 2 * h), copy(candidates + b * stride, bias1, h);
  product(gates, stride, carried, pad, rows, p->gatePanels, depth, 0, depth, 2 * h);
  for (int b = 0; b < rows; b++) {
    float *restrict g = gates + b * stride, *restrict reset = resetHidden + b * h;
    const float *restrict previous = carried + b * pad + p->hiddenAt;
    sigmoids(g, 2 * h);
    for (int u = 0; u < h; u++) reset[u] = g[u] * previous[u];
  }
  const float *panels = p->gatePanels + p->gatePanelSize;
  product(candidates, stride, carried, pad, rows, panels, depth, 0, shared, h);
  product(candidates, stride, resetHidden, h, rows, panels, depth, shared, h, h);
  for (int b = 0; b < rows; b++) {
    const float *restrict update = gates + b * stride + h, *restrict previous = carried + b * pad + p->hiddenAt;
    float *restrict c = candidates + b * stride, *restrict raw = p->hiddenRaw + (at + b) * h;
    float *restrict next = p->carried + (after + b) * pad + p->hiddenAt;
    EACH_VECTOR(h, {
      vf candidate = tanh_(load(c + i, count));
      vf unit = candidate + load(update + i, count) * (load(previous + i, count) - candidate);
      store(c + i, candidate, count);
      store(raw + i, unit, count);
      store(next + i, clipped(unit, p->clip), count);
    })
  }
}

/** Propagates the gradient of the unclipped hidden units, in rows of dRaw `rawStride` apart, to the gates and the old state. */
static void gruBackward(const Plan *p, int t, int first, int last, float *dRaw, int rawStride) {
  Size B = p->batchSize;
  int h = p->hiddenSize, rows = last - first, shared = p->inputSize + p->readSize, depth = shared + h;
  int stride = 2 * p->gatePad;
  Size at = t * B + first;
  float *dCarried = carriedGradient(p, t) + (Size)first * p->carryPad, *row = dRaw + rows * rawStride;
  for (int b = 0; b < rows; b++) {
    float *g = p->gates + (at + b) * stride, *restrict reset = g, *restrict update = g + h, *restrict candidate = g + p->gatePad;
    const float *restrict previous = p->carried + (at + b) * p->carryPad + p->hiddenAt, *restrict dh = dRaw + b * rawStride;
    float *restrict dPrevious = dCarried + b * p->carryPad + p->hiddenAt;
    for (int u = 0; u < h; u++) {
      float z = update[u], c = candidate[u];
      candidate[u] = dh[u] * (1.0f - z) * (1.0f - c * c);
      update[u] = dh[u] * (previous[u] - c) * z * (1.0f - z);
      dPrevious[u] += dh[u] * z;
    }
    // Gradients of what the candidate has read: inputs and words, then reset times previous units.
    fill(row, 0, depth + PANEL);
    product(row, 0, candidate, 0, 1, p->gatePanelsT + p->gatePanelSizeT, h, 0, h, depth);
    axpy(dCarried + b * p->carryPad, 1.0f, row, shared);
    const float *restrict dResetHidden = row + shared;
    for (int u = 0; u < h; u++) {
      float r = reset[u];
      reset[u] = dResetHidden[u] * previous[u] * r * (1.0f - r);
      dPrevious[u] += dResetHidden[u] * r;
    }
  }
  product(dCarried, p->carryPad, p->gates + at * stride, stride, rows, p->gatePanelsT, 2 * h, 0, 2 * h, depth);
}
