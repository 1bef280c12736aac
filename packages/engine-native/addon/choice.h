// How many threads a network's next command runs on. On a machine that has other work, threads wait for the one that does not
// get a CPU, and fewer threads can be faster than all. While commands take about as long as they once did, all threads are taken.
// Otherwise both are tried, and the faster one is taken until the next trial. Results do not depend on it.
#pragma once

typedef struct {
  enum { ALL, FEWER, PROBE } mode;
  double allTime, fewerTime; // of a unit of work since the last trial, in nanoseconds: the least mean on all threads, the least on fewer
  double elapsed, work;      // sums over the latest commands on all threads, whose mean is to be compared next
  int commands, slowWindows; // their number; windows in a row that took long
  long long start;           // of the mode, or in mode ALL of the crowded commands in a row, in nanoseconds
  long long trialEnd;        // end of the last trial, in nanoseconds
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
 * @param elapsed - the nanoseconds that it took.
 * @param work - time steps of all batch elements.
 * @param isCrowded - whether a thread had to wait for long.
 */
void recordCommand(Choice *choice, int onAll, double elapsed, double work, int isCrowded, long long now);
