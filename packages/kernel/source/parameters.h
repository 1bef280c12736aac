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

/** Rows of weight matrix `matrix`, numbered as in `packMatrix`. */
INLINE int matrixRows(const Plan *p, int matrix) {
  if (matrix < p->matrices) return layerRows(p, matrix);
  return matrix == p->matrices ? p->hiddenAll : p->hiddenAll + p->readSize;
}

/**
 * Offset of the parameters of the controller's weight matrix l. Parameters are stored in the order of the reference
 * implementation.
 */
static int layerAt(const Plan *p, int l) {
  int at = 0;
  for (int i = 0; i < l; i++) at += (layerRows(p, i) + 1) * layerColumns(p, i);
  return at;
}
INLINE int interfaceAt(const Plan *p) { return layerAt(p, p->matrices); }
INLINE int outputAt(const Plan *p) { return interfaceAt(p) + (p->hiddenAll + 1) * p->interfaceSize; }

/**
 * Packs rows [first, last) of one weight matrix. Matrices are numbered: the controller's, then the interface, then the output
 * layer. The thread whose rows begin at 0 packs the biases too. `first` is a multiple of PANEL.
 */
static void packMatrix(const Plan *p, int matrix, int first, int last) {
  int controller = MIN(matrix, p->matrices - 1);
  int widths[SECTIONS] = {layerColumns(p, controller)}, sections = 1, rows = matrixRows(p, matrix), column = 0;
  const float *w = p->parameters + layerAt(p, matrix);
  float *panels = p->gatePanels + (Size)matrix * p->gatePanelSize, *panelsT = p->gatePanelsT + (Size)matrix * p->gatePanelSizeT;
  float *bias = 0;
  if (matrix == p->matrices) {
    interfaceWidths(p, widths);
    sections = SECTIONS, w = p->parameters + interfaceAt(p);
    panels = p->interfacePanels, panelsT = p->interfacePanelsT, bias = p->interfaceBias;
  } else if (matrix > p->matrices) {
    widths[0] = p->outputSize, w = p->parameters + outputAt(p);
    panels = p->outPanels, panelsT = p->outPanelsT;
  }
  int columns = 0;
  for (int i = 0; i < sections; i++) columns += widths[i];
  for (int i = 0; i < sections; i++) {
    const float *from = w + (Size)first * widths[i];
    pack(panels, rows, first, column, from, last - first, widths[i]);
    if (p->history) packTransposed(panelsT, columns, first, column, from, last - first, widths[i]);
    w += (Size)rows * widths[i];
    if (bias && first == 0) copy(bias + column, w, widths[i]);
    w += widths[i];
    column += widths[i];
  }
  if (first > 0) return;
  padPanels(panels, rows, columns);
  if (p->history) padPanels(panelsT, columns, rows);
}

/** Packs one thread's share of the rows of every weight matrix, in whole panels of the transposed matrix. */
static void packWeights(const Plan *p, int threadIndex, int threadCount) {
  for (int matrix = 0; matrix < p->matrices + 2; matrix++) {
    int rows = matrixRows(p, matrix), panels = (rows + PANEL - 1) / PANEL;
    int first = panels * threadIndex / threadCount * PANEL, last = panels * (threadIndex + 1) / threadCount * PANEL;
    if (first < last) packMatrix(p, matrix, first, MIN(rows, last));
  }
}
