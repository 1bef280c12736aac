// The whole network over a sequence. Every phase works on a share: batch elements [first, last), or every `count`th unit.
#include "product.h"
#include "step.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

// ------------------------------------------------------------------------------------------------ parameters

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

// ------------------------------------------------------------------------------------------------ forward

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

// ------------------------------------------------------------------------------------------------ loss

/**
 * Masked sigmoid cross-entropy of elements [first, last), summed over time, and its gradient to the clipped logits.
 * Each element's own sum goes to partials[b]; the host adds them up in order.
 */
static void lossForward(const Plan *p, int first, int last) {
  int B = p->batch, O = p->outputSize;
  for (int b = first; b < last; b++) {
    float total = 0, steps = 0;
    for (int t = 0; t < p->time; t++) steps += p->mask[t * B + b];
    float scale = (p->timeAverage ? 1.0f / (steps + 1.1920929e-7f) : 1.0f);
    for (int t = 0; t < p->time; t++) {
      const float *x = p->logits + (t * B + b) * p->outPad, *z = p->target + (t * B + b) * O;
      float *d = p->dLogits + (t * B + b) * p->outPad, mask = p->mask[t * B + b], sumBits = 0;
      for (int o = 0; o < O; o++) {
        sumBits += softplus(x[o]) - x[o] * z[o];
        d[o] = mask * scale / B * (sigmoid(x[o]) - z[o]);
      }
      total += mask * sumBits;
    }
    p->partials[b] = total * scale;
  }
}

// ------------------------------------------------------------------------------------------------ backward

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

void EXPORT(clearGradients)(const Plan *p) { clearCarry(p, 0, p->batch); }

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
      memoryBackward(p, &s, d, p->dFace + (t * B + e) * p->facePad, dCarried + b * p->carryPad + p->inputSize,
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

// ------------------------------------------------------------------------------------------------ weight gradients

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

// ------------------------------------------------------------------------------------------------ training

enum { CHUNK = 1024 };

static void squares(const Plan *p, int share, int count) {
  float *sums = p->partials + p->batch;
  for (int c = share; c * CHUNK < p->parameterCount; c += count) {
    int n = MIN(CHUNK, p->parameterCount - c * CHUNK);
    sums[c] = dot(p->gradients + c * CHUNK, p->gradients + c * CHUNK, n);
  }
}

/** ms += (g^2 - ms)(1 - decay); parameter -= rate g / sqrt(ms + epsilon), with g scaled to a norm of at most maxNorm. */
static void update(const Plan *p, int share, int count) {
  double total = 0, loss = 0;
  const float *sums = p->partials + p->batch;
  for (int c = 0; c * CHUNK < p->parameterCount; c++) total += sums[c];
  for (int b = 0; b < p->batch; b++) loss += p->partials[b];
  float norm = (float)__builtin_sqrt(total), rest = 1.0f - p->decay, rate = p->learningRate, epsilon = p->epsilon;
  if (share == 0) p->results[0] = (float)(loss / p->batch), p->results[1] = norm;
  if (!(norm - norm == 0) || !(loss - loss == 0)) return; // infinite or not a number: the parameters stay
  float scale = p->maxNorm * MIN(1.0f / norm, 1.0f / p->maxNorm);
  for (int c = share; c * CHUNK < p->parameterCount; c += count) {
    int n = MIN(CHUNK, p->parameterCount - c * CHUNK);
    float *restrict w = p->parameters + c * CHUNK, *restrict ms = p->meanSquares + c * CHUNK;
    const float *restrict gradient = p->gradients + c * CHUNK;
    for (int i = 0; i < n; i++) {
      float g = gradient[i] * scale;
      ms[i] += (g * g - ms[i]) * rest;
      w[i] -= rate * g / __builtin_sqrtf(ms[i] + epsilon);
    }
  }
}

/** Waits until all threads have come here. */
static void meet(const Plan *p) {
#ifdef __wasm_atomics__
  if (p->threads == 1) return;
  int *arrived = p->barrier, *rounds = p->barrier + 1;
  int round = __atomic_load_n(rounds, __ATOMIC_SEQ_CST);
  if (__atomic_add_fetch(arrived, 1, __ATOMIC_SEQ_CST) == p->threads) {
    __atomic_store_n(arrived, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(rounds, round + 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(rounds, p->threads);
    return;
  }
  for (int spins = 0; __atomic_load_n(rounds, __ATOMIC_SEQ_CST) == round; spins++)
    if (spins > 100000 && p->mayWait) __builtin_wasm_memory_atomic_wait32(rounds, round, -1);
#endif
}

enum { TRAIN = 0, FORWARD = 1, BACKWARD = 2 };

/**
 * This thread's share of a command: a training step, or the forward or the backward pass alone. Before BACKWARD the host
 * clears the carried gradients and puts in those to logits and final state.
 */
void EXPORT(run)(const Plan *p, int command, int share) {
  int first = p->batch * share / p->threads, last = p->batch * (share + 1) / p->threads;
  if (command != BACKWARD) {
    packWeights(p, share, p->threads);
    if (command == TRAIN) clearState(p, first, last);
    meet(p);
    sweepForward(p, share, first, last);
  }
  if (command == TRAIN) {
    clearCarry(p, first, last);
    lossForward(p, first, last);
  }
  if (command != FORWARD) {
    sweepBackward(p, share, first, last);
    meet(p);
    weightGradients(p, share, p->threads);
  }
  meet(p);
  if (command != TRAIN) return;
  squares(p, share, p->threads);
  meet(p);
  update(p, share, p->threads);
  meet(p);
}
