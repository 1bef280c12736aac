// Which instruction sets this binary has, and which of them the machine supports.
#include "kernels.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#define DECLARE(set)                              \
  double layout_##set(Plan *, double);            \
  int run_##set(const Plan *, int, int, int);     \
  void fail_##set(int *);                         \
  void clearGradients_##set(const Plan *);
#define KERNEL(set, isSupported) {#set, isSupported, layout_##set, run_##set, fail_##set, clearGradients_##set}

#if defined(__x86_64__)
DECLARE(avx512)
DECLARE(avx2)

/** State that the operating system saves when it switches threads: XCR0. 0 if it cannot be asked. */
static unsigned savedState(void) {
  enum { OSXSAVE = 1 << 27 };
  unsigned a, b, c, d, high;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE)) return 0;
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(high) : "c"(0));
  return a;
}

static int hasAvx2(void) {
  enum { FMA = 1 << 12, AVX2 = 1 << 5, SSE_AND_AVX = 0x6 };
  unsigned a, b, c, d;
  if ((savedState() & SSE_AND_AVX) != SSE_AND_AVX) return 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & FMA)) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & AVX2);
}

static int hasAvx512(void) {
  enum { SSE_AVX_AND_AVX512 = 0xe6 };
  const unsigned needed = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; // F, DQ, BW, VL
  unsigned a, b, c, d;
  if (!hasAvx2() || (savedState() & SSE_AVX_AND_AVX512) != SSE_AVX_AND_AVX512) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & needed) == needed;
}

const Kernel KERNELS[] = {KERNEL(avx512, hasAvx512), KERNEL(avx2, hasAvx2), {0}};

#elif defined(__aarch64__)
DECLARE(neon)

static int hasNeon(void) { return 1; } // every 64-bit ARM has it

const Kernel KERNELS[] = {KERNEL(neon, hasNeon), {0}};
#else
#error "The native engine is for x86-64 and 64-bit ARM."
#endif
