// Derives the sizes of a plan and places its arrays in memory.
#include "plan.h"
#include <stdint.h>

/** Batch elements that each thread has in a round. */
enum { ROUND_ROWS = 4 };

INLINE int padded(int n) { return (n + PANEL - 1) / PANEL * PANEL; }
/** Number of groups of columns of a weight gradient. */
INLINE int groups(int columns) { return (columns + GROUP * PANEL - 1) / (GROUP * PANEL); }

/** Size of a part of links and memory, of so many batch elements, in bytes. */
static double partSize(const Plan *p, int heads, int count) {
  return 4.0 * count * p->slots * ((double)heads * p->slots + p->wordSize);
}

/**
 * Decides how many batch elements a round has: all, if the history of links and memory is small, or the host writes or reads the
 * state of all. Otherwise at most ROUND_ROWS for each thread: their links and memory stay in the caches from step to step, and
 * with fewer rows the matrix products would be slow.
 */
static int countPlaces(const Plan *p, int heads) {
  int B = p->batchSize, most = ROUND_ROWS * p->maxThreads;
  int isSmall = partSize(p, heads, B) * (p->timeSteps + 1) <= p->historyLimit * 1048576.0;
  if (!p->training || p->keepsState || B <= most || isSmall) return B;
  int rounds = (B + most - 1) / most;
  return (B + rounds - 1) / rounds;
}

/**
 * Decides which parts of links and memory are kept: all, if they are small enough, otherwise those before each group of steps, of
 * which there are about sqrt(2 timeSteps); see `Group`.
 *
 * @returns the number of parts.
 */
static int keepParts(Plan *p, int heads) {
  int T = p->timeSteps, groups = 0;
  p->keptParts = T + 1, p->lastPart = p->history ? T : T & 1;
  if (!p->history) return 2;
  double each = partSize(p, heads, p->places);
  if (each * (T + 1) <= p->historyLimit * 1048576.0) return T + 1;
  for (int steps = 0; steps < T; groups++) steps += groupLength(groups);
  p->keptParts = p->lastPart = groups;
  return groups + 1;
}

/**
 * Completes a plan of which the host has written the first part: derives sizes and places all arrays from `base` on.
 *
 * @returns the first byte after the last array. Addresses are computed as doubles, so that a size beyond 4 GiB is
 *   reported instead of wrapping around.
 */
double EXPORT(layout)(Plan *p, double base) {
  int B = p->batchSize, T = p->timeSteps, N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads;
  int h = p->hiddenSize, L = p->layers;
  int H = p->hiddenAll = L * h;
  p->readSize = R * W;
  p->matrices = p->controller == GRU ? 2 : L;
  p->gateSize = p->controller == LSTM ? 4 * h : p->controller == GRU ? 2 * h : p->controller == FEED_FORWARD ? h : 0;
  p->gatePad = padded(p->gateSize);
  int widths[SECTIONS], at[SECTIONS + 1] = {0};
  interfaceWidths(p, widths);
  for (int i = 0; i < SECTIONS; i++) at[i + 1] = at[i] + widths[i];
  p->writeVectorAt = at[0], p->eraseVectorAt = at[1], p->freeGateAt = at[2], p->allocationGateAt = at[3];
  p->writeGateAt = at[4], p->readModeAt = at[5];
  p->writeKeyAt = at[6], p->writeStrengthAt = at[7], p->readKeyAt = at[8], p->readStrengthAt = at[9];
  p->writeMaskAt = at[10], p->readMaskAt = at[11], p->forwardSharpnessAt = at[12], p->backwardSharpnessAt = at[13];
  p->interfaceSize = at[SECTIONS];
  p->interfacePad = padded(p->interfaceSize);
  p->outPad = padded(p->outputSize);
  p->hiddenAt = p->inputSize + p->readSize;
  p->carrySize = p->hiddenAt + H;
  p->carryPad = padded(p->carrySize) + PANEL;

  int shared = p->inputSize + p->readSize, past = p->controller == LSTM || p->controller == GRU ? h : 0, count = 0;
  if (p->controller == GRU) count = (shared + past + 1) * 3 * h;
  else for (int l = 0; l < L; l++) count += (shared + past + (l > 0 ? h : 0) + 1) * p->gateSize;
  count += (H + 1) * p->interfaceSize + (H + p->readSize + 1) * p->outputSize;
  p->parameterCount = count;
  p->gradientGroups = groups(p->interfaceSize) + groups(p->outputSize);
  if (p->controller == GRU) p->gradientGroups += groups(2 * h) + groups(h);
  else p->gradientGroups += L * groups(p->gateSize);

  double next = base;
#define TAKE(field, size)                                    \
  p->field = (void *)(uintptr_t)(next < (sizeof(void *) == 4 ? 4294967295.0 : 0x1p53) ? next : 0.0); \
  next += ((double)(size) * 4 + 63) / 64 > 0 ? __builtin_floor(((double)(size) * 4 + 63) / 64) * 64 : 0

  int heads = p->links ? K : 0, masks = p->masking ? 1 : 0, sharp = p->sharpness ? 1 : 0; // heads: those that have links
  p->places = countPlaces(p, heads);
  int P = p->places;
  int states = p->history ? T + 1 : 2, parts = keepParts(p, heads), steps = p->history ? T : 1, back = p->history ? 1 : 0;
  // Parameters and optimizer state first: they do not depend on the batch, and stay in place when its shape changes.
  TAKE(parameters, count + 8);
  if (p->training) {
    int isAdam = p->optimizer == ADAM;
    TAKE(meanSquares, isAdam ? 0 : count + 8);
    TAKE(updates, !isAdam && p->momentum > 0 ? count + 8 : 0);
    TAKE(firstMoments, isAdam ? count + 8 : 0);
    TAKE(secondMoments, isAdam ? count + 8 : 0);
    TAKE(groupSizes, p->groupCount);
  }
  TAKE(inputs, (double)T * B * p->inputSize);
  TAKE(inputMask, (double)T * B);
  TAKE(logits, (double)T * B * p->outPad);
  TAKE(rawLogits, (double)T * B * p->outPad);
  TAKE(carried, (double)states * B * p->carryPad);
  TAKE(cell, (double)states * B * H);
  TAKE(gates, (double)steps * B * p->matrices * p->gatePad);
  TAKE(cellTanh, (double)steps * B * H);
  TAKE(hiddenRaw, (double)steps * B * H + PANEL);
  TAKE(resetHidden, p->controller == GRU ? (double)steps * B * H + PANEL : 0);
  TAKE(interface, (double)steps * B * p->interfacePad);
  TAKE(usage, (double)states * P * N);
  TAKE(memory, (double)parts * P * N * W);
  TAKE(norms, (double)states * P * N);
  TAKE(link, (double)parts * P * heads * N * N);
  TAKE(precedence, (double)states * P * heads * N);
  TAKE(writeWeights, (double)states * P * K * N);
  TAKE(readWeights, (double)states * P * R * N);
  TAKE(order, (double)steps * P * K * N);
  TAKE(allocation, (double)steps * P * K * N);
  TAKE(writeSimilarity, (double)steps * P * K * N);
  TAKE(writeContent, (double)steps * P * K * N);
  TAKE(readSimilarity, (double)steps * P * R * N);
  TAKE(readContent, (double)steps * P * R * N);
  TAKE(writeNorms, (double)masks * steps * P * K * N);
  TAKE(readNorms, (double)masks * steps * P * R * N);
  TAKE(forward, (double)steps * P * R * heads * N);
  TAKE(backward, (double)steps * P * R * heads * N);
  TAKE(followed, (double)sharp * steps * P * R * heads * N);
  TAKE(followedBack, (double)sharp * steps * P * R * heads * N);
  int widest = shared + past + (L > 1 ? h : 0);
  p->gatePanelSize = widest * p->gatePad, p->gatePanelSizeT = padded(widest) * p->gateSize;
  TAKE(gatePanels, (double)p->matrices * widest * p->gatePad);
  TAKE(gatePanelsT, (double)back * p->matrices * padded(widest) * p->gateSize);
  TAKE(interfacePanels, (double)H * p->interfacePad);
  TAKE(interfacePanelsT, (double)back * padded(H) * p->interfaceSize);
  TAKE(outPanels, (double)(H + p->readSize) * p->outPad);
  TAKE(outPanelsT, (double)back * padded(H + p->readSize) * p->outputSize);
  TAKE(interfaceBias, p->interfacePad);
  TAKE(results, 16);
  TAKE(partials, B + p->gradientGroups);
  if (back) {
    TAKE(gradients, count + 8);
    TAKE(dLogits, (double)T * B * p->outPad);
    TAKE(dCarried, 2.0 * B * p->carryPad);
    TAKE(dInputs, p->training ? 0 : (double)T * B * p->inputSize);
    TAKE(dCell, (double)B * H);
    TAKE(dUsage, (double)P * N);
    TAKE(dMemory, (double)P * N * W);
    TAKE(dLink, (double)P * heads * N * N);
    TAKE(dPrecedence, (double)P * heads * N);
    TAKE(dReadWeights, (double)P * R * N);
    TAKE(dWriteWeights, (double)P * K * N);
  }
  if (p->training) {
    TAKE(target, (double)T * B * p->outputSize);
    TAKE(mask, (double)T * B);
  }
  double rows = (double)B * (H + PANEL) + shared + 3 * h + H + 4 * PANEL;
  double step = stepScratch(p) + rows, weights = back ? (double)T * B * (GROUP * PANEL + OUTER) + 64 : 0;
  for (int i = 0; i < p->maxThreads; i++) {
    TAKE(scratch[i], MAX(step, weights));
  }
  return next;
}

/** Returns the size of a plan in bytes. */
int EXPORT(planSize)(void) { return sizeof(Plan); }
