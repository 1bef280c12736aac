// Networks drawn at random, for programs that run them under sanitizers.
#pragma once
#include "network.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double layout_fuzz(Plan *, double);
int run_fuzz(const Plan *, int, int, int);
void clearGradients_fuzz(const Plan *);
static const Kernel KERNEL = {"fuzz", 0, layout_fuzz, run_fuzz, 0, clearGradients_fuzz};

static unsigned long long state;

static unsigned draw(unsigned below) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return (unsigned)(state >> 33) % below;
}

static int fieldOf(const char *name) {
  for (int i = 0; i < FIELD_COUNT; i++)
    if (strcmp(FIELDS[i].name, name) == 0) return i;
  abort();
}

/** Ends the program if a call that must succeed was refused. */
static void check(int result, const Failure *failure) {
  if (result) return;
  puts(failure->message);
  abort();
}

/** Draws the numbers of a small network and sets each with `set`. */
static void drawNetwork(Network *network, void (*set)(Network *, const char *, double)) {
  static const char *const SIZES[] = {"inputSize", "outputSize", "hiddenSize", "layers", "slots", "wordSize", "readHeads", "writeHeads"};
  static const unsigned MAXIMA[] = {9, 9, 40, 3, 40, 40, 6, 3};
  int hasMemory = draw(6) > 0, controller = (int)draw(4);
  set(network, "controller", controller);
  for (int i = 0; i < 8; i++) set(network, SIZES[i], i >= 4 && !hasMemory ? 0 : i == 3 && controller != LSTM ? 1 : 1 + draw(MAXIMA[i]));
  if (controller == NONE) set(network, "hiddenSize", network->plan.inputSize);
  int links = hasMemory && draw(3) > 0;
  set(network, "links", links);
  set(network, "sharpness", links && draw(2));
  set(network, "masking", hasMemory && draw(2));
  set(network, "deallocation", hasMemory && draw(2));
  set(network, "clip", draw(2) ? 20 : 0);
  set(network, "optimizer", draw(2));
  set(network, "momentum", draw(2) ? 0.9 : 0);
  set(network, "loss", draw(3));
  set(network, "hasInputMask", draw(4) == 0);
  set(network, "historyLimit", draw(2) ? 64 : draw(3) * 0.001);
  set(network, "keepsState", draw(3) == 0);
  set(network, "maxNorm", 10);
  if (network->plan.outputSize > 0) set(network, "groupCount", 1 + draw((unsigned)network->plan.outputSize));
}
