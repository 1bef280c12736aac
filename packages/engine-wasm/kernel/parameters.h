// Where the parameters lie, and packing them for products.
#pragma once
#include "product.h"
#include "vectors.h"

/** Rows of layer l's weights: inputs, words read, what the layer below puts out, its own past. */
INLINE int layerRows(const Plan *p, int l) {
  if (p->controller != LSTM) return p->inputSize + p->readSize;
  return p->inputSize + p->readSize + (l > 0 ? p->hidden : 0) + p->hidden;
}

/** The parameters lie one after the other in the reference's order; these say where a group begins. */
static int layerAt(const Plan *p, int l) {
  int at = 0;
  for (int i = 0; i < l; i++) at += (layerRows(p, i) + 1) * p->gateSize;
  return at;
}
INLINE int faceAt(const Plan *p) { return layerAt(p, p->layers); }
INLINE int outputAt(const Plan *p) { return faceAt(p) + (p->hiddenAll + 1) * p->faceSize; }

/** Widths of the ten interface layers, in the reference's order; their sections lie in that order too. */
static void faceWidths(const Plan *p, int widths[10]) {
  int R = p->reads, K = p->writes, W = p->word;
  int all[10] = {K * W, K * W, R, K, K, R * (1 + 2 * K), K * W, K, R * W, R};
  for (int i = 0; i < 10; i++) widths[i] = all[i];
}

/** Packs layer `unit` of the controller, the interface or the output layer, each a unit of its own. */
static void packUnit(const Plan *p, int unit) {
  int widths[10] = {p->gateSize}, sections = 1, rows = layerRows(p, MIN(unit, p->layers - 1)), column = 0;
  const float *w = p->parameters + layerAt(p, unit);
  float *panels = p->gatePanels + unit * p->gatePanelSize, *panelsT = p->gatePanelsT + unit * p->gatePanelSizeT;
  float *bias = 0;
  if (unit == p->layers) {
    faceWidths(p, widths);
    sections = 10, rows = p->hiddenAll, w = p->parameters + faceAt(p);
    panels = p->facePanels, panelsT = p->facePanelsT, bias = p->faceBias;
  } else if (unit > p->layers) {
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

static void packWeights(const Plan *p, int share, int count) {
  for (int unit = share; unit < p->layers + 2; unit += count) packUnit(p, unit);
}
