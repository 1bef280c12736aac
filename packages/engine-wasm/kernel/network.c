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

#ifdef __wasm_atomics__
/**
 * Sleeps while *word is `value`, or returns without a reason: the caller looks again.
 *
 * A function of its own, which uses nothing after it has slept: the baseline compiler of V8 11 (Node 20) puts zero in place of
 * what the function that sleeps keeps on its stack. See docs/decisions/0010-determinism.md.
 */
static __attribute__((noinline)) void sleepWhile(int *word, int value) {
  __builtin_wasm_memory_atomic_wait32(word, value, -1);
}
#endif

/**
 * Waits until `count` threads have come here. After the last has come, nothing of the plan is read: it may be the next one's.
 *
 * @returns 0 if a thread has failed and will never come.
 */
static int barrier(const Plan *p, int count) {
#ifdef __wasm_atomics__
  if (count == 1) return 1;
  int *arrived = p->barrier, *rounds = p->barrier + 1, *failed = p->barrier + 2, mayWait = p->mayWait;
  int round = __atomic_load_n(rounds, __ATOMIC_SEQ_CST);
  if (__atomic_add_fetch(arrived, 1, __ATOMIC_SEQ_CST) == count) {
    __atomic_store_n(arrived, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(rounds, round + 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(rounds, count);
  } else {
    for (int spins = 0; __atomic_load_n(rounds, __ATOMIC_SEQ_CST) == round; spins++) {
      if (__atomic_load_n(failed, __ATOMIC_SEQ_CST)) return 0;
      if (spins > 100000 && mayWait) sleepWhile(rounds, round);
    }
  }
  return !__atomic_load_n(failed, __ATOMIC_SEQ_CST);
#else
  return 1;
#endif
}

/** What a thread calls that has failed and will come to no barrier any more: all who wait or will wait are let go. */
void EXPORT(fail)(int *barrier) {
#ifdef __wasm_atomics__
  __atomic_store_n(barrier + 2, 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(barrier + 1, 1, __ATOMIC_SEQ_CST);
  __builtin_wasm_memory_atomic_notify(barrier + 1, MAX_THREADS);
#endif
}

enum { TRAIN = 0, FORWARD = 1, BACKWARD = 2 };

/**
 * This thread's share of a command: a training step, or the forward or the backward pass alone. Before BACKWARD the host
 * clears the carried gradients and puts in those to logits and final state.
 *
 * @param share which of the threads this is, from 0.
 * @param count how many threads take part, the same for all of them.
 * @returns 0 if one of them has failed: then nothing that the command writes is of use.
 */
int EXPORT(run)(const Plan *p, int command, int share, int count) {
  int first = p->batch * share / count, last = p->batch * (share + 1) / count;
  if (command != BACKWARD) {
    packWeights(p, share, count);
    if (command == TRAIN) clearState(p, first, last);
    if (!barrier(p, count)) return 0;
    sweepForward(p, share, first, last);
  }
  if (command == TRAIN) {
    clearCarry(p, first, last);
    lossForward(p, first, last);
  }
  if (command != FORWARD) {
    sweepBackward(p, share, first, last);
    if (!barrier(p, count)) return 0;
    weightGradients(p, share, count);
  }
  if (command == TRAIN) {
    if (!barrier(p, count)) return 0;
    squares(p, share, count);
    if (!barrier(p, count)) return 0;
    update(p, share, count);
  }
  return barrier(p, count);
}

void EXPORT(clearGradients)(const Plan *p) { clearCarry(p, 0, p->batch); }
