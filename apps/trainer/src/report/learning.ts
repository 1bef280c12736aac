import { percentage } from "../format.js";
import type { Point } from "./curve.js";
import { type Html, html } from "./html.js";
import { lineChart } from "./line-chart.js";
import type { Metrics, MetricsReport } from "./metrics.js";
import { grouped, measured } from "./numbers.js";
import { spread } from "./samples.js";
import { linearScale, type Scale, scaleFor } from "./scale.js";

/** So many reports stand in the table beside the curves. */
const ROWS = 12;

/** The curves of a run, and some of their numbers. */
export function learningSection({ reports, error }: Metrics): Html {
  const stopped =
    error === undefined ? undefined : html`<p class="alert"><strong>The run stopped:</strong> ${error}.</p>`;
  if (reports.length === 0) return html`${stopped}<p class="note">The run has not reported yet.</p>`;
  const shares = linearScale(0, 1, (value) => `${Math.round(100 * value)}%`);
  return html`${stopped}
${chart(reports, "Loss", "nats a sequence", "loss", measured, "large")}
<div class="charts">
${chart(reports, "Sequences solved", "share without a wrong bit", "exact_match", percentage, "small", shares)}
${chart(reports, "Gradient norm", "before clipping", "gradient_norm", measured, "small")}
</div>
<details><summary>The numbers</summary>${numbersTable(reports)}</details>`;
}

function chart(
  reports: readonly MetricsReport[],
  name: string,
  unit: string,
  quantity: "loss" | "exact_match" | "gradient_norm",
  shown: (value: number) => string,
  look: "large" | "small",
  scale?: Scale,
): Html {
  const points: Point[] = reports.map((report) => ({ x: report.step, y: report[quantity] }));
  const values = points.map(({ y }) => y);
  const [first, last] = [points[0], points[points.length - 1]];
  const description = `${name} by iteration: ${shown(first.y)} at ${first.x}, ${shown(last.y)} at ${last.x}`;
  return lineChart({ title: name, unit, description, points, scale: scale ?? scaleFor(values), look });
}

function numbersTable(reports: readonly MetricsReport[]): Html {
  const rows = spread(reports, ROWS).map(
    ({ step, loss, exact_match, gradient_norm }) =>
      html`<tr><th scope="row">${grouped(step)}</th><td class="number">${measured(loss)}</td><td class="number">${percentage(exact_match)}</td><td class="number">${measured(gradient_norm)}</td></tr>
`,
  );
  return html`<div class="scroll"><table class="list">
<thead><tr><th scope="col">Iteration</th><th scope="col" class="number">Loss</th><th scope="col" class="number">Solved</th><th scope="col" class="number">Gradient norm</th></tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}
