// How many threads a network's next command runs on. On a machine that has other work, threads wait for the one that does not
// get a CPU, and fewer threads can be faster than all. While commands take about as long as they once did, all threads are taken.
// Otherwise both are tried, and the faster one is taken until the next trial. Results do not depend on it.
#pragma once

typedef struct {
  enum { ALL, FEWER, PROBE } mode;
  double allTime, fewerTime; // mean times of a unit of work since the last trial, in nanoseconds: the least on all threads; on fewer
  double shortest;           // the same of one command on all threads
  double elapsed, work;      // sums over the latest commands, whose mean is to be compared next
  int commands, slowWindows; // their number; windows in a row that took long
  int crowded, calm;         // crowded commands that came soon after each other; commands since the last one
  double spent, lost;        // nanoseconds in the mode; those that all threads have taken longer than fewer would have, in a trial
  double span;               // how long after the last trial the next one comes at least, in nanoseconds
  long long trialEnd, next;  // time of the end of the last trial and of the next one, in nanoseconds
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
 * @param isCrowded - whether a thread that yielded has lost its CPU for long.
 */
void recordCommand(Choice *choice, int onAll, double elapsed, double work, int isCrowded, long long now);
