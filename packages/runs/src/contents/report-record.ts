import { stepName } from "@dnc/checkpoint";
import type { TrainingReport } from "@dnc/training";

/** A line of metrics.jsonl: a report, with means over the iterations since the previous one. */
export type ReportRecord = {
  /** Iterations since the run began. */
  readonly step: number;
  /** In nats per sequence, for the built-in tasks. */
  readonly loss: number;
  /** Fraction of sequences without a wrong bit. */
  readonly exact_match: number;
  /** Fraction of the held-out sequences without a wrong bit; absent unless the run measures it. */
  readonly held_out_exact_match?: number | undefined;
  /** With lessons: number of that of the last iteration, from 1. */
  readonly lesson?: number | undefined;
  /** With lessons: iterations after which it began. */
  readonly lesson_began?: number | undefined;
  /** Global norm of the gradients before clipping. */
  readonly gradient_norm: number;
  /** Iterations since the previous report. */
  readonly iterations: number;
  /** Speed of the process that wrote the report. */
  readonly iterations_per_second: number;
  /** Training time since the run began. */
  readonly seconds: number;
  /** Path of the sample inside the run's folder. */
  readonly sample: string;
};

/**
 * Converts a report to a line of metrics.jsonl, except for its sample.
 *
 * @param report - The argument of `onReport`.
 * @param heldOut - Exact match on the held-out sequences, from 0 to 1; default: it is not measured.
 * @returns The record, in the order of the line.
 */
export function reportRecord(report: TrainingReport, heldOut?: number): Omit<ReportRecord, "sample"> {
  return {
    step: report.step,
    loss: report.loss,
    exact_match: report.exactMatch,
    ...(heldOut === undefined ? {} : { held_out_exact_match: heldOut }),
    ...(report.lesson === undefined ? {} : { lesson: report.lesson.number, lesson_began: report.lesson.began }),
    gradient_norm: report.gradientNorm,
    iterations: report.iterations,
    iterations_per_second: report.iterationsPerSecond,
    seconds: report.seconds,
  };
}

/**
 * Returns the path of a report's sample inside the run's folder.
 *
 * @param step - Iterations since the run began.
 * @returns Path such as `samples/step-00000100.txt`.
 */
export function samplePath(step: number): string {
  return `samples/${stepName(step)}.txt`;
}
