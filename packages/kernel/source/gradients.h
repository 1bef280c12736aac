// Weight gradients: one product per weight matrix, after the backward pass.
#pragma once
#include "forward.h"

/** The product for one weight matrix: dW = A^T D over all time steps and batch elements, A in up to 3 column ranges. */
typedef struct {
  int ranges, widths[3], strides[3];
  const float *from[3];
  const float *d;
  int dStride, columns;
  int sections, sectionWidths[SECTIONS]; // columns of each variable: D may hold several layers, each a weight and a bias
  float *gradients;
  int rows; // of the weight matrix
} WeightGradient;

/** Describes the product for weight matrix `matrix`, numbered as in `packMatrix`. */
static WeightGradient weightGradient(const Plan *p, int matrix) {
  const float *hidden = p->carried + (Size)p->batchSize * p->carryPad + p->hiddenAt; // after step 0
  WeightGradient g = {.sections = 1, .ranges = 1};
  if (matrix < p->matrices) {
    g.rows = layerRows(p, matrix);
    g.gradients = p->gradients + layerAt(p, matrix);
    // By now gates and interface hold their gradients.
    g.d = p->gates + matrix * p->gatePad, g.dStride = p->matrices * p->gatePad;
    g.columns = layerColumns(p, matrix);
    g.from[0] = p->carried, g.strides[0] = p->carryPad, g.widths[0] = p->inputSize + p->readSize;
    if ((p->controller == LSTM || p->controller == GRU) && matrix == 0) g.widths[0] += p->hiddenSize;
    if (p->controller == GRU && matrix == 1) {
      g.ranges = 2;
      g.from[1] = p->resetHidden, g.strides[1] = p->hiddenAll, g.widths[1] = p->hiddenSize;
    } else if (matrix > 0) {
      g.ranges = 3;
      g.from[1] = p->hiddenRaw + (matrix - 1) * p->hiddenSize, g.strides[1] = p->hiddenAll, g.widths[1] = p->hiddenSize;
      g.from[2] = p->carried + p->hiddenAt + matrix * p->hiddenSize, g.strides[2] = p->carryPad;
      g.widths[2] = p->hiddenSize;
    }
  } else if (matrix == p->matrices) {
    g.rows = p->hiddenAll;
    g.gradients = p->gradients + interfaceAt(p);
    g.d = p->interface, g.dStride = p->interfacePad, g.columns = p->interfaceSize;
    g.from[0] = hidden, g.strides[0] = p->carryPad, g.widths[0] = p->hiddenAll;
    g.sections = SECTIONS;
    interfaceWidths(p, g.sectionWidths);
    return g;
  } else {
    g.rows = p->hiddenAll + p->readSize;
    g.gradients = p->gradients + outputAt(p);
    g.d = p->dLogits, g.dStride = p->outPad, g.columns = p->outputSize;
    g.ranges = 2;
    g.from[0] = hidden, g.strides[0] = p->carryPad, g.widths[0] = p->hiddenAll;
    g.from[1] = hidden - p->readSize, g.strides[1] = p->carryPad, g.widths[1] = p->readSize;
  }
  g.sectionWidths[0] = g.columns;
  return g;
}

/**
 * Computes columns [from, from + GROUP * PANEL) of one weight gradient, including the biases.
 *
 * @returns the sum of the squares of what it has computed.
 */
static double groupGradient(const Plan *p, const WeightGradient *g, int from, float *scratch) {
  int rows = p->timeSteps * p->batchSize, width = MIN(GROUP * PANEL, g->columns - from);
  int panels = (width + PANEL - 1) / PANEL;
  float *right = scratch, *left = right + (Size)GROUP * PANEL * rows, tile[OUTER * PANEL];
  packColumns(right, PANEL, g->d + from, g->dStride, rows, width);

  float *to[GROUP * PANEL], *bias[GROUP * PANEL]; // gradients of each column's first weight and of its bias
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
  double squares = 0;
  for (int range = 0; range < g->ranges; range++) {
    for (int i = 0; i < g->widths[range]; i += OUTER) {
      int count = MIN(OUTER, g->widths[range] - i);
      const float *a = g->from[range] + i;
      Size lda = g->strides[range];
      if (count < OUTER) {
        packColumns(left, OUTER, a, lda, rows, count);
        a = left, lda = OUTER;
      }
      for (int panel = 0; panel < panels; panel++) {
        const float *b = right + (Size)panel * PANEL * rows;
        int column = panel * PANEL, valid = MIN(PANEL, width - column);
        Size at = row + i;
        // Straight to the gradient if the tile is whole and within one variable.
        int isDirect = count == OUTER && valid == PANEL && to[column + PANEL - 1] == to[column] + PANEL - 1;
        float *into = isDirect ? to[column] + at * step[column] : tile;
        Size ld = isDirect ? step[column] : PANEL;
        if (LANES == 16 && valid <= LANES) squares += outerTile(1, into, ld, a, lda, b, rows);
        else squares += outerTile(PANEL_VECTORS, into, ld, a, lda, b, rows);
        for (int q = 0; q < count && !isDirect; q++)
          for (int c = 0; c < valid; c++) to[column + c][(at + q) * step[column + c]] = tile[q * PANEL + c];
      }
    }
    row += g->widths[range];
  }
  for (int panel = 0; panel < panels; panel++) {
    float sums[PANEL] = {};
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < PANEL; c++) sums[c] += right[((Size)panel * rows + r) * PANEL + c];
    for (int c = 0; c < MIN(PANEL, width - panel * PANEL); c++) *bias[panel * PANEL + c] = sums[c];
    squares += dot(sums, sums, PANEL);
  }
  return squares;
}

/**
 * Computes every `threadCount`th group of columns, counted over all weight gradients. The sum of a group's squares, for the global
 * norm, goes to `partials`; `update` adds them up in order.
 */
static void weightGradients(const Plan *p, int threadIndex, int threadCount) {
  int group = 0;
  for (int matrix = 0; matrix < p->matrices + 2; matrix++) {
    WeightGradient g = weightGradient(p, matrix);
    for (int from = 0; from < g.columns; from += GROUP * PANEL, group++)
      if (group % threadCount == threadIndex)
        p->partials[p->batchSize + group] = (float)groupGradient(p, &g, from, p->scratch[threadIndex]);
  }
}
