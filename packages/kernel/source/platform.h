// How a thread waits for others on the platform that the kernel is compiled for: WebAssembly, Linux, Windows, or POSIX.
//
// A thread that waits first spins, because the others usually arrive within microseconds. Then it yields its CPU again and
// again, which takes no time while no other thread wants it. Then it sleeps until it is woken, so that it takes no time from
// other programs.
// Where another program does want the CPU, yielding gives it a whole time slice, many times what is waited for, but a thread that
// sleeps gets the CPU back as soon as it is woken: after a yield that took long, the threads do not yield for a while.
#pragma once
#include "simd.h"

#if defined(__wasm__)
// The longest spin that is no loss while all CPUs are idle: WebAssembly cannot yield, and waking a thread takes long.
enum { SPINS = 100000, YIELDS = 0 };
static void relax(void) {}
static int yield(void) { return 0; }

/**
 * Sleeps while *word is `value`. May return early: the caller must check again.
 *
 * A separate function that uses no value after the wait: the baseline compiler of V8 11 (Node 20) replaces values that the
 * waiting function holds on its stack by zero. See docs/decisions/0010-determinism.md.
 */
static __attribute__((noinline)) void sleepWhile(int *word, int value) {
  __builtin_wasm_memory_atomic_wait32(word, value, -1);
}

/** Wakes all threads that sleep because of *word. */
static void wake(int *word) { __builtin_wasm_memory_atomic_notify(word, 0xffffffff); }

#else
enum { SPINS = 300, YIELDS = 30000 };
/** Nanoseconds that a yield takes only if another thread had the CPU meanwhile. */
enum { LONG_YIELD = 200000 };

/** Tells the CPU that the thread spins. */
static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory"); // `yield` takes no time on most CPUs
#endif
}

#if defined(__linux__)
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void sleepWhile(int *word, int value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); }
static void wake(int *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0); }

#elif defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

static void yieldCpu(void) { SwitchToThread(); }
static long long nanoseconds(void) {
  LARGE_INTEGER frequency, ticks;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&ticks);
  return (long long)((double)ticks.QuadPart / (double)frequency.QuadPart * 1e9);
}
static void sleepWhile(int *word, int value) { WaitOnAddress(word, &value, sizeof(value), INFINITE); }
static void wake(int *word) { WakeByAddressAll(word); }

#else // POSIX: macOS offers no public way to sleep on an address.
#include <pthread.h>
#include <sched.h>
#include <time.h>

static pthread_mutex_t sleepMutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t sleepCondition = PTHREAD_COND_INITIALIZER; // for all words: threads check theirs again

static void sleepWhile(int *word, int value) {
  pthread_mutex_lock(&sleepMutex);
  if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) pthread_cond_wait(&sleepCondition, &sleepMutex);
  pthread_mutex_unlock(&sleepMutex);
}

static void wake(int *word) {
  (void)word;
  pthread_mutex_lock(&sleepMutex);
  pthread_cond_broadcast(&sleepCondition);
  pthread_mutex_unlock(&sleepMutex);
}
#endif

#if !defined(_WIN32)
static void yieldCpu(void) { sched_yield(); }
static long long nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}
#endif

/** Yields the CPU. @returns whether another thread had it for long. */
static int yield(void) {
  long long start = nanoseconds();
  yieldCpu();
  return nanoseconds() - start > LONG_YIELD;
}
#endif

/** Number of waits without yielding after a yield that took long, and spins of such a wait: waking a thread takes long too. */
enum { CROWDED_WAITS = 300, CROWDED_SPINS = 2000 };

/**
 * Waits while *word is `value`. canBlock 0: the thread must not sleep. `crowded` is the number of waits, of all threads, that do
 * without yielding.
 */
static void waitWhile(int *word, int value, int canBlock, int *crowded) {
  int spins = SPINS, yields = YIELDS, left = __atomic_load_n(crowded, __ATOMIC_RELAXED);
  if (left > 0) __atomic_store_n(crowded, left - 1, __ATOMIC_RELAXED), yields = 0, spins = MAX(SPINS, CROWDED_SPINS);
  while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value) {
    if (spins > 0) {
      spins--;
      relax();
    } else if (yields > 0) {
      yields--;
      if (!yield()) continue;
      yields = 0;
      __atomic_store_n(crowded, CROWDED_WAITS, __ATOMIC_RELAXED);
    } else if (canBlock) {
      sleepWhile(word, value);
    }
  }
}
