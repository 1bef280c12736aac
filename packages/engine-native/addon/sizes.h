// Checks of the numbers that a plan is laid out from.
#pragma once
#include "network.h"

/** Largest integer of a plan, and bound of what is computed from several of them in 32 bits. */
enum { MAX_SIZE = 1 << 30 };

/** Fails if a number of the plan that chooses between code paths has a value that none belongs to. */
int checkChoices(const Plan *plan, Failure *failure);

/** Fails if the sizes do not describe a network, or if a product of them that the kernel computes in 32 bits is too large. */
int checkSizes(const Plan *plan, Failure *failure);

/** Writes a shape to the plan. */
int setShape(Plan *plan, RunShape shape, Failure *failure);

/** Whether two plans have the same layout if their shapes are the same. */
int hasSameLayout(const Plan *a, const Plan *b);

/** Copies sizes of groups to the plan: those of all groups, whose sum is at most the number of outputs. */
int writeGroupSizes(Plan *plan, int offset, const int *from, Size length, Failure *failure);
