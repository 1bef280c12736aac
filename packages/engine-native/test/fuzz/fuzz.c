// Random networks, shapes and calls, most of them wrong, for a build with sanitizers: `fuzz SEED NETWORKS`. Prints how many calls were
// accepted. Each array of the plan lies between bytes that no instruction may touch.
#include "drawn.h"
#include "sizes.h"
#include <math.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** A number that is small, or at a limit, or no size at all. */
static double strange(void) {
  static const double VALUES[] = {-1, 0, 1, 0.5, 2, 31, 32, 33, 1e3, 65535, 65536, 46341, 1e6, 1e9, 1073741824, 2147483647, 2147483648.0,
                                  4294967296.0, 1e15, 9007199254740993.0, 1e300, -1e300, INFINITY, -INFINITY, NAN, 1e-30};
  return VALUES[draw(sizeof(VALUES) / sizeof(VALUES[0]))];
}

static long accepted, refused;

/** Counts a call and checks the message of one that was refused. */
static int count(int result, const Failure *failure) {
  if (result) accepted++;
  else if (failure->kind == NO_FAILURE || !strstr(failure->message, ": expected ")) abort();
  else refused++;
  return result;
}

static void set(Network *network, const char *name, double value) {
  Failure failure = {0};
  count(setField(network, fieldOf(name), value, &failure), &failure);
}

/** Draws a network, sometimes with a strange number. */
static void describe(Network *network) {
  drawNetwork(network, set);
  if (draw(8) == 0) set(network, "outputSize", 0), set(network, "groupCount", 0);
  if (draw(4) == 0) set(network, FIELDS[draw((unsigned)FIELD_COUNT)].name, strange());
}

/** Forbids (or allows) the 64 bytes before each array but the first. */
static void guard(Network *network, int isForbidden) {
  if (!network->data) return;
  if (!isForbidden) {
    ASAN_UNPOISON_MEMORY_REGION(network->data, (size_t)network->size);
    return;
  }
  for (int i = 0; i < FIELD_COUNT + network->plan.maxThreads; i++) {
    char *start = i < FIELD_COUNT ? (FIELDS[i].kind >= INT_ARRAY ? *(char **)((char *)&network->plan + FIELDS[i].offset) : NULL)
                                  : (char *)network->plan.scratch[i - FIELD_COUNT];
    if (start && start != network->data && strcmp(i < FIELD_COUNT ? FIELDS[i].name : "", "barrier") != 0)
      ASAN_POISON_MEMORY_REGION(start - 64, 64);
  }
}

static int prepare(Network *network) {
  Failure failure = {0};
  RunShape shape = {1 + draw(5), 1 + draw(18), 1 + draw(4), draw(4) > 0, draw(2)};
  if (draw(6) == 0) ((double *)&shape)[draw(5)] = strange();
  guard(network, 0);
  double limit = draw(20) ? 1e8 : strange();
  if (limit > 1e8) limit = 1e8; // a network of gigabytes would run for minutes
  int result = count(prepareNetwork(network, shape, limit, &failure), &failure);
  guard(network, 1);
  return result;
}

/** Reads or writes a range, often beyond the array's end or of the wrong kind. */
static void copyRange(Network *network) {
  Failure failure = {0};
  int field = (int)draw((unsigned)FIELD_COUNT + 2) - 1;
  Size length = draw(2) ? draw(8) : draw(5000);
  double offset = draw(3) ? draw(4) : draw(2) ? draw(100000) : strange();
  float *block = malloc(sizeof(float) * (size_t)length + 1);
  guard(network, 0); // a range may end in the bytes that fill up an array's last line
  if (draw(2)) {
    count(readArray(network, field, offset, block, length, &failure), &failure);
  } else {
    int isInt = draw(4) == 0;
    for (Size i = 0; i < length; i++)
      if (isInt) ((int *)block)[i] = draw(2) ? (int)draw(4) : (int)(draw(2) ? draw(1u << 31) : 0 - draw(1u << 31));
      else block[i] = draw(50) ? (float)draw(1000) / 1000 - 0.5f : (float)strange();
    count(writeArray(network, field, offset, block, length, isInt, &failure), &failure);
  }
  guard(network, 1);
  free(block);
}

static void writeGroups(Network *network) {
  Failure failure = {0};
  int sizes[16] = {0}, groups = network->plan.groupCount, rest = network->plan.outputSize;
  for (int i = 0; i < groups && i < 16; i++) rest -= sizes[i] = i == groups - 1 ? rest : (int)draw((unsigned)rest + 1);
  count(writeArray(network, fieldOf("groupSizes"), 0, sizes, MIN(groups, 16), 1, &failure), &failure);
}

static void run(Network *network) {
  Failure failure = {0};
  double command = draw(8) ? draw(3) : strange();
  // On one thread: the parts of several, one after the other, would wait for each other.
  if (count(checkCommand(network, command, &failure), &failure)) run_fuzz(&network->plan, (int)command, 0, 1);
}

int main(int argc, char **argv) {
  state = argc > 1 ? strtoull(argv[1], 0, 10) : 1;
  long networks = argc > 2 ? strtol(argv[2], 0, 10) : 100;
  for (long i = 0; i < networks; i++) {
    Network *network = createNetwork(&KERNEL);
    Failure failure = {0};
    describe(network);
    for (int calls = 0; calls < 30; calls++) {
      unsigned which = draw(10);
      if (which < 2 || calls == 0) prepare(network);
      else if (which < 5) run(network);
      else if (which < 7) copyRange(network);
      else if (which == 7) writeGroups(network);
      else if (which == 8) set(network, FIELDS[draw((unsigned)FIELD_COUNT)].name, draw(2) ? draw(3) : strange());
      else if (draw(2)) count(clearStateGradients(network, &failure), &failure);
      else if (draw(20) == 0) guard(network, 0), disposeNetwork(network);
    }
    guard(network, 0);
    disposeNetwork(network);
    free(network);
  }
  printf("%ld calls accepted, %ld refused\n", accepted, refused);
  return 0;
}
