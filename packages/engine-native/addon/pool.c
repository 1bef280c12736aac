#define _GNU_SOURCE // for placement.h
#include "pool.h"
#include "placement.h"
#include "platform.h"
#include "threads.h"
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };
/** The dispatch word is the number of the dispatch times this, plus the number of threads that take part; 0 threads: end. */
enum { DISPATCH = 64 };
/**
 * Shortest time between two moves of a thread to another CPU, in nanoseconds: where there are too few, it would move all the
 * time.
 */
enum { MOVE_INTERVAL = 1000000 };
/** Place of `crowded` in the barrier, as in the kernel's network.c. */
enum { CROWDED = 3 };

typedef struct {
  Pool *pool;
  int index;
  int seen; // dispatch word when the thread was started
  Cpus allowed;       // CPUs that it may run on
  long long nextMove; // when it may move to another one again
} Worker;

struct Pool {
  /** Of all commands, and never reset: a thread may still be leaving the last barrier of a command when the next one starts. */
  int barrier[CACHE_LINE / sizeof(int)];
  int dispatch, crowded; // alone in their cache line, as the barrier is
  char padding[CACHE_LINE];
  const Kernel *kernel;
  const Plan *plan;
  int command;
  int isBusy;
  int threadCount; // threads that there are, with the calling one
  Thread threads[MAX_THREADS];
  Worker workers[MAX_THREADS];
  int cpus[MAX_THREADS]; // on which each thread was at its last dispatch
};

static int current(int *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

/** Moves a worker to another CPU if a thread before it runs on the same one. */
static void separate(Worker *worker) {
  Pool *pool = worker->pool;
  int cpu = currentCpu(), taken[MAX_THREADS], isShared = 0;
  for (int i = 0; i < worker->index; i++) {
    taken[i] = __atomic_load_n(pool->cpus + i, __ATOMIC_RELAXED);
    isShared |= cpu >= 0 && taken[i] == cpu;
  }
  if (isShared && nanoseconds() >= worker->nextMove) {
    avoidCpus(&worker->allowed, taken, worker->index);
    worker->nextMove = nanoseconds() + MOVE_INTERVAL;
    cpu = currentCpu();
  }
  __atomic_store_n(pool->cpus + worker->index, cpu, __ATOMIC_RELAXED);
}

/** A thread of the pool: waits for a dispatch, then runs its part of the command. */
static THREAD_RESULT work(void *argument) {
  Worker *worker = argument;
  Pool *pool = worker->pool;
  readCpus(&worker->allowed);
  for (int seen = worker->seen;;) {
    waitWhile(&pool->dispatch, seen, 1, &pool->crowded);
    seen = current(&pool->dispatch);
    int threadCount = seen % DISPATCH;
    if (threadCount == 0) return 0;
    if (worker->index >= threadCount) continue;
    separate(worker);
    pool->kernel->run(pool->plan, pool->command, worker->index, threadCount);
  }
}

static void dispatch(Pool *pool, int threadCount) {
  int number = (current(&pool->dispatch) / DISPATCH + 1) % (1 << 24);
  __atomic_store_n(&pool->dispatch, number * DISPATCH + threadCount, __ATOMIC_SEQ_CST);
  wake(&pool->dispatch);
}

Pool *createPool(void) {
  Pool *pool = calloc(1, sizeof(Pool));
  if (!pool) return NULL;
  pool->threadCount = 1;
  for (int i = 0; i < MAX_THREADS; i++) pool->cpus[i] = -1;
  return pool;
}

void destroyPool(Pool *pool) {
  dispatch(pool, 0);
  for (int i = 1; i < pool->threadCount; i++) joinThread(pool->threads[i]);
  free(pool);
}

static int acquire(Pool *pool) { return !__atomic_exchange_n(&pool->isBusy, 1, __ATOMIC_SEQ_CST); }
static void releasePool(Pool *pool) { __atomic_store_n(&pool->isBusy, 0, __ATOMIC_SEQ_CST); }

/** Starts threads; the caller has acquired the pool. */
static int startAcquired(Pool *pool, int count) {
  while (pool->threadCount < count && pool->threadCount < MAX_THREADS) {
    int index = pool->threadCount;
    pool->workers[index] = (Worker){.pool = pool, .index = index, .seen = current(&pool->dispatch)};
    if (!startThread(&pool->threads[index], work, &pool->workers[index])) break;
    pool->threadCount++;
  }
  return pool->threadCount < count ? pool->threadCount : count;
}

int startThreads(Pool *pool, int count) {
  if (!acquire(pool)) return 1;
  int started = startAcquired(pool, count);
  releasePool(pool);
  return started;
}

int runCommand(Pool *pool, const Kernel *kernel, Plan *plan, int command, int maxThreads, Choice *choice) {
  double work = (double)plan->batchSize * plan->timeSteps;
  long long start = nanoseconds();
  int threadCount = chooseThreads(choice, maxThreads, plan->batchSize, start);
  if (threadCount > 1 && acquire(pool)) {
    int crowdedBefore = 0;
    threadCount = startAcquired(pool, threadCount);
    if (threadCount > 1) {
      if (isProbe(choice)) {
        __atomic_store_n(pool->barrier + CROWDED, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&pool->crowded, 0, __ATOMIC_RELAXED); // a worker that sleeps between commands takes long to wake
      }
      crowdedBefore = __atomic_load_n(pool->barrier + CROWDED, __ATOMIC_RELAXED);
      plan->barrier = pool->barrier;
      pool->kernel = kernel, pool->plan = plan, pool->command = command;
      __atomic_store_n(pool->cpus, currentCpu(), __ATOMIC_RELAXED);
      dispatch(pool, threadCount);
    }
    kernel->run(plan, command, 0, threadCount);
    int isCrowded = __atomic_load_n(pool->barrier + CROWDED, __ATOMIC_RELAXED) > crowdedBefore; // it falls with each wait
    releasePool(pool);
    long long end = nanoseconds();
    recordCommand(choice, threadCount == maxThreads, (double)(end - start), work, isCrowded, end);
    return threadCount;
  }
  kernel->run(plan, command, 0, 1);
  if (threadCount == 1 && maxThreads > 1) {
    long long end = nanoseconds();
    recordCommand(choice, 0, (double)(end - start), work, 0, end);
  }
  return 1;
}
