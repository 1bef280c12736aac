// Weight gradients: one product for each weight, after the sweep.
#pragma once
#include "forward.h"

enum { GROUP = 8 }; // panels of columns that share one packing of the rows' side

/** One weight gradient, dW = A^T D over all steps and elements, with A in up to three ranges of columns. */
typedef struct {
  int ranges, widths[3], distances[3];
  const float *from[3];
  const float *d;
  int dDistance, columns;
  int sections, sectionWidths[10]; // variables side by side in the columns: a weight, then its bias, each
  float *gradients;
  int rows; // of the weights
} WeightGradient;

static WeightGradient weightGradient(const Plan *p, int unit) {
  const float *hidden = p->carried + p->batch * p->carryPad + p->hiddenAt; // after step 0
  WeightGradient g = {.sections = 1, .ranges = 1};
  if (unit < p->layers) {
    g.rows = layerRows(p, unit);
    g.gradients = p->gradients + layerAt(p, unit);
    g.d = p->dGates + unit * p->gatePad, g.dDistance = p->layers * p->gatePad, g.columns = p->gateSize;
    g.from[0] = p->carried, g.distances[0] = p->carryPad, g.widths[0] = p->inputSize + p->readSize;
    if (p->controller == LSTM && unit == 0) g.widths[0] += p->hidden;
    if (unit > 0) {
      g.ranges = 3;
      g.from[1] = p->hiddenRaw + (unit - 1) * p->hidden, g.distances[1] = p->hiddenAll, g.widths[1] = p->hidden;
      g.from[2] = p->carried + p->hiddenAt + unit * p->hidden, g.distances[2] = p->carryPad, g.widths[2] = p->hidden;
    }
  } else if (unit == p->layers) {
    g.rows = p->hiddenAll;
    g.gradients = p->gradients + faceAt(p);
    g.d = p->dFace, g.dDistance = p->facePad, g.columns = p->faceSize;
    g.from[0] = hidden, g.distances[0] = p->carryPad, g.widths[0] = p->hiddenAll;
    g.sections = 10;
    faceWidths(p, g.sectionWidths);
    return g;
  } else {
    g.rows = p->hiddenAll + p->readSize;
    g.gradients = p->gradients + outputAt(p);
    g.d = p->dLogits, g.dDistance = p->outPad, g.columns = p->outputSize;
    g.ranges = 2;
    g.from[0] = hidden, g.distances[0] = p->carryPad, g.widths[0] = p->hiddenAll;
    g.from[1] = hidden - p->readSize, g.distances[1] = p->carryPad, g.widths[1] = p->readSize;
  }
  g.sectionWidths[0] = g.columns;
  return g;
}

/** Columns [from, from + 64) of one weight gradient, biases included. */
static void groupGradient(const Plan *p, const WeightGradient *g, int from, float *scratch) {
  int rows = p->time * p->batch, width = MIN(GROUP * PANEL, g->columns - from), panels = (width + PANEL - 1) / PANEL;
  float *right = scratch, *left = right + GROUP * PANEL * rows, tile[4 * PANEL];
  packColumns(right, PANEL, g->d + from, g->dDistance, rows, width);

  float *to[GROUP * PANEL], *bias[GROUP * PANEL]; // where each column's first element lies
  int step[GROUP * PANEL];
  for (int c = 0; c < width; c++) {
    int section = 0, column = from + c;
    float *at = g->gradients;
    for (; column >= g->sectionWidths[section]; section++) {
      at += (g->rows + 1) * g->sectionWidths[section];
      column -= g->sectionWidths[section];
    }
    step[c] = g->sectionWidths[section];
    to[c] = at + column;
    bias[c] = at + g->rows * step[c] + column;
  }

  int row = 0;
  for (int range = 0; range < g->ranges; range++) {
    for (int i = 0; i < g->widths[range]; i += 4) {
      int count = MIN(4, g->widths[range] - i);
      packColumns(left, 4, g->from[range] + i, g->distances[range], rows, count);
      for (int panel = 0; panel < panels; panel++) {
        outerTile(tile, left, right + panel * PANEL * rows, rows);
        int valid = MIN(PANEL, width - panel * PANEL);
        for (int q = 0; q < count; q++)
          for (int c = 0; c < valid; c++) {
            int column = panel * PANEL + c;
            to[column][(row + i + q) * step[column]] = tile[q * PANEL + c];
          }
      }
    }
    row += g->widths[range];
  }
  for (int panel = 0; panel < panels; panel++) {
    f4 sums[2] = {};
    for (int r = 0; r < rows; r++)
      for (int q = 0; q < 2; q++) sums[q] += *(f4 *)(right + (panel * rows + r) * PANEL + 4 * q);
    for (int c = 0; c < MIN(PANEL, width - panel * PANEL); c++) *bias[panel * PANEL + c] = sums[c / 4][c % 4];
  }
}

/** Every `count`th group of columns of all weight gradients. */
static void weightGradients(const Plan *p, int share, int count) {
  int group = 0;
  for (int unit = 0; unit < p->layers + 2; unit++) {
    WeightGradient g = weightGradient(p, unit);
    for (int from = 0; from < g.columns; from += GROUP * PANEL)
      if (group++ % count == share) groupGradient(p, &g, from, p->scratch[share]);
  }
}
