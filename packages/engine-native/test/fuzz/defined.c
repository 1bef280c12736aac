// Training steps of random networks on one thread, for a build with the memory sanitizer: `defined SEED NETWORKS`. A step must compute
// gradients, results and parameters from what the host writes, and from nothing that an earlier step left.
#include "drawn.h"
#include <sanitizer/msan_interface.h>
#include <stdio.h>

static void set(Network *network, const char *name, double value) {
  Failure failure;
  check(setField(network, fieldOf(name), value, &failure), &failure);
}

/** Writes `length` numbers, which are random within [from, to], or whole if `isWhole`. */
static void fill(Network *network, const char *name, Size length, float from, float to, int isWhole) {
  Failure failure;
  float *values = malloc(sizeof(float) * (size_t)length + 1);
  for (Size i = 0; i < length; i++) {
    float value = (float)draw(1001) / 1000;
    values[i] = from + (to - from) * (isWhole ? (float)(value > 0.5f) : value);
  }
  check(writeArray(network, fieldOf(name), 0, values, length, 0, &failure), &failure);
  free(values);
}

static void fillGroups(Network *network) {
  Failure failure;
  int groups = network->plan.groupCount, rest = network->plan.outputSize, sizes[16];
  for (int i = 0; i < groups; i++) rest -= sizes[i] = i == groups - 1 ? rest : 1 + (int)draw((unsigned)(rest - groups + i + 1));
  check(writeArray(network, fieldOf("groupSizes"), 0, sizes, groups, 1, &failure), &failure);
}

static void step(Network *network) {
  Failure failure;
  RunShape shape = {1 + draw(18), 1 + draw(4), 1, 1, 1};
  check(prepareNetwork(network, shape, 1e9, &failure), &failure);
  const Plan *p = &network->plan;
  Size rows = (Size)p->timeSteps * p->batchSize, count = p->parameterCount;
  // All but parameters and what the optimizer keeps is undefined, and so are numbers that an earlier step left.
  __msan_allocated_memory(p->inputs, (size_t)((char *)network->data + (size_t)network->size - (char *)p->inputs));
  if (p->order) memset(p->order, 0, (size_t)((char *)p->allocation - (char *)p->order)); // as `prepareNetwork` does
  if (p->groupCount > 0) fillGroups(network);
  fill(network, "inputs", rows * p->inputSize, -1, 1, 0);
  fill(network, "target", rows * p->outputSize, 0, 1, 1);
  fill(network, "mask", rows, 0, 1, 1);
  if (p->hasInputMask) fill(network, "inputMask", rows, 0, 1, 1);
  check(checkCommand(network, TRAIN, &failure), &failure);
  run_fuzz(p, TRAIN, 0, 1);
  __msan_check_mem_is_initialized(p->results, 2 * sizeof(float));
  __msan_check_mem_is_initialized(p->gradients, sizeof(float) * (size_t)count);
  __msan_check_mem_is_initialized(p->parameters, sizeof(float) * (size_t)count);
}

int main(int argc, char **argv) {
  state = argc > 1 ? strtoull(argv[1], 0, 10) : 1;
  long networks = argc > 2 ? strtol(argv[2], 0, 10) : 100, steps = 0;
  for (long i = 0; i < networks; i++) {
    Network *network = createNetwork(&KERNEL);
    drawNetwork(network, set);
    set(network, "learningRate", 1e-3), set(network, "decay", 0.9), set(network, "epsilon", 1e-6);
    for (int again = 0; again < 3; again++, steps++) {
      step(network);
      if (again == 0) fill(network, "parameters", network->plan.parameterCount, -0.5f, 0.5f, 0);
    }
    disposeNetwork(network);
    free(network);
  }
  printf("%ld training steps defined\n", steps);
  return 0;
}
