// Runs commands on a machine of our own making: each line of the input is a phase of it, whose commands all have the same times.
// Prints for each phase the share of its time that went to commands for which all threads were chosen, the share that went to trials,
// and its work beside that of fewer threads in the same time.
// Input: nanoseconds of the phase, of a command on all threads and of one on fewer; how many commands on all threads come from one
// that is crowded to the next, 0: none is; whether the system gives all threads; nanoseconds of every tenth command on all threads.
#include "choice.h"
#include <stdio.h>

enum { MAX_THREADS = 2, BATCH_SIZE = 16, TIME_STEPS = 10 };

int main(void) {
  Choice choice = {0};
  double length, all, fewer, tenth;
  int crowdedEvery, hasAll, count = 0;
  long long now = 1;
  while (scanf("%lf %lf %lf %d %d %lf", &length, &all, &fewer, &crowdedEvery, &hasAll, &tenth) == 6) {
    double onAll = 0, inTrials = 0, time = 0;
    int commands = 0;
    for (; time < length; commands++) {
      int isAll = chooseThreads(&choice, MAX_THREADS, BATCH_SIZE, now) == MAX_THREADS, isTrial = isProbe(&choice);
      double elapsed = !isAll || !hasAll ? fewer : commands % 10 == 9 ? tenth : all;
      now += (long long)elapsed;
      time += elapsed;
      onAll += isAll ? elapsed : 0;
      inTrials += isTrial ? elapsed : 0;
      int isCrowded = isAll && crowdedEvery > 0 && ++count % crowdedEvery == 0;
      recordCommand(&choice, isAll && hasAll, elapsed, BATCH_SIZE * TIME_STEPS, isCrowded, now);
    }
    printf("%.4f %.4f %.4f\n", onAll / time, inTrials / time, commands * fewer / time);
  }
  return 0;
}
