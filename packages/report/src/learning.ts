import { type ChartFigure, chartFigure } from "./chart/chart-figure.js";
import type { Point } from "./chart/curve.js";
import { linearScale } from "./chart/scale.js";
import { formatMeasurement, formatNumber, formatPercentage } from "./format.js";
import { type Html, html } from "./html.js";
import { DEFAULT_LOSS_UNIT } from "./loss-unit.js";
import type { Metrics, MetricsRecord } from "./metrics.js";
import { sampleEvenly } from "./sample-evenly.js";

/** Maximum number of reports in the table next to the charts. */
const MAX_ROWS = 12;

/**
 * Renders the curves of a run, and a table of some of its reports.
 *
 * @param lossUnit - unit of the loss; default: nats per sequence.
 */
export function learningSection({ reports, error }: Metrics, lossUnit = DEFAULT_LOSS_UNIT): Html {
  const stopped =
    error === undefined ? undefined : html`<p class="alert"><strong>The run stopped:</strong> ${error}.</p>`;
  if (reports.length === 0) return html`${stopped}<p class="note">The run has not reported yet.</p>`;
  const percentages = linearScale(0, 1, (value) => `${Math.round(100 * value)}%`);
  const lessons = lessonsBegun(reports);
  const marks = lessons.map(({ lesson, began }) => ({ x: began, label: String(lesson) }));
  return html`${stopped}
${chart(reports, "loss", { title: "Loss", unit: lossUnit, format: formatMeasurement, size: "large", marks })}
<div class="charts">
${chart(reports, "exact_match", { title: "Exact match", unit: "sequences without an error", format: formatPercentage, size: "small", scale: percentages, marks })}
${chart(reports, "gradient_norm", { title: "Gradient norm", unit: "before clipping", format: formatMeasurement, size: "small", marks })}
</div>
${lessonsNote(lessons)}<details><summary>The numbers</summary>${numbersTable(reports)}</details>`;
}

/** A lesson that began during the run. */
type BegunLesson = { readonly lesson: number; readonly began: number };

/** Lists the lessons after the first of which there are reports, in order. */
function lessonsBegun(reports: readonly MetricsRecord[]): readonly BegunLesson[] {
  return reports.flatMap(({ step, lesson, lesson_began: began }, index): BegunLesson[] => {
    const before = reports[index - 1]?.lesson ?? 1;
    if (lesson === undefined || began === undefined) return [];
    return lesson > before && began >= 0 && began < step ? [{ lesson, began }] : [];
  });
}

function lessonsNote(lessons: readonly BegunLesson[]): Html | undefined {
  if (lessons.length === 0) return undefined;
  const texts = lessons.map(({ lesson, began }) => `lesson ${lesson} from iteration ${formatNumber(began)}`);
  return html`<p class="note">The task became harder at the dashed lines: ${texts.join(", ")}.</p>
`;
}

/** Renders the chart of a quantity; undefined if no report has it. */
function chart(
  reports: readonly MetricsRecord[],
  quantity: "loss" | "exact_match" | "gradient_norm",
  figure: Omit<ChartFigure, "series">,
): Html | undefined {
  const points = reports.flatMap(({ step, [quantity]: value }): Point[] =>
    value === undefined ? [] : [{ x: step, y: value }],
  );
  return points.length === 0 ? undefined : chartFigure({ ...figure, series: [{ name: figure.title, points }] });
}

function numbersTable(reports: readonly MetricsRecord[]): Html {
  const rows = sampleEvenly(reports, MAX_ROWS).map(
    ({ step, loss, exact_match, gradient_norm }) =>
      html`<tr><th scope="row">${formatNumber(step)}</th>${cell(loss, formatMeasurement)}${cell(exact_match, formatPercentage)}${cell(gradient_norm, formatMeasurement)}</tr>
`,
  );
  return html`<div class="scroll"><table class="list">
<thead><tr><th scope="col">Iteration</th><th scope="col" class="number">Loss</th><th scope="col" class="number">Exact match</th><th scope="col" class="number">Gradient norm</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

function cell(value: number | undefined, format: (value: number) => string): Html {
  return html`<td class="number">${value === undefined ? "\u2013" : format(value)}</td>`;
}
