// One network on sequences of one length, and where everything it needs lies in memory.
//
// Indices: t time, b batch element, n memory slot, w place in a word, r read head, k write head. An array marked [t]
// has one part a step, and [t+1] one more: part 0 is the initial state and part t + 1 the state after step t. Without
// history there are only one and two parts, used in turn.
#pragma once
#include "simd.h"

enum { LSTM = 0, FEED_FORWARD = 1, NONE = 2 }; // NONE: the inputs steer the memory themselves
enum { MAX_THREADS = 32, PANEL = 8 };

typedef struct {
  // ---- written by the host, in this order ----
  int batch, time, inputSize, outputSize, controller, layers, hidden, slots, word, reads, writes;
  int history;       // 1: keep every step for the backward pass
  int training;      // 1: targets and optimizer belong to it too
  int mostThreads;   // how many threads there is scratch memory for
  int mayWait;       // 1: a thread may sleep at a barrier, 0: only spin (a page's main thread)
  float clip; // 0: none
  float learningRate, decay, epsilon, maxNorm;

  // ---- derived ----
  int hiddenAll;   // width of the controller's output, H
  int readSize;    // R W
  int gateSize;    // columns of a layer's product: 4 hidden, or hidden
  int gatePad, facePad, outPad; // rounded up to whole panels
  int faceSize;    // columns of the interface
  int vWrite, vErase, vFree, vAlloc, vGate, vMode, vWriteKey, vWriteStrength, vReadKey, vReadStrength; // its sections
  int carrySize, carryPad; // inputSize + readSize + H: a row of `carried`, and the distance between rows
  int hiddenAt;    // where the hidden units begin in it
  int gatePanelSize, gatePanelSizeT; // from one layer's panels to the next
  int parameterCount;

  // ---- given and returned ----
  float *parameters, *gradients, *meanSquares;
  float *inputs;        // [t][b][inputSize]
  float *target, *mask; // [t][b][outputSize], [t][b]
  float *logits;        // [t][b][outPad], clipped
  float *rawLogits;     // [t][b][outPad], before clipping
  float *dLogits;       // [t][b][outPad]
  float *results;       // loss, global norm of the gradients before clipping

  // ---- the state and what led to it ----
  float *carried;   // [t+1][b][carryPad]: input of the step to come, words read, hidden (clipped)
  float *cell;      // [t+1][b][H] (clipped)
  float *gates;     // [t][b][layer][gatePad]: i, j, f, o after their functions
  float *cellTanh;  // [t][b][H], of the unclipped cell
  float *hiddenRaw; // [t][b][H], before clipping
  float *face;      // [t][b][facePad]: the controls after their functions
  float *usage;     // [t+1][b][n]
  float *memory;    // [t+1][b][n][w]
  float *norms;     // [t+1][b][n], of the memory's words
  float *link;      // [t+1][b][k][n][n]
  float *precedence;   // [t+1][b][k][n]
  float *writeWeights; // [t+1][b][k][n]
  float *readWeights;  // [t+1][b][r][n]
  int *order;          // [t][b][k][n]: slots from free to used
  float *allocation;   // [t][b][k][n]
  float *writeSimilarity, *writeContent; // [t][b][k][n]
  float *readSimilarity, *readContent;   // [t][b][r][n]
  float *forward, *backward;             // [t][b][r][k][n]

  // ---- gradients on the way back, one part ----
  float *dCarried; // [t+1][b][carryPad], what the output layer sends is put there first
  float *dCell;    // [b][H]
  float *dGates;   // [t][b][layer][gatePad]
  float *dFace;    // [t][b][facePad]
  float *dUsage, *dMemory, *dLink, *dPrecedence, *dReadWeights;
  float *dWriteWeights; // to those of the last step, from the final state

  // ---- weights in panels, forward and transposed ----
  float *gatePanels, *gatePanelsT; // [layer], each as large as the widest
  float *facePanels, *facePanelsT, *outPanels, *outPanelsT;
  float *faceBias;
  float *scratch[MAX_THREADS];
  float *partials;       // sums of shares of the work, added up in order
  int *barrier; // given by the host: threads that have arrived, how often all have, whether one has failed
} Plan;

/** Floats of scratch that a thread needs for one batch element. */
INLINE int stepScratch(const Plan *p) {
  return (8 + 2 * p->writes * p->reads + p->writes + p->reads) * p->slots + p->word + 64;
}
