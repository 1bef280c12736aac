// The functions that the host calls: a training step, or the forward or backward pass alone, on any number of threads.
#include "backward.h"
#include "gradients.h"
#include "losses.h"
#include "optimizers.h"
#include "platform.h"

/**
 * Waits until `threadCount` threads have arrived. Does not read the plan after the last arrival: by then the host may have
 * changed it for the next command.
 *
 * @returns 0 if a thread has failed and will never arrive.
 */
static int barrier(const Plan *p, int threadCount) {
  if (threadCount == 1) return 1;
  int *arrived = p->barrier, *rounds = p->barrier + 1, *failed = p->barrier + 2, *crowded = p->barrier + 3;
  int canBlock = p->canBlock;
  int round = __atomic_load_n(rounds, __ATOMIC_SEQ_CST);
  if (__atomic_add_fetch(arrived, 1, __ATOMIC_SEQ_CST) == threadCount) {
    __atomic_store_n(arrived, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(rounds, round + 1, __ATOMIC_SEQ_CST);
    wake(rounds);
  } else if (!__atomic_load_n(failed, __ATOMIC_SEQ_CST)) { // a thread that fails later ends the round
    waitWhile(rounds, round, canBlock, crowded);
  }
  return !__atomic_load_n(failed, __ATOMIC_SEQ_CST);
}

/** Reports that the calling thread has failed and will not arrive: releases all threads that wait now or later. */
void EXPORT(fail)(int *barrier) {
  __atomic_store_n(barrier + 2, 1, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(barrier + 1, 1, __ATOMIC_SEQ_CST);
  wake(barrier + 1);
}

enum { TRAIN = 0, FORWARD = 1, BACKWARD = 2 };

/**
 * Runs one thread's part of the passes of a command, in rounds; a thread's batch elements have the same places in each.
 */
static void passes(const Plan *p, int command, int threadIndex, int threadCount) {
  int P = p->places, from = P * threadIndex / threadCount, to = P * (threadIndex + 1) / threadCount;
  for (int round = 0; round < p->batchSize; round += P) {
    int first = MIN(round + from, p->batchSize), last = MIN(round + to, p->batchSize);
    if (command == TRAIN && !p->carriesState) clearState(p, first, last);
    if (command != BACKWARD) forwardPass(p, threadIndex, first, last);
    if (command == TRAIN) {
      clearCarry(p, first, last);
      lossForward(p, first, last);
    }
    if (command != FORWARD) backwardPass(p, threadIndex, first, last);
  }
}

/**
 * Runs one thread's part of a command: a training step, or the forward or the backward pass alone. Before BACKWARD the host
 * calls `clearGradients`, then writes the gradients of logits and final state. BACKWARD replaces gates and interface: before another one,
 * FORWARD has to run again.
 *
 * @param threadIndex - index of the calling thread, from 0.
 * @param threadCount - number of threads that run the command, the same for all of them.
 * @returns 0 if one of them has failed: then all results of the command are invalid.
 */
int EXPORT(run)(const Plan *p, int command, int threadIndex, int threadCount) {
  if (command != BACKWARD) {
    packWeights(p, threadIndex, threadCount);
    if (!barrier(p, threadCount)) return 0;
  }
  passes(p, command, threadIndex, threadCount);
  if (command != FORWARD) {
    if (!barrier(p, threadCount)) return 0;
    weightGradients(p, threadIndex, threadCount);
  }
  if (command == TRAIN) {
    if (!barrier(p, threadCount)) return 0;
    update(p, threadIndex, threadCount);
  }
  return barrier(p, threadCount);
}

/** Zeroes the gradients of the state, for all batch elements. */
void EXPORT(clearGradients)(const Plan *p) { clearCarry(p, 0, p->batchSize); }
