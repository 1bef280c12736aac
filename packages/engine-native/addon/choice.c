#include "choice.h"
#include "simd.h"

/** Nanoseconds and commands of a window, whose mean time is compared with an earlier one. */
static const long long WINDOW = 20000000;
enum { COMMANDS = 4 };
/** Fewer threads are tried if all take so much longer than they once did, in so many windows, or are crowded for so many nanoseconds. */
static const double LOSS = 1.5;
enum { SLOW_WINDOWS = 2 };
static const long long CROWDED = 1000000000;
/** All threads must be faster than fewer by this factor. */
static const double GAIN = 0.95;
/** A trial is over after so many nanoseconds and commands if all threads are much slower than fewer, ... */
static const long long SHORT_TRIAL = 5000000;
enum { TRIAL_COMMANDS = 3 };
/**
 * ... or after so many nanoseconds if they are hardly slower. Then their CPUs may be two of one core: the host of a virtual machine, of
 * which one CPU was idle, takes some tenths of a second to give each a core of its own again.
 */
static const long long TRIAL = 500000000;
/** Shortest and longest time between trials, in nanoseconds. */
static const long long SHORTEST = 30000000, LONGEST = 2000000000;
/** All threads must be taken for so long before the next trial comes soon again, in nanoseconds. */
static const long long LASTING = 1000000000;

int isProbe(const Choice *choice) { return choice->mode == PROBE; }

static void startWindow(Choice *choice) { choice->elapsed = choice->work = choice->commands = 0; }

static void enter(Choice *choice, int mode, long long now) {
  choice->mode = mode;
  choice->start = now;
  choice->slowWindows = 0;
  startWindow(choice);
}

int chooseThreads(Choice *choice, int maxThreads, int batchSize, long long now) {
  if (maxThreads == 1) return 1;
  if (choice->mode == FEWER && now >= choice->next && choice->fewerTime > 0) enter(choice, PROBE, now);
  if (choice->mode != FEWER) return maxThreads;
  int elements = (batchSize + maxThreads - 1) / maxThreads + 1;
  return MAX(1, MIN(maxThreads - 1, (batchSize + elements - 1) / elements));
}

static void keepBest(double *best, double time) { *best = *best > 0 ? MIN(*best, time) : time; }

/** After a command on all threads, which are taken: whether fewer should be tried. */
static int isSlow(Choice *choice, long long now) {
  if (choice->elapsed < WINDOW || choice->commands < COMMANDS) return 0;
  double mean = choice->elapsed / choice->work;
  keepBest(&choice->allTime, mean);
  choice->slowWindows = mean > LOSS * choice->allTime ? choice->slowWindows + 1 : 0;
  startWindow(choice);
  return choice->slowWindows >= SLOW_WINDOWS || now - choice->start > CROWDED;
}

/** Ends a trial. */
static void decide(Choice *choice, int mode, long long now) {
  choice->span = MAX(SHORTEST, MIN(LONGEST, 2 * choice->span));
  choice->next = now + choice->span;
  choice->trialEnd = now;
  choice->allTime = choice->work > 0 ? choice->elapsed / choice->work : 0;
  choice->fewerTime = 0;
  enter(choice, mode, now);
}

/** After a command of a trial. */
static void judge(Choice *choice, long long now) {
  double fewer = choice->fewerTime * choice->work;
  if (choice->commands < TRIAL_COMMANDS || choice->elapsed < SHORT_TRIAL) return;
  if (choice->elapsed > LOSS * fewer) return decide(choice, FEWER, now);
  if (choice->elapsed < WINDOW) return;
  if (choice->elapsed < GAIN * fewer) decide(choice, ALL, now);
  else if (now - choice->start >= TRIAL) decide(choice, FEWER, now);
  else startWindow(choice);
}

void recordCommand(Choice *choice, int onAll, double elapsed, double work, int isCrowded, long long now) {
  if (choice->mode == FEWER) return keepBest(&choice->fewerTime, elapsed / work);
  if (!onAll) { // the pool was busy, or the system gives no more threads
    if (choice->mode == PROBE && now - choice->start >= TRIAL) decide(choice, FEWER, now);
    return;
  }
  choice->elapsed += elapsed;
  choice->work += work;
  choice->commands++;
  if (choice->mode == PROBE) return judge(choice, now);
  if (!isCrowded || choice->start == 0) choice->start = now;
  if (!isSlow(choice, now)) return;
  if (now - choice->trialEnd > LASTING) choice->span = 0;
  choice->next = now + MAX(SHORTEST, choice->span);
  enter(choice, FEWER, now);
}
