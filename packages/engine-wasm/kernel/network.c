// What the host calls: the passes alone or a whole training step, on any number of threads.
#include "backward.h"
#include "gradients.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

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

void EXPORT(clearGradients)(const Plan *p) { clearCarry(p, 0, p->batch); }
