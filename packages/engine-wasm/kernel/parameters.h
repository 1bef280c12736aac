// Offsets of the parameters, and packing of weight matrices for products.
#pragma once
#include "product.h"
#include "vectors.h"

/** Rows of the weights of layer l: inputs, words read, hidden units of the layer below, previous hidden units of l. */
INLINE int layerRows(const Plan *p, int l) {
  if (p->controller != LSTM) return p->inputSize + p->readSize;
  return p->inputSize + p->readSize + (l > 0 ? p->hiddenSize : 0) + p->hiddenSize;
}

/** Offset of the parameters of layer l. Parameters are stored in the order of the reference implementation. */
static int layerAt(const Plan *p, int l) {
  int at = 0;
  for (int i = 0; i < l; i++) at += (layerRows(p, i) + 1) * p->gateSize;
  return at;
}
INLINE int interfaceAt(const Plan *p) { return layerAt(p, p->layers); }
INLINE int outputAt(const Plan *p) { return interfaceAt(p) + (p->hiddenAll + 1) * p->interfaceSize; }

/** Widths of the ten linear layers that produce the interface, in the order of the reference and of its sections. */
static void interfaceWidths(const Plan *p, int widths[10]) {
  int R = p->readHeads, K = p->writeHeads, W = p->wordSize;
  int all[10] = {K * W, K * W, R, K, K, R * (1 + 2 * K), K * W, K, R * W, R};
  for (int i = 0; i < 10; i++) widths[i] = all[i];
}

/** Packs one weight matrix. They are numbered: the controller's layers, then the interface, then the output layer. */
static void packMatrix(const Plan *p, int matrix) {
  int widths[10] = {p->gateSize}, sections = 1, rows = layerRows(p, MIN(matrix, p->layers - 1)), column = 0;
  const float *w = p->parameters + layerAt(p, matrix);
  float *panels = p->gatePanels + matrix * p->gatePanelSize, *panelsT = p->gatePanelsT + matrix * p->gatePanelSizeT;
  float *bias = 0;
  if (matrix == p->layers) {
    interfaceWidths(p, widths);
    sections = 10, rows = p->hiddenAll, w = p->parameters + interfaceAt(p);
    panels = p->interfacePanels, panelsT = p->interfacePanelsT, bias = p->interfaceBias;
  } else if (matrix > p->layers) {
    widths[0] = p->outputSize, rows = p->hiddenAll + p->readSize, w = p->parameters + outputAt(p);
    panels = p->outPanels, panelsT = p->outPanelsT;
  }
  int columns = 0;
  for (int i = 0; i < sections; i++) columns += widths[i];
  for (int i = 0; i < sections; i++) {
    pack(panels, rows, 0, column, w, rows, widths[i]);
    if (p->history) packTransposed(panelsT, columns, 0, column, w, rows, widths[i]);
    w += rows * widths[i];
    if (bias) copy(bias + column, w, widths[i]);
    w += widths[i];
    column += widths[i];
  }
  padPanels(panels, rows, columns);
  if (p->history) padPanels(panelsT, columns, rows);
}

/** Packs every `threadCount`th weight matrix. */
static void packWeights(const Plan *p, int threadIndex, int threadCount) {
  for (int matrix = threadIndex; matrix < p->layers + 2; matrix += threadCount) packMatrix(p, matrix);
}
