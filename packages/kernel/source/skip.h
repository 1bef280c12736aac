// Steps that are not run, because the input mask is 0: the state stays as it was, and so does its gradient.
#pragma once
#include "step.h"

/** Copies links and memory over a step, unless they are in the same place before and after it. */
static void keepLinksAndMemory(const Plan *p, const StepArrays *s) {
  if (s->memory == s->oldMemory) return;
  Size N = p->slots, heads = p->links ? p->writeHeads : 0;
  copy(s->memory, s->oldMemory, N * p->wordSize);
  copy(s->link, s->oldLink, heads * N * N);
}

/** Copies the state of batch element b over step t. */
static void keepState(const Plan *p, int t, int b) {
  Size B = p->batchSize;
  Size N = p->slots, R = p->readHeads, K = p->writeHeads, heads = p->links ? K : 0;
  Size before = stateAt(p, t) * B + b, after = stateAt(p, t + 1) * B + b;
  StepArrays s = stepArrays(p, t, b, 1);
  // Words read and hidden units are one range.
  copy(s.words, p->carried + before * p->carryPad + p->inputSize, p->readSize + p->hiddenAll);
  copy(p->cell + after * p->hiddenAll, p->cell + before * p->hiddenAll, p->hiddenAll);
  keepLinksAndMemory(p, &s);
  copy(s.usage, s.oldUsage, N);
  copy(s.norms, s.oldNorms, N);
  copy(s.precedence, s.oldPrecedence, heads * N);
  copy(s.writeWeights, s.oldWriteWeights, K * N);
  copy(s.readWeights, s.oldReadWeights, R * N);
  startOrder(p, &s);
}

/** Passes the gradients of words and hidden units on to step t - 1; those of the other parts of the state stay in place. */
static void skipBackward(const Plan *p, int t, int b) {
  Size B = p->batchSize;
  int size = p->readSize + p->hiddenAll;
  Size at = (Size)b * p->carryPad + p->inputSize;
  float *d = carriedGradient(p, t + 1) + at;
  axpy(carriedGradient(p, t) + at, 1.0f, d, size);
  fill(d, 0, size);
  fill(p->dLogits + (t * B + b) * p->outPad, 0, p->outPad);
  fill(p->interface + (t * B + b) * p->interfacePad, 0, p->interfacePad);
}
