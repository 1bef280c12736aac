// How many threads a network's next command runs on. On a machine that has other work, threads wait for the one that does not
// get a CPU, and fewer threads can be faster than all. While no thread has had to wait for long, all of them are taken.
// Otherwise both are tried, and the faster one is taken until the next trial. Results do not depend on it.
#pragma once

typedef struct {
  enum { ALL, FEWER, PROBE } mode;
  double allTime, fewerTime; // best time of a command per batch element and time step, in nanoseconds, since the last trial
  int crowded;               // commands in a row that were crowded
  int probes;                // commands of the trial of all threads that are still to come
  long long trialEnd;        // when a trial that has not shown a gain is over, in nanoseconds
  long long since;           // end of the last trial, in nanoseconds
  long long next, span;      // time of the next trial, and how long after the last one, in nanoseconds
} Choice;

/** Chooses the number of threads of a command: `maxThreads`, or as many as finish with one more batch element each. */
int chooseThreads(Choice *choice, int maxThreads, int batchSize, long long now);

/** Whether the command that was chosen last is a trial of all threads. */
int isProbe(const Choice *choice);

/**
 * Records a command.
 *
 * @param onAll - whether it ran on all threads.
 * @param time - what it took per batch element and time step.
 * @param isCrowded - whether a thread had to wait for long.
 */
void recordCommand(Choice *choice, int onAll, double time, int isCrowded, long long now);
