// The functions that the host calls: a training step, or the forward or backward pass alone, on any number of threads.
#include "backward.h"
#include "gradients.h"
#include "losses.h"
#include "optimizers.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

#ifdef __wasm_atomics__
/**
 * Sleeps while *word is `value`. May return early: the caller must check again.
 *
 * A separate function that uses no value after the wait: the baseline compiler of V8 11 (Node 20) replaces values that the
 * waiting function holds on its stack by zero. See docs/decisions/0010-determinism.md.
 */
static __attribute__((noinline)) void sleepWhile(int *word, int value) {
  __builtin_wasm_memory_atomic_wait32(word, value, -1);
}
#endif

/**
 * Waits until `threadCount` threads have arrived. Does not read the plan after the last arrival: by then the host may have
 * changed it for the next command.
 *
 * @returns 0 if a thread has failed and will never arrive.
 */
static int barrier(const Plan *p, int threadCount) {
#ifdef __wasm_atomics__
  if (threadCount == 1) return 1;
  int *arrived = p->barrier, *rounds = p->barrier + 1, *failed = p->barrier + 2, canBlock = p->canBlock;
  int round = __atomic_load_n(rounds, __ATOMIC_SEQ_CST);
  if (__atomic_add_fetch(arrived, 1, __ATOMIC_SEQ_CST) == threadCount) {
    __atomic_store_n(arrived, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(rounds, round + 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(rounds, threadCount);
  } else {
    for (int spins = 0; __atomic_load_n(rounds, __ATOMIC_SEQ_CST) == round; spins++) {
      if (__atomic_load_n(failed, __ATOMIC_SEQ_CST)) return 0;
      if (spins > 100000 && canBlock) sleepWhile(rounds, round);
    }
  }
  return !__atomic_load_n(failed, __ATOMIC_SEQ_CST);
#else
  return 1;
#endif
}

/** Reports that the calling thread has failed and will not arrive: releases all threads that wait now or later. */
void EXPORT(fail)(int *barrier) {
#ifdef __wasm_atomics__
  __atomic_store_n(barrier + 2, 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(barrier + 1, 1, __ATOMIC_SEQ_CST);
  __builtin_wasm_memory_atomic_notify(barrier + 1, MAX_THREADS);
#endif
}

enum { TRAIN = 0, FORWARD = 1, BACKWARD = 2 };

/**
 * Runs one thread's part of a command: a training step, or the forward or the backward pass alone. Before BACKWARD the host
 * calls `clearGradients`, then writes the gradients of logits and final state.
 *
 * @param threadIndex - index of the calling thread, from 0.
 * @param threadCount - number of threads that run the command, the same for all of them.
 * @returns 0 if one of them has failed: then all results of the command are invalid.
 */
int EXPORT(run)(const Plan *p, int command, int threadIndex, int threadCount) {
  int first = p->batchSize * threadIndex / threadCount, last = p->batchSize * (threadIndex + 1) / threadCount;
  if (command != BACKWARD) {
    packWeights(p, threadIndex, threadCount);
    if (command == TRAIN && !p->carriesState) clearState(p, first, last);
    if (!barrier(p, threadCount)) return 0;
    forwardPass(p, threadIndex, first, last);
  }
  if (command == TRAIN) {
    clearCarry(p, first, last);
    lossForward(p, first, last);
  }
  if (command != FORWARD) {
    backwardPass(p, threadIndex, first, last);
    if (!barrier(p, threadCount)) return 0;
    weightGradients(p, threadIndex, threadCount);
  }
  if (command == TRAIN) {
    if (!barrier(p, threadCount)) return 0;
    sumsOfSquares(p, threadIndex, threadCount);
    if (!barrier(p, threadCount)) return 0;
    update(p, threadIndex, threadCount);
  }
  return barrier(p, threadCount);
}

/** Zeroes the gradients of the state, for all batch elements. */
void EXPORT(clearGradients)(const Plan *p) { clearCarry(p, 0, p->batchSize); }
