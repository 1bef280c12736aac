#include "choice.h"
#include "simd.h"

/** Crowded commands in a row before fewer threads are tried, and commands of a trial of all threads, at least. */
enum { CROWDED_COMMANDS = 8, PROBES = 3 };
/**
 * How long a trial lasts if all threads are not faster at once, in nanoseconds: a CPU that was idle takes some time to reach its speed,
 * and the system, or that of a virtual machine's host, to give each thread a core of its own.
 */
static const long long TRIAL = 20000000;
/** Shortest and longest time between trials, in nanoseconds. */
static const long long SHORTEST = 30000000, LONGEST = 2000000000;
/** All threads must be taken for so long before the next trial comes soon again, in nanoseconds. */
static const long long LASTING = 1000000000;
/** All threads must be faster by this factor. */
static const double GAIN = 0.95;

int isProbe(const Choice *choice) { return choice->mode == PROBE; }

int chooseThreads(Choice *choice, int maxThreads, int batchSize, long long now) {
  if (maxThreads == 1 || choice->mode == ALL) return maxThreads;
  if (choice->mode == FEWER && now >= choice->next && choice->fewerTime > 0) {
    choice->mode = PROBE;
    choice->probes = PROBES;
    choice->trialEnd = now + TRIAL;
    choice->allTime = 0;
  }
  if (choice->mode == PROBE) return maxThreads;
  int elements = (batchSize + maxThreads - 1) / maxThreads + 1;
  return MAX(1, MIN(maxThreads - 1, (batchSize + elements - 1) / elements));
}

static void keepBest(double *best, double time) { *best = *best > 0 ? MIN(*best, time) : time; }

void recordCommand(Choice *choice, int onAll, double time, int isCrowded, long long now) {
  if (choice->mode == ALL) {
    if (!onAll) return; // the pool was busy
    choice->crowded = isCrowded ? choice->crowded + 1 : 0;
    if (choice->crowded < CROWDED_COMMANDS) return;
    choice->mode = FEWER;
    choice->fewerTime = 0;
    if (now - choice->since > LASTING) choice->span = 0;
    choice->next = now + MAX(SHORTEST, choice->span);
  } else if (choice->mode == FEWER) {
    keepBest(&choice->fewerTime, time);
  } else if (onAll) {
    keepBest(&choice->allTime, time);
    int wasBest = choice->allTime < GAIN * choice->fewerTime;
    if (--choice->probes > 0 || (!wasBest && now < choice->trialEnd)) return;
    choice->mode = wasBest ? ALL : FEWER;
    choice->crowded = 0;
    choice->span = MAX(SHORTEST, MIN(LONGEST, 2 * choice->span));
    choice->since = now;
    choice->next = wasBest ? now : now + choice->span;
    choice->fewerTime = wasBest ? choice->fewerTime : 0;
  }
}
