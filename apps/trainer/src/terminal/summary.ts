import { relative } from "node:path";
import { visibleLine } from "@dnc/report";
import type { TrainResult } from "../run/train.js";
import { duration, percentage, rate } from "./format.js";

/** Gradient norm below which an unclipped gradient changes nothing in float32. */
const VANISHED = 1e-6;

/** Ratio to the loss of guessing that no untrained network reaches. */
const FAR_ABOVE = 2;

/** Facts about a run, for its summary. */
interface SummaryOptions {
  readonly iterations: number;
  readonly batchSize: number;
  readonly folder: string;
  readonly learningRate: number;
  /** Loss of guessing; undefined if unknown. */
  readonly guessing: number | undefined;
  /** Unit of the loss, such as `nats per sequence`. */
  readonly lossUnit: string;
}

/**
 * Summarizes a run in paragraphs: result, duration and folder.
 *
 * A network that has stopped learning is a warning, not an error, because the run is complete. A nonzero exit status
 * means that a run failed, not that it learned little.
 */
export function summary(
  result: TrainResult,
  { iterations, batchSize, folder, lossUnit, ...rest }: SummaryOptions,
): string[] {
  return [
    `${progressText(result, iterations)}.`,
    ...lossText(result, batchSize, lossUnit),
    ...warnings(result, rest),
    `The run is in ${visibleLine(folder)}, its weights in ${relative(folder, result.checkpoint)} there.`,
  ];
}

function progressText({ step, firstStep, seconds }: TrainResult, iterations: number): string {
  if (step === firstStep && step === iterations) return `Nothing left to do: the run has its ${step} iterations`;
  const done = step < iterations ? `Ended early, everything saved: ${step} of ${iterations}` : `Done: ${step}`;
  const now = firstStep > 0 ? `, ${step - firstStep} of them now,` : "";
  const speed = step > firstStep ? ` (${rate((step - firstStep) / seconds)})` : "";
  return `${done} iterations${now} in ${duration(seconds)}${speed}`;
}

function lossText({ firstReport: first, lastReport: last }: TrainResult, batchSize: number, unit: string): string[] {
  if (!first || !last) return [];
  const exact = `of the last ${last.iterations * batchSize} new sequences ${percentage(last.exact_match)} had no error`;
  if (first === last) return [`Mean loss ${last.loss.toFixed(4)} ${unit}; ${exact}.`];
  const verb = last.loss < first.loss ? "fell" : "rose";
  const change = `Loss ${verb} from ${first.loss.toFixed(4)} to ${last.loss.toFixed(4)} ${unit}`;
  const spans = `means of the first ${first.iterations} and the last ${last.iterations} iterations`;
  return [`${change} (${spans}); ${exact} (${percentage(first.exact_match)} at first).`];
}

/** Warns if the last report shows that the network has stopped learning: no gradient, or a loss far above that of guessing. */
function warnings(
  { lastReport: last }: TrainResult,
  { learningRate, guessing }: Pick<SummaryOptions, "learningRate" | "guessing">,
) {
  if (!last) return [];
  const { loss, gradient_norm: norm, exact_match: exactMatch } = last;
  const hasVanished = norm < VANISHED && exactMatch < 1;
  const isFarAbove = guessing !== undefined && loss > FAR_ABOVE * guessing;
  if (!hasVanished && !isFarAbove) return [];
  const gradient = `the gradient norm is ${norm === 0 ? 0 : norm.toPrecision(2)}`;
  const scores = guessing === undefined ? "" : `knowing nothing scores ${guessing.toFixed(4)} and `;
  const what = isFarAbove
    ? `${gradient}, and the loss is ${(loss / guessing).toFixed(1)} times that of knowing nothing (${guessing.toFixed(4)})`
    : `${gradient}, where ${scores}the loss is ${loss.toFixed(4)}`;
  const next = hasVanished
    ? "Continuing this run would change nothing: begin"
    : "If more iterations do not help, begin";
  const flags = `a smaller --learning_rate (it was ${learningRate}) or --max_grad_norm`;
  return [`Warning: the network has stopped learning: ${what}. ${next} another one, with ${flags}.`];
}
