// Runs commands on a machine of our own making: each line of the input is a phase of it, whose commands all have the same times.
// Prints for each phase how many of its nanoseconds were of commands on all threads, and how many of those of trials.
// Input: nanoseconds of the phase, of a command on all threads and of one on fewer; whether commands on all threads are crowded;
// whether the system gives all threads.
#include "choice.h"
#include <stdio.h>

enum { MAX_THREADS = 2, BATCH_SIZE = 16, TIME_STEPS = 10 };

int main(void) {
  Choice choice = {0};
  double length, all, fewer;
  int isCrowded, hasAll;
  long long now = 1;
  while (scanf("%lf %lf %lf %d %d", &length, &all, &fewer, &isCrowded, &hasAll) == 5) {
    double onAll = 0, inTrials = 0;
    for (long long end = now + (long long)length; now < end;) {
      int isAll = chooseThreads(&choice, MAX_THREADS, BATCH_SIZE, now) == MAX_THREADS, isTrial = isProbe(&choice);
      double elapsed = isAll && hasAll ? all : fewer;
      now += (long long)elapsed;
      onAll += isAll ? elapsed : 0;
      inTrials += isTrial ? elapsed : 0;
      recordCommand(&choice, isAll && hasAll, elapsed, BATCH_SIZE * TIME_STEPS, isAll && isCrowded, now);
    }
    printf("%.3f %.3f\n", onAll / length, inTrials / length);
  }
  return 0;
}
