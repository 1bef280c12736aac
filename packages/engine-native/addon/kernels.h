// The kernel, compiled once for each instruction set.
#pragma once
#include "plan.h"

/** The kernel's functions for one instruction set; documented in its network.c and layout.c. */
typedef struct {
  const char *name;
  int (*isSupported)(void); // by this machine
  double (*layout)(Plan *, double base);
  int (*run)(const Plan *, int command, int threadIndex, int threadCount);
  void (*fail)(int *barrier);
  void (*clearGradients)(const Plan *);
} Kernel;

enum { TRAIN = 0, FORWARD = 1, BACKWARD = 2, COMMANDS }; // as in network.c

/** All instruction sets in this binary, the fastest first; the last one has no name. */
extern const Kernel KERNELS[];
