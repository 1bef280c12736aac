// Times the engine's matrix product on threads of their own: ./peak THREADS. Prints a JSON line per size, GFLOP/s of all threads.
#include "product.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SECONDS = 1 };
static const int SIZES[][3] = {{64, 256, 256}, {16, 256, 134}, {16, 1024, 522}}; // rows, columns, depth

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
  const int *size;
  double rate; // GFLOP/s, the best of many runs
} Job;

static float *numbers(size_t count) {
  float *at = aligned_alloc(64, (count + 32) * 4 / 64 * 64);
  for (size_t i = 0; i < count; i++) at[i] = 1e-3f * (float)(i % 7);
  return at;
}

static void *measure(void *given) {
  Job *job = given;
  int rows = job->size[0], columns = job->size[1], k = job->size[2];
  float *a = numbers((size_t)rows * k), *b = numbers((size_t)k * columns), *c = numbers((size_t)rows * columns);
  double flops = 2.0 * rows * columns * k, best = 1e9;
  int repeats = 1 + (int)(2e7 / flops);
  for (double end = now() + SECONDS; now() < end;) {
    double start = now();
    for (int i = 0; i < repeats; i++) product(c, columns, a, k, rows, b, k, 0, k, columns);
    double time = (now() - start) / repeats;
    if (time < best) best = time;
  }
  job->rate = flops / best / 1e9;
  free(a), free(b), free(c);
  return NULL;
}

int main(int argc, char **argv) {
  int threads = argc > 1 ? atoi(argv[1]) : 1;
  if (threads < 1 || threads > 64) return 2;
  for (size_t s = 0; s < sizeof(SIZES) / sizeof(SIZES[0]); s++) {
    pthread_t started[64];
    Job jobs[64];
    double rate = 0;
    for (int t = 0; t < threads; t++) {
      jobs[t] = (Job){SIZES[s], 0};
      if (pthread_create(&started[t], NULL, measure, &jobs[t])) return 1;
    }
    for (int t = 0; t < threads; t++) {
      pthread_join(started[t], NULL);
      rate += jobs[t].rate;
    }
    printf("{\"threads\":%d,\"size\":[%d,%d,%d],\"gflop_per_s\":%.1f}\n", threads, SIZES[s][0], SIZES[s][1], SIZES[s][2], rate);
  }
  return 0;
}
