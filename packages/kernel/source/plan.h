// The plan of a run: a network's sizes, the shape of the batch, and the address of every array in memory.
//
// Indices: t time step, b batch element, n memory slot, w element of a word, r read head, k write head. An array marked
// [t] has one part per time step. An array marked [t+1] has one part more: part 0 is the initial state, part t + 1 the
// state after step t. Without history the former have one part, and the latter two that alternate. Links and memory, by far
// the largest of the latter, may have fewer parts: see `Group`.
// Arrays with slots have a part for each place instead of each batch element: see `placeOf`.
#pragma once
#include "simd.h"

// Functions that the host calls. Natively each instruction set has its own: `EXPORT(name)` is then defined for the build.
#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name))) name
#endif

enum { LSTM = 0, FEED_FORWARD = 1, NONE = 2, GRU = 3 }; // NONE: the inputs are the hidden units
enum { SIGMOID_LOSS = 0, SOFTMAX_LOSS = 1, SQUARED_LOSS = 2, LINEAR_LOSS = 3 };
enum { RMSPROP = 0, ADAM = 1 };
enum { MAX_THREADS = 32 };
// Blocks of the matrix products: a panel of columns is PANEL_VECTORS vectors wide, a tile has at most TILE_ROWS rows, or 4 rows and
// TILE_VECTORS vectors of columns. For weight gradients a tile has OUTER rows, and GROUP panels are computed at a time.
#if LANES == 16
enum { TILE_ROWS = 8, TILE_VECTORS = 4 };
#else
enum { TILE_ROWS = 4, TILE_VECTORS = 2 };
#endif
enum { PANEL_VECTORS = 2, PANEL = PANEL_VECTORS * LANES, OUTER = TILE_ROWS, GROUP = 64 / PANEL };
enum { SECTIONS = 14 }; // of the interface; see `interfaceWidths`

typedef struct {
  // ---- written by the host, in this order ----
  int batchSize, timeSteps, inputSize, outputSize, controller, layers, hiddenSize; // hiddenSize: units of one layer
  int slots, wordSize, readHeads, writeHeads; // all 0: there is no memory
  int masking, deallocation, sharpness, links; // 1: the memory has this part
  int history;     // 1: keep every step for the backward pass
  int training;    // 1: with targets, mask and optimizer state
  int maxThreads;  // number of threads that have scratch memory
  int carriesState; // 1: training starts from the state in part 0, and needs keepsState; 0: from zeros
  int keepsState;  // 1: training starts from a state that the host writes, or the host reads the final state
  int hasInputMask; // 1: a step is run only where inputMask is not 0
  int loss, groupCount; // groupCount: groups of outputs, for the softmax loss
  int optimizer;
  int canBlock;    // 1: threads may sleep at a barrier; 0: they must spin (a page's main thread)
  float clip;      // bound of controller state and outputs; 0: none
  float historyLimit; // largest history of links and memory that is kept whole, in MiB
  float maskMinimum; // smallest factor of a masked component
  float learningRate, epsilon, maxNorm;
  float decay, momentum; // RMSProp; momentum 0: none
  float beta1, beta2, firstShare, secondShare; // Adam: decays; 1 - beta1 and 1 - beta2
  float firstCorrection, secondCorrection;     // Adam: factors that remove the bias of the means at this step

  // ---- derived by `layout` ----
  int hiddenAll;   // hidden units of all layers, H: the width of the controller's output
  int readSize;    // width of all words read, R W
  int matrices;    // weight matrices of the controller: one per layer; gates and candidate of a GRU
  int gateSize;    // columns of the widest of them: 4 hiddenSize (LSTM), 2 hiddenSize (GRU) or hiddenSize
  int gatePad, interfacePad, outPad; // gateSize, interfaceSize and outputSize rounded up to whole panels
  int interfaceSize; // width of the interface
  // where its sections begin
  int writeVectorAt, eraseVectorAt, freeGateAt, allocationGateAt, writeGateAt, readModeAt;
  int writeKeyAt, writeStrengthAt, readKeyAt, readStrengthAt;
  int writeMaskAt, readMaskAt, forwardSharpnessAt, backwardSharpnessAt;
  int carrySize, carryPad; // width of a row of `carried`, inputSize + readSize + H, and the stride between rows
  int hiddenAt;    // where the hidden units begin in such a row
  int gatePanelSize, gatePanelSizeT; // stride between the panels of two matrices
  int parameterCount;
  int gradientGroups; // groups of columns of all weight gradients, see gradients.h
  int places;      // number of batch elements whose memory is in these arrays at a time; see `placeOf`
  int keptParts;   // number of parts of links and memory that are kept: timeSteps + 1, or one per group of steps, see `Group`
  int lastPart;    // which of their parts has the final state

  // ---- inputs and results ----
  float *parameters, *gradients;
  float *meanSquares, *updates;         // RMSProp; updates: the last ones, for momentum
  float *firstMoments, *secondMoments;  // Adam
  int *groupSizes;                      // [groupCount]
  float *inputs;        // [t][b][inputSize]
  float *inputMask;     // [t][b], if hasInputMask
  float *target, *mask; // [t][b][outputSize], [t][b]
  float *logits;        // [t][b][outPad], clipped
  float *rawLogits;     // [t][b][outPad], before clipping
  float *dLogits;       // [t][b][outPad]
  float *results;       // loss, then the global norm of the gradients before clipping

  // ---- states, and values of each step that the backward pass needs ----
  float *carried;   // [t+1][b][carryPad]: input of the next step, words read, hidden units (clipped)
  float *cell;      // [t+1][b][H] (clipped)
  float *gates;     // [t][b][matrix][gatePad] after activation: i, j, f, o (LSTM); reset, update, then candidate (GRU)
                    // (the backward pass of a step replaces gates and interface by their gradients before activation)
  float *cellTanh;  // [t][b][H]: tanh of the unclipped cell
  float *hiddenRaw; // [t][b][H], before clipping
  float *resetHidden; // [t][b][H]: reset gate times previous hidden units (GRU)
  float *interface; // [t][b][interfacePad], after activation
  float *usage;     // [t+1][b][n]
  float *memory;    // [t+1][b][n][w]
  float *norms;     // [t+1][b][n]: norms of the memory's words; not with masking
  float *link;      // [t+1][b][k][n][n]
  float *precedence;   // [t+1][b][k][n]
  float *writeWeights; // [t+1][b][k][n]
  float *readWeights;  // [t+1][b][r][n]
  int *order;          // [t][b][k][n]: slots, the least used first
  float *allocation;   // [t][b][k][n]
  float *writeSimilarity, *writeContent; // [t][b][k][n]
  float *readSimilarity, *readContent;   // [t][b][r][n]
  float *writeNorms, *readNorms;         // [t][b][k][n], [t][b][r][n]: norms of the masked words
  float *forward, *backward;             // [t][b][r][k][n], after sharpening
  float *followed, *followedBack;        // [t][b][r][k][n]: forward and backward weights before sharpening

  // ---- gradients; those of the state have one part, updated in place from step to step ----
  float *dCarried; // [b][carryPad], two parts that alternate: see `carriedGradient`
  float *dInputs;  // [t][b][inputSize], not in training
  float *dCell;    // [b][H]
  float *dUsage, *dMemory, *dLink, *dPrecedence, *dReadWeights;
  float *dWriteWeights; // from the final state only

  // ---- packed weights; T: transposed ----
  float *gatePanels, *gatePanelsT; // [matrix], all as large as the widest
  float *interfacePanels, *interfacePanelsT, *outPanels, *outPanelsT;
  float *interfaceBias;
  float *scratch[MAX_THREADS];
  float *partials; // losses of the batch elements, then sums of squares of the groups of gradients
  int *barrier;    // set by the host: threads that have arrived, rounds completed, whether a thread has failed, `crowded`
} Plan;

/** Vectors in the blocks of the forward and of the backward pass: see linkage.h. */
INLINE int linkForwardVectors(int readHeads) { return 2 + 2 * readHeads; }
INLINE int linkBackwardVectors(int readHeads) { return 4 + 3 * readHeads; }

/** Number of scratch floats that the passes over the links need. */
INLINE Size linkScratch(int readHeads, int slots) {
  return (Size)(slots + LANES) * (linkBackwardVectors(readHeads) + 2); // and two rows of the new link
}

/** Number of scratch floats that a thread needs for the memory of one batch element. */
INLINE Size stepScratch(const Plan *p) {
  Size R = p->readHeads, K = p->writeHeads;
  return (8 + 3 * R + 2 * K * R + K) * p->slots + 5 * p->wordSize + p->interfacePad +
         linkScratch(p->readHeads, p->slots) + 64;
}

/**
 * Index of batch element b in the arrays of the memory: its state, the values of each step, its gradients. A large memory is
 * trained on in rounds, each forward and backward over all steps for as many batch elements as there are places.
 */
INLINE Size placeOf(const Plan *p, int b) { return b % p->places; }

/** Gradient of `carried` before step t. Two parts suffice: a step reads that of t + 1 and writes that of t. */
INLINE float *carriedGradient(const Plan *p, int t) { return p->dCarried + (Size)(t & 1) * p->batchSize * p->carryPad; }

/** Whether step t is run for batch element b: otherwise its state stays as it was and its output is zeros. */
INLINE int isRun(const Plan *p, int t, int b) { return !p->hasInputMask || p->inputMask[(Size)t * p->batchSize + b] != 0; }

/**
 * Widths of the linear layers that produce the interface, in the order of their parameters and of the interface's sections; 0
 * for a layer that the memory does not have. The first ten are the reference's.
 */
INLINE void interfaceWidths(const Plan *p, int widths[SECTIONS]) {
  int R = p->readHeads, K = p->writeHeads, W = p->wordSize, masks = p->masking ? W : 0, sharp = p->sharpness ? R * K : 0;
  int modes = p->links ? R * (1 + 2 * K) : 0;
  int all[SECTIONS] = {K * W, K * W, R, K, K, modes, K * W, K, R * W, R, K * masks, R * masks, sharp, sharp};
  for (int i = 0; i < SECTIONS; i++) widths[i] = all[i];
}

/**
 * A group of consecutive steps. Of links and memory the part before its first step is kept, and those before its other steps are
 * computed again before its backward pass. Then the parts kept for later groups, but for the next one, are no longer needed: that
 * is where they are stored. So a group has as many steps as there are groups after it, the last one has one.
 */
typedef struct {
  int fromEnd;     // number of groups after it
  int first, next; // its first step, and the one after its last
} Group;

/** Number of steps of the group that `fromEnd` groups follow. The first group may have fewer. */
INLINE int groupLength(int fromEnd) { return MAX(fromEnd, 1); }

/** The group of step t. */
INLINE Group groupOf(const Plan *p, int t) {
  Group g = {0, p->timeSteps - groupLength(0), p->timeSteps};
  while (g.first > t) {
    g.next = g.first, g.fromEnd++;
    g.first = MAX(g.first - groupLength(g.fromEnd), 0);
  }
  return g;
}

/** Whether links and memory before every step are kept. */
INLINE int keepsAll(const Plan *p) { return p->keptParts > p->timeSteps; }

/**
 * Index of the part of links and memory that holds the state before step t, in the forward or the backward pass. The forward pass
 * does not keep those within a group: they change in one part, in place, which stays in the caches.
 */
INLINE Size keptAt(const Plan *p, int t, int isForward) {
  if (!p->history) return t & 1;
  if (t == p->timeSteps) return p->lastPart;
  if (keepsAll(p)) return t;
  Group g = groupOf(p, t);
  int step = t - g.first, last = isForward ? 1 : step;
  return p->keptParts - (step == 0 ? g.fromEnd + 1 : last);
}
