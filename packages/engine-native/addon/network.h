// A network: its plan, and the memory that the plan points to. Knows nothing of Node.js and checks all that it is given: no
// call with any arguments reads or writes memory that is not its own.
//
// Functions that may fail return 0 and describe the failure; then nothing has changed.
#pragma once
#include "choice.h"
#include "failure.h"
#include "kernels.h"

typedef struct {
  const Kernel *kernel;
  Plan plan;
  void *data;       // arrays of the plan, 64-byte aligned; NULL before the first `prepareNetwork`
  double size;      // of `data` in bytes
  Choice choices[COMMANDS]; // of the number of threads, by command: they take different times
  int isRunning;    // a command runs on another thread
  int isDisposed;
} Network;

/** Shape of a run, as the host gives it: not checked yet. */
typedef struct {
  double timeSteps, batchSize, maxThreads, history, training;
} RunShape;

/** A number or an array of the plan. */
typedef enum { INT_FIELD, FLOAT_FIELD, INT_ARRAY, FLOAT_ARRAY } FieldKind;

typedef struct {
  const char *name;
  Size offset;
  FieldKind kind;
  int isInput; // a number that the host writes
} Field;

extern const Field FIELDS[];
extern const int FIELD_COUNT;

/** Creates a network without sizes. @returns NULL if there is no memory for its plan. */
Network *createNetwork(const Kernel *kernel);

/** Frees the memory of a network, but not the network itself. */
void disposeNetwork(Network *network);

/** Sets a number of the plan. What the layout depends on keeps its value after the first `prepareNetwork`. */
int setField(Network *network, int field, double value, Failure *failure);

/** Reads a number of the plan, also one that is derived. */
int getField(const Network *network, int field, double *value, Failure *failure);

/** Computes the bytes that the arrays of a network would have with a shape. */
int measureNetwork(const Network *network, RunShape shape, double *bytes, Failure *failure);

/**
 * Prepares for batches of a shape. Parameters and optimizer state keep their values; all other arrays are undefined.
 *
 * @param limit - bytes that the network may have in all.
 */
int prepareNetwork(Network *network, RunShape shape, double limit, Failure *failure);

/** Copies `length` numbers of an array, from number `offset` on. */
int readArray(const Network *network, int field, double offset, float *into, Size length, Failure *failure);

/** Copies `length` numbers into an array, from number `offset` on. `isInt`: `from` has ints, otherwise floats. */
int writeArray(Network *network, int field, double offset, const void *from, Size length, int isInt, Failure *failure);

/** Whether a command can run on the network as it is. */
int checkCommand(const Network *network, double command, Failure *failure);

/** Zeroes the gradients of the state. */
int clearStateGradients(const Network *network, Failure *failure);
