#include "network.h"
#include "sizes.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#include <malloc.h>
#elif defined(__linux__)
#include <sys/mman.h>
#endif
#include "fields.h" // generated from plan.h and layout.c: FIELD_TABLE, LAYOUT_ORDER

enum { ALIGNMENT = 64 };

const Field FIELDS[] = {FIELD_TABLE};
const int FIELD_COUNT = sizeof(FIELDS) / sizeof(FIELDS[0]);

/** Fields in the order of their arrays in memory. */
static const int ORDER[] = {LAYOUT_ORDER};
enum { ARRAYS = sizeof(ORDER) / sizeof(ORDER[0]) };

#define AT(plan, field, type) ((type *)((char *)(plan) + FIELDS[field].offset))
#define CONST_AT(plan, field, type) ((const type *)((const char *)(plan) + FIELDS[field].offset))

/**
 * Bytes of a huge page, and from how many bytes on memory is asked for in such pages: a pass goes through all of it, page by
 * page.
 */
enum { HUGE_PAGE = 2 << 20, HUGE_FROM = 2 * HUGE_PAGE };

static void *allocate(double size) {
  if (!(size < (double)(SIZE_MAX / 2))) return NULL;
#if defined(_WIN32)
  return _aligned_malloc((size_t)size, ALIGNMENT);
#else
  void *data = NULL;
  if (posix_memalign(&data, size < HUGE_FROM ? ALIGNMENT : HUGE_PAGE, (size_t)size) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
  if (size >= HUGE_FROM) madvise(data, (size_t)size, MADV_HUGEPAGE); // a wish: small pages do as well
#endif
  return data;
#endif
}

static void release(void *data) {
#if defined(_WIN32)
  _aligned_free(data);
#else
  free(data);
#endif
}

Network *createNetwork(const Kernel *kernel) {
  Network *network = calloc(1, sizeof(Network));
  if (!network) return NULL;
  network->kernel = kernel;
  network->plan.canBlock = 1;
  return network;
}

void disposeNetwork(Network *network) {
  network->isDisposed = 1;
  release(network->data);
  network->data = NULL;
  network->size = 0;
}

/** Fails if the network is disposed or busy. */
static int checkIdle(const Network *network, Failure *failure) {
  if (network->isDisposed) return fail(failure, ERROR, "network: expected one that has its memory, got one that was disposed");
  if (network->isRunning) return fail(failure, ERROR, "network: expected one that is idle, got one that runs a command");
  return 1;
}

/** Fails if there is no such field. */
static int checkField(int field, Failure *failure) {
  if (field >= 0 && field < FIELD_COUNT) return 1;
  return fail(failure, RANGE_ERROR, "field: expected an integer from 0 to %d, got %d", FIELD_COUNT - 1, field);
}

int setField(Network *network, int field, double value, Failure *failure) {
  if (!checkIdle(network, failure) || !checkField(field, failure)) return 0;
  const Field *f = &FIELDS[field];
  if (!f->isInput)
    return fail(failure, TYPE_ERROR, "%s: expected a number that hosts may set, got one that they may not", f->name);
  Plan changed = network->plan;
  if (f->kind == FLOAT_FIELD) {
    if (isnan(value)) return fail(failure, RANGE_ERROR, "%s: expected a number, got NaN", f->name);
    *AT(&changed, field, float) = (float)value;
  } else {
    if (!(value >= 0 && value <= MAX_SIZE && floor(value) == value))
      return fail(failure, RANGE_ERROR, "%s: expected an integer from 0 to %d, got %.9g", f->name, MAX_SIZE, value);
    *AT(&changed, field, int) = (int)value;
  }
  if (!checkChoices(&changed, failure)) return 0;
  if (network->data && !hasSameLayout(&changed, &network->plan))
    return fail(failure, RANGE_ERROR, "%s: expected the same value as when memory was prepared, got %.9g", f->name, value);
  network->plan = changed;
  return 1;
}

int getField(const Network *network, int field, double *value, Failure *failure) {
  if (!checkIdle(network, failure) || !checkField(field, failure)) return 0;
  FieldKind kind = FIELDS[field].kind;
  if (kind != INT_FIELD && kind != FLOAT_FIELD)
    return fail(failure, TYPE_ERROR, "%s: expected a number, got an array", FIELDS[field].name);
  *value = kind == INT_FIELD ? *CONST_AT(&network->plan, field, int) : *CONST_AT(&network->plan, field, float);
  return 1;
}

/** Returns how many numbers the memory of array `field` has; 0 if the network has no such array. */
static Size capacityOf(const Network *network, int field) {
  const char *start = *CONST_AT(&network->plan, field, char *);
  if (!network->data || !start) return 0;
  const char *end = (const char *)network->data + (size_t)network->size;
  int at = 0;
  while (at < ARRAYS && ORDER[at] != field) at++;
  if (at == ARRAYS) return 0; // not an array of its own: `barrier`
  const char *next = (const char *)network->plan.scratch[0];
  for (at++; at < ARRAYS; at++) {
    const char *address = *CONST_AT(&network->plan, ORDER[at], char *);
    if (!address) continue;
    next = address;
    break;
  }
  return next >= start && next <= end ? (next - start) / (Size)sizeof(float) : 0;
}

/** Places the arrays of a plan from `base` on. Arrays that it does not have are NULL. @returns their size in bytes. */
static double placeArrays(const Kernel *kernel, Plan *plan, void *base) {
  for (int i = 0; i < ARRAYS; i++) *AT(plan, ORDER[i], void *) = NULL;
  memset(plan->scratch, 0, sizeof(plan->scratch));
  double start = (double)(uintptr_t)base;
  return kernel->layout(plan, start) - start;
}

int measureNetwork(const Network *network, RunShape shape, double *bytes, Failure *failure) {
  Plan plan = network->plan;
  if (!checkIdle(network, failure) || !setShape(&plan, shape, failure) || !checkSizes(&plan, failure)) return 0;
  *bytes = placeArrays(network->kernel, &plan, NULL);
  return 1;
}

int prepareNetwork(Network *network, RunShape shape, double limit, Failure *failure) {
  if (!checkIdle(network, failure)) return 0;
  Plan *old = &network->plan, plan = *old;
  if (!setShape(&plan, shape, failure) || !checkSizes(&plan, failure)) return 0;
  int isSame = memcmp(&plan, old, sizeof(Plan)) == 0;
  if (network->data && isSame) return 1;
  double needed = placeArrays(network->kernel, &plan, NULL);
  if (!(needed <= limit)) {
    const double GIB = 1 << 30;
    return fail(failure, RANGE_ERROR, "memory: expected at most %.2f GiB, the run needs %.2f GiB", limit / GIB, needed / GIB);
  }
  void *data = network->data;
  double size = network->size;
  if (!data || needed > size) {
    data = allocate(needed);
    size = needed;
    if (!data)
      return fail(failure, RANGE_ERROR, "memory: expected %.2f GiB, which this machine does not give", needed / (1 << 30));
  }
  placeArrays(network->kernel, &plan, data);
  // Parameters and optimizer state come first, and their layout does not depend on the batch.
  int keepsOptimizer = network->data && plan.training == old->training;
  size_t kept = keepsOptimizer ? (size_t)((char *)plan.inputs - (char *)data) : sizeof(float) * (size_t)plan.parameterCount;
  if (data != network->data) {
    if (network->data) memcpy(data, network->data, kept);
    else memset(data, 0, (size_t)((char *)plan.inputs - (char *)data));
    release(network->data);
  }
  // Numbers that are used as indices must never be something else.
  if (!keepsOptimizer && plan.groupSizes) memset(plan.groupSizes, 0, sizeof(int) * (size_t)plan.groupCount);
  if (plan.order) memset(plan.order, 0, (size_t)((char *)plan.allocation - (char *)plan.order));
  int isAlike = plan.batchSize == old->batchSize && plan.maxThreads == old->maxThreads && plan.history == old->history;
  if (!isAlike) memset(network->choices, 0, sizeof(network->choices)); // commands take other times
  network->plan = plan;
  network->data = data;
  network->size = size;
  return 1;
}

/** Fails unless the array has numbers [offset, offset + length). */
static int checkRange(const Network *network, int field, double offset, Size length, Failure *failure) {
  if (!checkIdle(network, failure) || !checkField(field, failure)) return 0;
  const char *name = FIELDS[field].name;
  if (FIELDS[field].kind != FLOAT_ARRAY && FIELDS[field].kind != INT_ARRAY)
    return fail(failure, TYPE_ERROR, "%s: expected an array, got a number", name);
  Size capacity = capacityOf(network, field);
  if (!(offset >= 0 && floor(offset) == offset && offset + (double)length <= (double)capacity))
    return fail(failure, RANGE_ERROR, "%s: expected a range within %.0f numbers, got %.0f from %.9g on", name, (double)capacity,
                (double)length, offset);
  return 1;
}

int readArray(const Network *network, int field, double offset, float *into, Size length, Failure *failure) {
  if (!checkRange(network, field, offset, length, failure)) return 0;
  if (FIELDS[field].kind != FLOAT_ARRAY)
    return fail(failure, TYPE_ERROR, "%s: expected an array of floats, got integers", FIELDS[field].name);
  if (length > 0) memcpy(into, *CONST_AT(&network->plan, field, float *) + (Size)offset, sizeof(float) * (size_t)length);
  return 1;
}

int writeArray(Network *network, int field, double offset, const void *from, Size length, int isInt, Failure *failure) {
  if (!checkRange(network, field, offset, length, failure)) return 0;
  const char *name = FIELDS[field].name;
  if (isInt != (FIELDS[field].kind == INT_ARRAY))
    return fail(failure, TYPE_ERROR, "%s: expected %s, got %s", name, isInt ? "floats" : "integers",
                isInt ? "integers" : "floats");
  void *to = *AT(&network->plan, field, void *);
  if (isInt) {
    if (to != network->plan.groupSizes)
      return fail(failure, TYPE_ERROR, "%s: expected an array that hosts may write, got another", name);
    return writeGroupSizes(&network->plan, (int)offset, from, length, failure);
  }
  if (length > 0) memcpy((float *)to + (Size)offset, from, sizeof(float) * (size_t)length);
  return 1;
}

int checkCommand(const Network *network, double command, Failure *failure) {
  if (!checkIdle(network, failure)) return 0;
  const Plan *plan = &network->plan;
  if (!(command >= 0 && command < COMMANDS && floor(command) == command))
    return fail(failure, RANGE_ERROR, "command: expected an integer from 0 to %d, got %.9g", COMMANDS - 1, command);
  if (!network->data) return fail(failure, ERROR, "network: expected one that is prepared, got one that is not");
  if (command == TRAIN && !plan->training)
    return fail(failure, ERROR, "network: expected one prepared for training, got another");
  if (command != FORWARD && !plan->history)
    return fail(failure, ERROR, "network: expected one prepared with history, got another");
  if ((command == BACKWARD || (command == TRAIN && plan->carriesState)) && plan->places < plan->batchSize)
    return fail(failure, ERROR, "network: expected one prepared with keepsState, got one that runs its batch in rounds");
  return 1;
}

int clearStateGradients(const Network *network, Failure *failure) {
  if (!checkCommand(network, BACKWARD, failure)) return 0;
  network->kernel->clearGradients(&network->plan);
  return 1;
}
