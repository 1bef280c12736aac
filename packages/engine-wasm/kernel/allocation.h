// Allocation of one batch element and one write head: a[i] = n[i] * product of s[j] over all j before i, where
// n = C - C u, s = 1 - n, and free slots come first, of equal ones the lower index.
#pragma once
#include "vectors.h"

#define USAGE_SCALE (1.0f - 1e-6f)

/** n of a usage, rounded as the reference rounds it: that decides what is a tie. */
INLINE float freeOf(float usage) {
#pragma clang fp reassociate(off)
  float scaled = USAGE_SCALE * usage;
  return USAGE_SCALE - scaled;
}

/** s = 1 - n, from the rounded n: an empty slot's is far from exact, and its gradient is divided by it. */
INLINE float fullOf(float free) {
#pragma clang fp reassociate(off)
  float full = 1.0f - free;
  return full < 0x1p-24f ? 0x1p-24f : full; // a usage just below zero must not be divided by; not a number stays so
}

/** Sorts `order`, any permutation of the slots, best first; `free` is n. Nearly sorted is fast. */
static void sortSlots(int *order, const float *free, int slots) {
  for (int i = 1; i < slots; i++) {
    int slot = order[i], j = i;
    for (; j > 0; j--) {
      int other = order[j - 1];
      if (free[other] > free[slot] || (free[other] == free[slot] && other < slot)) break;
      order[j] = other;
    }
    order[j] = slot;
  }
}

/**
 * Products below this are zero. A few more factors and they would be denormal numbers, which processors compute slowly, and
 * with them everything that a write with such weights touches; WebAssembly cannot flush them.
 */
#define LEAST_PRODUCT 1e-20f

INLINE float nextProduct(float product, float free) {
  product *= fullOf(free);
  return product < LEAST_PRODUCT ? 0.0f : product;
}

static void allocationForward(float *allocation, int *order, const float *usage, float *free, int slots) {
  for (int n = 0; n < slots; n++) free[n] = freeOf(usage[n]);
  sortSlots(order, free, slots);
  float product = 1;
  for (int i = 0; i < slots; i++) {
    int slot = order[i];
    allocation[slot] = free[slot] * product;
    product = nextProduct(product, free[slot]);
  }
}

/** Adds to dUsage. */
static void allocationBackward(float *dUsage, const float *dAllocation, const float *allocation, const int *order,
                               const float *usage, float *products, int slots) {
  float product = 1;
  for (int i = 0; i < slots; i++) {
    products[i] = product;
    product = nextProduct(product, freeOf(usage[order[i]]));
  }
  float after = 0; // sum of da a over the slots ranked after this one
  for (int i = slots - 1; i >= 0; i--) {
    int slot = order[i];
    float full = fullOf(freeOf(usage[slot]));
    dUsage[slot] += USAGE_SCALE * (after / full - dAllocation[slot] * products[i]);
    after += dAllocation[slot] * allocation[slot];
  }
}
