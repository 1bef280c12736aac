import { relative } from "node:path";
import { duration, percentage, rate } from "./format.js";
import type { Outcome } from "./train.js";
import { visibleLine } from "./visible.js";

/** What was learned, how long it took and where the run lies: a paragraph each. */
export function summary(
  outcome: Outcome,
  { iterations, batch, folder }: { iterations: number; batch: number; folder: string },
): string[] {
  return [
    `${work(outcome, iterations)}.`,
    ...learned(outcome, batch),
    `The run is in ${visibleLine(folder)}, its weights in ${relative(folder, outcome.checkpoint)} there.`,
  ];
}

function work({ step, before, seconds }: Outcome, iterations: number): string {
  if (step === before && step === iterations) return `Nothing left to do: the run has its ${step} iterations`;
  const done = step < iterations ? `Ended early, everything kept: ${step} of ${iterations}` : `Done: ${step}`;
  const now = before > 0 ? `, ${step - before} of them now,` : "";
  const speed = step > before ? ` (${rate((step - before) / seconds)})` : "";
  return `${done} iterations${now} in ${duration(seconds)}${speed}`;
}

function learned({ firstReport: first, lastReport: last }: Outcome, batch: number): string[] {
  if (!first || !last) return [];
  const solved = `of the last ${last.iterations * batch} fresh sequences ${percentage(last.solved)} had no error`;
  if (first === last) return [`Mean loss ${last.loss.toFixed(4)} nats a sequence; ${solved}.`];
  const verb = last.loss < first.loss ? "fell" : "rose";
  const change = `Loss ${verb} from ${first.loss.toFixed(4)} to ${last.loss.toFixed(4)} nats a sequence`;
  const spans = `means of the first ${first.iterations} and the last ${last.iterations} iterations`;
  return [`${change} (${spans}); ${solved} (${percentage(first.solved)} at first).`];
}
