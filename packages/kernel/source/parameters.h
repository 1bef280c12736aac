// Offsets of the parameters, and packing of weight matrices for products.
#pragma once
#include "product.h"
#include "vectors.h"

/**
 * Rows of the controller's weight matrix l: inputs, words read, hidden units of the layer below, previous hidden units of l.
 * There is one matrix per layer; a GRU has two, gates and candidate.
 */
INLINE int layerRows(const Plan *p, int l) {
  if (p->controller == GRU) return p->inputSize + p->readSize + p->hiddenSize;
  if (p->controller != LSTM) return p->inputSize + p->readSize;
  return p->inputSize + p->readSize + (l > 0 ? p->hiddenSize : 0) + p->hiddenSize;
}

/** Columns of the controller's weight matrix l. */
INLINE int layerColumns(const Plan *p, int l) { return p->controller == GRU && l == 1 ? p->hiddenSize : p->gateSize; }

/** Offset of the parameters of the controller's weight matrix l. Parameters are stored in the order of the reference implementation. */
static int layerAt(const Plan *p, int l) {
  int at = 0;
  for (int i = 0; i < l; i++) at += (layerRows(p, i) + 1) * layerColumns(p, i);
  return at;
}
INLINE int interfaceAt(const Plan *p) { return layerAt(p, p->matrices); }
INLINE int outputAt(const Plan *p) { return interfaceAt(p) + (p->hiddenAll + 1) * p->interfaceSize; }

/** Packs one weight matrix. They are numbered: the controller's matrices, then the interface, then the output layer. */
static void packMatrix(const Plan *p, int matrix) {
  int last = MIN(matrix, p->matrices - 1);
  int widths[SECTIONS] = {layerColumns(p, last)}, sections = 1, rows = layerRows(p, last), column = 0;
  const float *w = p->parameters + layerAt(p, matrix);
  float *panels = p->gatePanels + matrix * p->gatePanelSize, *panelsT = p->gatePanelsT + matrix * p->gatePanelSizeT;
  float *bias = 0;
  if (matrix == p->matrices) {
    interfaceWidths(p, widths);
    sections = SECTIONS, rows = p->hiddenAll, w = p->parameters + interfaceAt(p);
    panels = p->interfacePanels, panelsT = p->interfacePanelsT, bias = p->interfaceBias;
  } else if (matrix > p->matrices) {
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
  for (int matrix = threadIndex; matrix < p->matrices + 2; matrix += threadCount) packMatrix(p, matrix);
}
