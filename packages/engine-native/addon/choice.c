#include "choice.h"
#include "simd.h"

/** Least nanoseconds and commands of a window, whose mean time is compared with an earlier one. */
static const double WINDOW = 20e6;
enum { WINDOW_COMMANDS = 4 };
/** Fewer threads are tried if all take so much longer than in an earlier window, or than one command, in so many windows in a row, ... */
static const double LOSS = 1.5, LOSS_OF_ONE = 2.5;
enum { SLOW_WINDOWS = 2 };
/** ... or after so many crowded commands, each at most so many commands after the one before. */
enum { CROWDED = 3, CALM = 300 };

/** A trial ends if all threads are faster than fewer by this factor in a window, ... */
static const double GAIN = 0.95;
/** ... or slower by this factor over so many nanoseconds, ... */
static const double MUCH = 1.25, SHORT_TRIAL = 5e6;
/**
 * ... or after so many nanoseconds. All threads that are hardly slower than fewer may be on two CPUs of one core: the host of a virtual
 * machine, of which one CPU was idle, takes some tenths of a second to give each a core of its own again.
 */
static const double TRIAL = 500e6;
/** Shortest and longest time between trials, in nanoseconds, and how many times longer it is than what the last trial has lost. */
static const double SHORTEST = 30e6, LONGEST = 2e9, LOST = 10;
/** All threads must be taken for so long before the next trial comes soon again, in nanoseconds. */
static const double LASTING = 1e9;

int isProbe(const Choice *choice) { return choice->mode == PROBE; }

static void startWindow(Choice *choice) { choice->elapsed = choice->work = choice->commands = 0; }

static void enter(Choice *choice, int mode) {
  choice->mode = mode;
  choice->spent = choice->lost = 0;
  choice->slowWindows = choice->crowded = 0;
  startWindow(choice);
}

int chooseThreads(Choice *choice, int maxThreads, int batchSize, long long now) {
  if (maxThreads == 1) return 1;
  if (choice->mode == FEWER && now >= choice->next && choice->work > 0) {
    choice->fewerTime = choice->elapsed / choice->work;
    enter(choice, PROBE);
  }
  if (choice->mode != FEWER) return maxThreads;
  int elements = (batchSize + maxThreads - 1) / maxThreads + 1;
  return MAX(1, MIN(maxThreads - 1, (batchSize + elements - 1) / elements));
}

static double least(double known, double time) { return known > 0 ? MIN(known, time) : time; }

/** After a command on all threads, which are taken: whether they take longer than they did. */
static int isSlow(Choice *choice, double time) {
  choice->shortest = least(choice->shortest, time);
  if (choice->elapsed < WINDOW || choice->commands < WINDOW_COMMANDS) return 0;
  double mean = choice->elapsed / choice->work;
  choice->allTime = least(choice->allTime, mean);
  choice->slowWindows = mean > MIN(LOSS * choice->allTime, LOSS_OF_ONE * choice->shortest) ? choice->slowWindows + 1 : 0;
  startWindow(choice);
  return choice->slowWindows >= SLOW_WINDOWS;
}

/** After a command on all threads, which are taken: whether they have had to wait often. */
static int isOftenCrowded(Choice *choice, int isCrowded) {
  choice->calm = MIN(choice->calm + 1, CALM + 1);
  if (!isCrowded) return 0;
  choice->crowded = choice->calm <= CALM ? choice->crowded + 1 : 1;
  choice->calm = 0;
  return choice->crowded >= CROWDED;
}

/** Ends a trial. */
static void decide(Choice *choice, int mode, long long now) {
  choice->span = MAX(SHORTEST, MIN(LONGEST, 2 * choice->span));
  choice->next = now + (long long)MAX(choice->span, LOST * choice->lost);
  choice->trialEnd = now;
  choice->allTime = choice->work > 0 ? choice->elapsed / choice->work : 0;
  choice->shortest = 0;
  enter(choice, mode);
}

/** After a command of a trial. */
static void judge(Choice *choice, long long now) {
  double fewer = choice->fewerTime * choice->work;
  int isWindow = choice->elapsed >= WINDOW, isSlower = choice->elapsed >= SHORT_TRIAL && choice->elapsed > MUCH * fewer;
  if (!isWindow && !isSlower) return;
  choice->lost += MAX(0, choice->elapsed - fewer);
  if (isSlower || (choice->elapsed >= GAIN * fewer && choice->spent >= TRIAL)) decide(choice, FEWER, now);
  else if (choice->elapsed < GAIN * fewer) decide(choice, ALL, now);
  else startWindow(choice);
}

void recordCommand(Choice *choice, int onAll, double elapsed, double work, int isCrowded, long long now) {
  choice->spent += elapsed;
  if (!onAll && choice->mode != FEWER) { // the system gives no more threads
    if (choice->mode == PROBE && choice->spent >= TRIAL) decide(choice, FEWER, now);
    return;
  }
  choice->elapsed += elapsed;
  choice->work += work;
  choice->commands++;
  if (choice->mode == FEWER) return;
  if (choice->mode == PROBE) return judge(choice, now);
  int isLonger = isSlow(choice, elapsed / work), isDisturbed = isOftenCrowded(choice, isCrowded);
  if (!isLonger && !isDisturbed) return;
  if (now - choice->trialEnd > LASTING) choice->span = 0;
  choice->next = now + (long long)MAX(SHORTEST, choice->span);
  enter(choice, FEWER);
}
