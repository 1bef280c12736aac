import { formatDuration, formatMeasurement, formatNumber, formatPercentage } from "./format.js";
import { type Content, type Html, html, time } from "./html.js";
import { DEFAULT_LOSS_UNIT } from "./loss-unit.js";
import type { MetricsRecord } from "./metrics.js";
import type { RunReport, TrainingFacts } from "./run-report.js";

/** Renders the head of the page: the last report in large figures, and facts about the run. */
export function summary({ task, network, training = {}, checkpoint, folder, metrics }: RunReport): Html {
  const last = metrics?.reports.at(-1);
  const facts: readonly (readonly [string, Content])[] = [
    ["Task", task],
    ["Network", network],
    ["Trained", trainedFact(training)],
    ["Weights", checkpoint && html`${checkpoint.name}, after ${formatNumber(checkpoint.step)} iterations`],
    ["Folder", folder === undefined ? undefined : html`<code>${folder}</code>`],
  ];
  const list = facts.map(([label, content]) => content !== undefined && html`<dt>${label}</dt><dd>${content}</dd>`);
  return html`${last && figures(last, training)}<dl class="facts">${list}</dl>`;
}

/** Describes the training; undefined if nothing is known. */
function trainedFact({ began, backend, seed, batchSize }: TrainingFacts): Content {
  const parts: readonly Content[] = [
    began && time(began),
    backend === undefined ? undefined : `backend ${backend}`,
    seed === undefined ? undefined : `seed ${seed}`,
    batchSize === undefined ? undefined : `${batchSize} sequences per iteration`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.map((part, index) => [index > 0 ? ", " : "", part]);
}

function figures(
  last: MetricsRecord,
  { batchSize, iterations: planned, lossUnit = DEFAULT_LOSS_UNIT }: TrainingFacts,
): Html {
  const { step, loss, exact_match: exactMatch, iterations, seconds } = last;
  const rest = planned !== undefined && step < planned ? ` of ${formatNumber(planned)}` : "";
  const numbers: readonly (readonly [string, string | undefined])[] = [
    ["exact match", exactMatch === undefined ? undefined : formatPercentage(exactMatch)],
    [`loss, ${lossUnit}`, formatMeasurement(loss)],
    ["iterations", `${formatNumber(step)}${rest}`],
    ["training time", seconds === undefined ? undefined : formatDuration(seconds)],
  ];
  const list = numbers.map(
    ([label, value]) => value !== undefined && html`<div><dt>${label}</dt><dd>${value}</dd></div>`,
  );
  return html`${lede(step, exactMatch, batchSize && iterations && batchSize * iterations)}<dl class="figures">${list}</dl>
`;
}

function lede(step: number, exactMatch: number | undefined, sequences: number | undefined): Html | undefined {
  if (exactMatch === undefined || sequences === undefined) return undefined;
  return html`<p class="lede">After ${formatNumber(step)} iterations, ${formatPercentage(exactMatch)} of the last ${formatNumber(sequences)} new sequences had no error.</p>
`;
}
