/** Measures a network by its answers to all questions of a set. */
import type { Dnc, LstmNetwork } from "@dnc/core";
import type { CompleteTask, MetricName } from "@dnc/settings";
import { type AnswerErrors, answerErrors, isEpisodeTask } from "@dnc/tasks";
import { predict } from "@dnc/training";
import type { Measurement } from "./measurement.js";

/** How many of something there are in a sequence, and how many of them are wrong. */
type Counts = readonly [number, number];

const COUNTS = {
  "question error": ({ answers, wrongAnswers }: AnswerErrors): Counts => [answers, wrongAnswers],
  "word error": ({ words, wrongWords }: AnswerErrors): Counts => [words, wrongWords],
} as const;

/** A metric of answers: the fraction of questions, or of words of answers, that are wrong. */
export type AnswerMetric = keyof typeof COUNTS;

/** Whether a metric is one of answers. */
export function isAnswerMetric(metric: MetricName): metric is AnswerMetric {
  return metric in COUNTS;
}

/**
 * Answers all questions of a task's set.
 *
 * @param onBatch - called after each batch with the number of sequences so far.
 * @returns the fraction that is wrong. Its standard error takes the questions of a story as dependent on each other.
 */
export async function measureAnswers(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  metric: AnswerMetric,
  onBatch: (sequences: number) => void,
): Promise<Measurement> {
  if (task.everyBatch === undefined || isEpisodeTask(task))
    throw new TypeError(`${task.name}: expected a task with a set of questions`);
  const counts: Counts[] = [];
  for (const batch of task.everyBatch()) {
    const logits = await predict(network, batch);
    counts.push(...answerErrors(logits, batch, task).map(COUNTS[metric]));
    onBatch(counts.length);
  }
  return { ...ratioOf(counts), sequences: counts.length };
}

/** The ratio of two sums over sequences, with the standard error of a ratio of means. */
export function ratioOf(counts: readonly Counts[]): { readonly value: number; readonly error: number } {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = sum(counts.map(([count]) => count));
  const value = sum(counts.map(([, wrong]) => wrong)) / all;
  const squares = sum(counts.map(([count, wrong]) => (wrong - value * count) ** 2));
  const sequences = counts.length;
  return { value, error: Math.sqrt((squares * sequences) / (sequences - 1)) / all };
}
