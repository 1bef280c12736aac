// Commands of two networks on one pool of threads, with other shapes each time, for a build with the thread sanitizer.
#include "drawn.h"
#include "pool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  double value;
} NUMBERS[] = {{"inputSize", 3}, {"outputSize", 5}, {"hiddenSize", 20}, {"layers", 1},     {"slots", 11},     {"wordSize", 7}, {"readHeads", 2},
               {"writeHeads", 1}, {"links", 1},     {"learningRate", 1e-3}, {"maxNorm", 10}, {"decay", 0.9}, {"epsilon", 1e-6}, {"historyLimit", 1}};
static const char *const ARRAYS[] = {"parameters", "meanSquares", "inputs", "target", "mask"};

static Network *create(void) {
  Failure failure;
  Network *network = createNetwork(&KERNEL);
  for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++)
    check(setField(network, fieldOf(NUMBERS[i].name), NUMBERS[i].value, &failure), &failure);
  return network;
}

static void fillInputs(Network *network) {
  Failure failure;
  float numbers[28];
  for (int i = 0; i < 28; i++) numbers[i] = (float)(i % 7) / 7;
  for (size_t i = 0; i < sizeof(ARRAYS) / sizeof(ARRAYS[0]); i++)
    check(writeArray(network, fieldOf(ARRAYS[i]), 0, numbers, 3, 0, &failure), &failure);
}

int main(void) {
  Failure failure;
  Pool *pool = createPool();
  Network *networks[] = {create(), create()};
  int threads = 0;
  for (int i = 0; i < 300; i++) {
    Network *network = networks[i % 2];
    RunShape shape = {1 + i % 4, 3 + i % 5, 4, 1, 1};
    check(prepareNetwork(network, shape, 1e9, &failure), &failure);
    fillInputs(network);
    int command = i % 3 == 2 ? FORWARD : TRAIN;
    threads += runCommand(pool, network->kernel, &network->plan, command, MIN(4, network->plan.batchSize), &network->choices[command]);
  }
  destroyPool(pool);
  for (int i = 0; i < 2; i++) disposeNetwork(networks[i]), free(networks[i]);
  printf("300 commands on %d threads\n", threads);
  return 0;
}
