// Threads that run commands of networks together with the thread that asks for it. Each environment of Node.js (the main
// thread, and each of its workers) has a pool of its own.
#pragma once
#include "choice.h"
#include "kernels.h"

typedef struct Pool Pool;

/** Creates a pool without threads. @returns NULL if there is no memory for it. */
Pool *createPool(void);

/** Ends its threads, which must be idle, and frees the pool. */
void destroyPool(Pool *pool);

/**
 * Starts threads until there are `count`, with the calling one.
 *
 * @returns the number of threads that there are: fewer if the system does not give them.
 */
int startThreads(Pool *pool, int count);

/**
 * Runs a command and waits for it to finish. While another command runs on the pool, the calling thread runs it alone. Results
 * do not depend on the number of threads.
 *
 * @param maxThreads - the largest number of threads to run on.
 * @param choice - what is known of the network's earlier commands: on a busy machine fewer threads are faster.
 * @returns the number of threads that it ran on.
 */
int runCommand(Pool *pool, const Kernel *kernel, Plan *plan, int command, int maxThreads, Choice *choice);
