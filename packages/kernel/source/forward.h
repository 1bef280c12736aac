// Forward pass over a sequence, for batch elements [first, last).
#pragma once
#include "gru.h"
#include "parameters.h"
#include "skip.h"
#include "step.h"

/** Units of an LSTM layer, from the sums of its gates, which are replaced by their activations. */
INLINE void lstmForward(float *g, const float *oldCell, float *cell, float *cellTanh, float *raw, float clip, int h) {
  EACH_VECTOR(h, {
    vf input = sigmoid(load(g + i, count)), candidate = tanh_(load(g + h + i, count));
    vf forget = sigmoid(load(g + 2 * h + i, count) + 1.0f), output = sigmoid(load(g + 3 * h + i, count));
    vf c = forget * load(oldCell + i, count) + input * candidate, t = tanh_(c);
    store(g + i, input, count);
    store(g + h + i, candidate, count);
    store(g + 2 * h + i, forget, count);
    store(g + 3 * h + i, output, count);
    store(cellTanh + i, t, count);
    store(raw + i, output * t, count);
    store(cell + i, clipped(c, clip), count);
  })
}

/** Runs layer l of the controller at step t. */
static void controllerForward(const Plan *p, int t, int l, int first, int last) {
  Size B = p->batchSize;
  int h = p->hiddenSize, rows = last - first;
  int shared = p->inputSize + p->readSize, depth = layerRows(p, l);
  Size before = stateAt(p, t) * B, after = stateAt(p, t + 1) * B, at = stepAt(p, t) * B;
  const float *bias = p->parameters + layerAt(p, l) + depth * p->gateSize;
  int stride = p->matrices * p->gatePad;
  float *gates = p->gates + (at + first) * stride + l * p->gatePad;
  float *carried = p->carried + (before + first) * p->carryPad;
  const float *panels = p->gatePanels + l * p->gatePanelSize;

  for (int b = 0; b < rows; b++) copy(gates + b * stride, bias, p->gateSize);
  if (p->controller == LSTM && l == 0) {
    product(gates, stride, carried, p->carryPad, rows, panels, depth, 0, shared + h, p->gateSize);
  } else {
    product(gates, stride, carried, p->carryPad, rows, panels, depth, 0, shared, p->gateSize);
  }
  if (l > 0) {
    float *below = p->hiddenRaw + (at + first) * p->hiddenAll + (l - 1) * h;
    product(gates, stride, below, p->hiddenAll, rows, panels, depth, shared, h, p->gateSize);
    product(gates, stride, carried + p->hiddenAt + l * h, p->carryPad, rows, panels, depth, shared + h, h,
            p->gateSize);
  }

  for (int b = 0; b < rows; b++) {
    float *g = gates + b * stride;
    Size unitAt = (Size)(first + b) * p->hiddenAll + l * h;
    float *raw = p->hiddenRaw + at * p->hiddenAll + unitAt;
    float *next = p->carried + (after + first + b) * p->carryPad + p->hiddenAt + l * h;
    if (p->controller == NONE) {
      copy(raw, carried + b * p->carryPad, h);
    } else if (p->controller == FEED_FORWARD) {
      EACH_VECTOR(h, { store(g + i, tanh_(load(g + i, count)), count); })
      copy(raw, g, h);
    } else {
      const float *oldCell = p->cell + before * p->hiddenAll + unitAt;
      float *cell = p->cell + after * p->hiddenAll + unitAt, *cellTanh = p->cellTanh + at * p->hiddenAll + unitAt;
      lstmForward(g, oldCell, cell, cellTanh, raw, p->clip, h);
    }
    EACH_VECTOR(h, { store(next + i, clipped(load(raw + i, count), p->clip), count); })
  }
}

/** Sets the initial state to zeros. */
static void clearState(const Plan *p, int first, int last) {
  Size N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads, count = last - first, heads = p->links ? K : 0;
  Size place = placeOf(p, first);
  fill(p->carried + (Size)first * p->carryPad, 0, count * p->carryPad);
  fill(p->cell + (Size)first * p->hiddenAll, 0, count * p->hiddenAll);
  fill(p->usage + place * N, 0, count * N);
  fill(p->memory + place * N * W, 0, count * N * W);
  fill(p->link + place * heads * N * N, 0, count * heads * N * N);
  fill(p->precedence + place * heads * N, 0, count * heads * N);
  fill(p->writeWeights + place * K * N, 0, count * K * N);
  fill(p->readWeights + place * R * N, 0, count * R * N);
}

/** Runs all steps. On entry part 0 of each state array holds the initial state. */
static void forwardPass(const Plan *p, int threadIndex, int first, int last) {
  Size B = p->batchSize;
  int rows = last - first;
  for (int b = first; b < last && !p->masking; b++) {
    StepArrays s = stepArrays(p, 0, b, 1);
    memoryNorms((float *)s.oldNorms, s.oldMemory, p->slots, p->wordSize);
  }
  for (int t = 0; t < p->timeSteps; t++) {
    Size before = stateAt(p, t) * B + first, after = stateAt(p, t + 1) * B + first, at = stepAt(p, t) * B + first;
    for (int b = 0; b < rows; b++) {
      float *inputs = p->carried + (before + b) * p->carryPad;
      if (isRun(p, t, first + b)) copy(inputs, p->inputs + (t * B + first + b) * p->inputSize, p->inputSize);
      else fill(inputs, 0, p->inputSize);
    }
    if (p->controller == GRU) gruForward(p, t, first, last);
    else for (int l = 0; l < p->layers; l++) controllerForward(p, t, l, first, last);
    for (int b = first; b < last; b++)
      if (!isRun(p, t, b)) keepState(p, t, b);

    float *hidden = p->carried + after * p->carryPad + p->hiddenAt, *interface = p->interface + at * p->interfacePad;
    for (int b = 0; b < rows; b++) copy(interface + b * p->interfacePad, p->interfaceBias, p->interfacePad);
    product(interface, p->interfacePad, hidden, p->carryPad, rows, p->interfacePanels, p->hiddenAll, 0, p->hiddenAll,
            p->interfaceSize);
    for (int b = 0; b < rows && p->slots > 0; b++) {
      if (!isRun(p, t, first + b)) continue;
      StepArrays s = stepArrays(p, t, first + b, 1);
      activateInterface(p, s.interface);
      memoryForward(p, &s, p->scratch[threadIndex]);
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
    for (int b = 0; b < rows; b++)
      if (!isRun(p, t, first + b)) fill(raw + b * p->outPad, 0, p->outPad);
    EACH_VECTOR(rows * p->outPad, { store(logits + i, clipped(load(raw + i, count), p->clip), count); })
  }
}
