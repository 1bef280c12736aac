#include "sizes.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/** Fails if a number is outside [low, high]. */
static int within(const char *name, double value, double low, double high, Failure *failure) {
  if (value >= low && value <= high && floor(value) == value) return 1;
  return fail(failure, RANGE_ERROR, "%s: expected an integer from %.0f to %.0f, got %.9g", name, low, high, value);
}

int checkChoices(const Plan *p, Failure *failure) {
  return within("controller", p->controller, LSTM, GRU, failure) && within("masking", p->masking, 0, 1, failure) &&
         within("deallocation", p->deallocation, 0, 1, failure) && within("sharpness", p->sharpness, 0, 1, failure) &&
         within("links", p->links, 0, 1, failure) && within("carriesState", p->carriesState, 0, 1, failure) &&
         within("keepsState", p->keepsState, 0, 1, failure) &&
         within("hasInputMask", p->hasInputMask, 0, 1, failure) && within("loss", p->loss, SIGMOID_LOSS, LINEAR_LOSS, failure) &&
         within("optimizer", p->optimizer, RMSPROP, ADAM, failure) && within("canBlock", p->canBlock, 0, 1, failure);
}

/** Fails if the parts of the network do not fit each other. */
static int checkParts(const Plan *p, Failure *failure) {
  int isDeep = p->controller == LSTM;
  if (!within("inputSize", p->inputSize, 1, MAX_SIZE, failure) || !within("outputSize", p->outputSize, 0, MAX_SIZE, failure) ||
      !within("hiddenSize", p->hiddenSize, 1, MAX_SIZE, failure) || !within("layers", p->layers, 1, isDeep ? 1024 : 1, failure))
    return 0;
  if (p->controller == NONE && p->hiddenSize != p->inputSize)
    return fail(failure, RANGE_ERROR, "hiddenSize: expected %d, the inputs, got %d", p->inputSize, p->hiddenSize);
  int low = p->slots > 0, high = low ? MAX_SIZE : 0, heads = low ? 1024 : 0;
  return within("wordSize", p->wordSize, low, high, failure) && within("readHeads", p->readHeads, low, heads, failure) &&
         within("writeHeads", p->writeHeads, low, heads, failure) && within("links", p->links, 0, low, failure) &&
         within("masking", p->masking, 0, low, failure) && within("deallocation", p->deallocation, 0, low, failure) &&
         within("sharpness", p->sharpness, 0, p->links, failure) &&
         within("groupCount", p->groupCount, p->training && p->loss == SOFTMAX_LOSS, p->outputSize, failure);
}

int checkSizes(const Plan *p, Failure *failure) {
  if (!checkChoices(p, failure) || !checkParts(p, failure)) return 0;
  const double PADDING = 64; // more than a panel of any instruction set
  double N = p->slots, W = p->wordSize, R = p->readHeads, K = p->writeHeads, h = p->hiddenSize, H = p->layers * h;
  double interfaceSize = W * (3 * K + R + p->masking * (K + R)) + 2 * R + 3 * K + R * (1 + 2 * K) + 2 * R * K;
  double carry = p->inputSize + R * W + H + 2 * PADDING, widest = p->inputSize + R * W + 2 * h + PADDING, gate = 4 * h + PADDING;
  double rows = (p->timeSteps + 1.0) * p->batchSize;
  double parameters = p->layers * (widest + 1) * gate + (H + 1) * interfaceSize + (H + R * W + 1) * p->outputSize;
  struct {
    const char *name;
    double value;
  } bounded[] = {
      {"timeSteps", rows},
      {"interface", interfaceSize + PADDING},
      {"hiddenSize", p->layers * gate},
      {"inputSize", carry},
      {"parameters", parameters},
      {"hiddenSize", widest * gate},
      {"memory", (N + PADDING) * (W + PADDING)},
      {"links", (N + PADDING) * (N + PADDING)},
      {"heads", (N + PADDING) * (4 + 3 * R) * (1 + K)},
      {"outputSize", p->outputSize + PADDING},
      {"batchSize", p->batchSize * (p->outputSize + carry + interfaceSize + p->layers * gate)},
  };
  for (size_t i = 0; i < sizeof(bounded) / sizeof(bounded[0]); i++)
    if (!(bounded[i].value <= MAX_SIZE))
      return fail(failure, RANGE_ERROR, "%s: expected at most %d numbers, got %.9g", bounded[i].name, MAX_SIZE, bounded[i].value);
  return 1;
}

int setShape(Plan *p, RunShape shape, Failure *failure) {
  if (!within("timeSteps", shape.timeSteps, 1, MAX_SIZE, failure) ||
      !within("batchSize", shape.batchSize, 1, MAX_SIZE, failure) ||
      !within("maxThreads", shape.maxThreads, 1, MAX_THREADS, failure) || !within("history", shape.history, 0, 1, failure) ||
      !within("training", shape.training, 0, shape.history, failure))
    return 0;
  p->timeSteps = (int)shape.timeSteps, p->batchSize = (int)shape.batchSize, p->maxThreads = (int)shape.maxThreads;
  p->history = (int)shape.history, p->training = (int)shape.training;
  return 1;
}

int hasSameLayout(const Plan *a, const Plan *b) {
  return a->timeSteps == b->timeSteps && a->batchSize == b->batchSize && a->maxThreads == b->maxThreads &&
         a->history == b->history && a->training == b->training && a->inputSize == b->inputSize &&
         a->outputSize == b->outputSize && a->controller == b->controller && a->layers == b->layers &&
         a->hiddenSize == b->hiddenSize && a->slots == b->slots && a->wordSize == b->wordSize && a->readHeads == b->readHeads &&
         a->writeHeads == b->writeHeads && a->masking == b->masking && a->deallocation == b->deallocation &&
         a->sharpness == b->sharpness && a->links == b->links && a->groupCount == b->groupCount &&
         a->optimizer == b->optimizer && a->keepsState == b->keepsState && a->historyLimit == b->historyLimit &&
         (a->momentum > 0) == (b->momentum > 0);
}

int writeGroupSizes(Plan *p, int offset, const int *from, Size length, Failure *failure) {
  if (offset != 0 || length != p->groupCount)
    return fail(failure, RANGE_ERROR, "groupSizes: expected %d numbers from 0 on, got %.0f from %d on", p->groupCount,
                (double)length, offset);
  if (length == 0) return 1;
  // Checked in a copy: another thread may write to `from` meanwhile.
  int *sizes = malloc(sizeof(int) * (size_t)length);
  if (!sizes) return fail(failure, RANGE_ERROR, "memory: expected some for %d groups, got none", p->groupCount);
  memcpy(sizes, from, sizeof(int) * (size_t)length);
  int remaining = p->outputSize, at = 0;
  for (; at < length && sizes[at] > 0 && sizes[at] <= remaining; at++) remaining -= sizes[at];
  if (at < length)
    fail(failure, RANGE_ERROR, "groupSizes: expected sizes above 0 whose sum is at most %d, got %d after %d", p->outputSize,
         sizes[at], p->outputSize - remaining);
  else memcpy(p->groupSizes, sizes, sizeof(int) * (size_t)length);
  free(sizes);
  return at == length;
}
