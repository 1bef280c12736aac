// Allocation weighting of one write head: a[i] = free[i] * product of full[j] over all slots j ranked before i, with
// free = E - E u, full = 1 - free, E = 1 - 1e-6. Slots are ranked by free, descending; ties go to the lower index.
#pragma once
#include "vectors.h"

#define USAGE_SCALE (1.0f - 1e-6f)

/** Returns E - E usage, rounded exactly like the reference: the rounding decides which slots tie. */
INLINE float freeOf(float usage) {
  float scaled = USAGE_SCALE * usage;
  return USAGE_SCALE - scaled;
}

/**
 * Returns 1 - free. For an empty slot the result has few correct digits, and the backward pass divides by it: forward and
 * backward pass must both compute it from the same rounded `free`.
 */
INLINE float fullOf(float free) {
  float full = 1.0f - free;
  return full < 0x1p-24f ? 0x1p-24f : full; // above zero even for a usage slightly below zero; NaN stays NaN
}

/** Sorts `order`, a permutation of the slots, by rank. Insertion sort: fast if `order` is nearly sorted already. */
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
 * Products below this become zero. After a few more factors they would be denormal numbers, which CPUs compute slowly, and
 * so would everything that such a write touches; WebAssembly has no flush-to-zero mode.
 */
#define MIN_PRODUCT 1e-20f

INLINE float nextProduct(float product, float free) {
  product *= fullOf(free);
  return product < MIN_PRODUCT ? 0.0f : product;
}

/** Sorts `order` and writes `allocation` and `free`. On entry `order` is any permutation of the slots. */
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

/** Adds the gradient to dUsage. `products` is scratch. */
static void allocationBackward(float *dUsage, const float *dAllocation, const float *allocation, const int *order,
                               const float *usage, float *products, int slots) {
  float product = 1;
  for (int i = 0; i < slots; i++) {
    products[i] = product;
    product = nextProduct(product, freeOf(usage[order[i]]));
  }
  float after = 0; // sum of da a over the slots ranked after slot i
  for (int i = slots - 1; i >= 0; i--) {
    int slot = order[i];
    float full = fullOf(freeOf(usage[slot]));
    dUsage[slot] += USAGE_SCALE * (after / full - dAllocation[slot] * products[i]);
    after += dAllocation[slot] * allocation[slot];
  }
}
