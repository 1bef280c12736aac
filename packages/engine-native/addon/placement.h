// On which CPUs threads run. Linux may wake a thread on the CPU of the thread that wakes it and leave both there while another
// CPU is idle, for as long as they run: a thread that ran a moment ago counts as worth keeping where its cache is. On other
// systems nothing is done.
#pragma once
#if defined(__linux__)
#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before the first header"
#endif
#include <sched.h>

/** The CPU that runs the calling thread; negative if that is unknown. */
static int currentCpu(void) { return sched_getcpu(); }

/** CPUs that a thread may run on. */
typedef cpu_set_t Cpus;

static void readCpus(Cpus *allowed) {
  if (sched_getaffinity(0, sizeof(*allowed), allowed) != 0) CPU_ZERO(allowed);
}

/**
 * Keeps the calling thread off some CPUs, if others are allowed, until the next call: if that were lifted after the move, Linux
 * would wake the thread on the old CPU again.
 */
static void avoidCpus(const Cpus *allowed, const int *cpus, int count) {
  Cpus others = *allowed;
  for (int i = 0; i < count; i++)
    if (cpus[i] >= 0 && cpus[i] < CPU_SETSIZE) CPU_CLR(cpus[i], &others);
  if (CPU_COUNT(&others) > 0) sched_setaffinity(0, sizeof(others), &others);
}

#else
typedef int Cpus;
static int currentCpu(void) { return -1; }
static void readCpus(Cpus *allowed) { *allowed = 0; }
static void avoidCpus(const Cpus *allowed, const int *cpus, int count) { (void)allowed, (void)cpus, (void)count; }
#endif
