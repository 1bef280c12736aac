import { formatDuration, formatPercentage, formatRate, type MetricsRecord } from "@dnc/report";
import { element } from "../dom.js";
import { panel } from "../drawing/panel.js";
import { formatNumber } from "../trace/describe-step.js";
import { Curve } from "./curve.js";
import type { Learning } from "./learning.js";

/** Most reports in the table; it has the newest ones. */
const TABLE_ROWS = 200;

/** Shows how far a training is: curves, the last values in words, a sample, and the reports as a table. */
export class LearningDisplay {
  readonly element: HTMLElement;
  readonly #logarithmic = element("input", { type: "checkbox", onchange: () => this.#scaleLoss() });
  readonly #loss = new Curve(
    { title: "Loss", names: ["between reports", "report"], format: formatNumber },
    element("label", { class: "log-scale" }, this.#logarithmic, " logarithmic"),
  );
  readonly #exactMatch = new Curve({
    ...{ title: "Exact match: sequences without an error", names: ["between reports", "report"] },
    ...{ format: (value) => formatPercentage(value).replace(".0%", "%"), range: [0, 1] as const },
  });
  readonly #readings = element("p", { class: "learn-readings" });
  readonly #bar = element("progress", { class: "learn-progress", "aria-label": "Progress", hidden: true });
  readonly #alert = element("p", { class: "learn-error", role: "alert", hidden: true });
  readonly #sample = element("pre", {
    class: "learn-sample",
    tabindex: 0,
    "aria-label": "A sequence of the last report",
  });
  readonly #samplePanel: HTMLElement;
  readonly #rows = element("tbody", {});
  readonly #table: HTMLElement;
  readonly #curves: HTMLElement;
  #learning: Learning = { name: "", reports: [] };
  #shownReports: readonly MetricsRecord[] | undefined;

  constructor() {
    this.#samplePanel = panel(
      {
        title: "A new sequence",
        note: "What the network made of it at the last report, in the form of the task.",
        name: "learn-sample-panel",
      },
      this.#sample,
    );
    const heads = ["iteration", "loss", "exact match", "gradient norm", "time"];
    this.#table = element(
      ...(["details", { class: "learn-table panel" }] as const),
      element("summary", {}, "The reports as numbers"),
      element(
        "div",
        { class: "learn-table-scroll", tabindex: 0, role: "region", "aria-label": "Reports" },
        element(
          "table",
          {},
          element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
          this.#rows,
        ),
      ),
    );
    const note = "Means since the last report; thin: over few iterations each.";
    this.#curves = panel(
      { title: "Curves", note, name: "learn-curves" },
      ...[this.#bar, this.#readings, this.#alert, this.#loss.element, this.#exactMatch.element],
    );
    this.element = element("div", { class: "learn-display" }, this.#curves, this.#samplePanel, this.#table);
    this.show(this.#learning);
  }

  show(learning: Learning): void {
    this.#learning = learning;
    const { name, reports, error, sample, iterations } = learning;
    (this.#curves.firstElementChild as HTMLElement).textContent = name === "" ? "Curves" : `Curves of ${name}`;
    const last = learning.progress ?? reports.at(-1);
    this.#readings.textContent = last
      ? readings(last, learning)
      : name === ""
        ? "Nothing is trained or followed yet. Start a training, or open a run that trains: dnc inspect FOLDER."
        : "No report yet.";
    for (const curve of [this.#loss, this.#exactMatch]) curve.element.hidden = name === "";
    this.#bar.hidden = iterations === undefined || last === undefined;
    if (iterations !== undefined) this.#bar.max = iterations;
    this.#bar.value = last?.step ?? 0;
    this.#alert.hidden = error === undefined;
    this.#alert.textContent = error === undefined ? "" : `The run has ended: ${error}.`;
    this.#samplePanel.hidden = sample === undefined;
    const text = sample?.trim() ?? "";
    if (this.#sample.textContent !== text) this.#sample.textContent = text;
    this.#showCurves();
    this.#showTable();
  }

  #showCurves(): void {
    const { reports, between = [], iterations } = this.#learning;
    const isPositive = [...reports, ...between].every(({ loss }) => loss > 0);
    this.#logarithmic.disabled = !isPositive;
    this.#scaleLoss();
    const merged = mergedPoints(this.#learning);
    const curve = (name: "loss" | "exactMatch") => ({
      steps: merged.map(({ step }) => step),
      values: [
        merged.map((point) => point.between?.[name] ?? null),
        merged.map((point) => point.report?.[name] ?? null),
      ],
    });
    this.#loss.show(curve("loss"), {
      iterations,
      description: description("Loss", reports, ({ loss }) => formatNumber(loss)),
    });
    const exactMatch = ({ exact_match: value }: MetricsRecord) =>
      value === undefined ? "unknown" : formatPercentage(value);
    this.#exactMatch.show(curve("exactMatch"), {
      iterations,
      description: description("Exact match", reports, exactMatch),
    });
  }

  #scaleLoss(): void {
    this.#loss.isLogarithmic = this.#logarithmic.checked && !this.#logarithmic.disabled;
  }

  #showTable(): void {
    const { reports } = this.#learning;
    this.#table.hidden = reports.length === 0;
    if (reports === this.#shownReports) return;
    this.#shownReports = reports;
    this.#rows.replaceChildren(
      ...reports
        .slice(-TABLE_ROWS)
        .reverse()
        .map((report) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, String(report.step)),
            ...[
              formatNumber(report.loss),
              report.exact_match === undefined ? "" : formatPercentage(report.exact_match),
              report.gradient_norm === undefined ? "" : formatNumber(report.gradient_norm),
              report.seconds === undefined ? "" : formatDuration(report.seconds),
            ].map((text) => element("td", {}, text)),
          ),
        ),
    );
  }
}

interface MergedPoint {
  readonly step: number;
  readonly report?: { readonly loss: number; readonly exactMatch: number | undefined } | undefined;
  readonly between?: { readonly loss: number; readonly exactMatch: number } | undefined;
}

/** Reports and what is between them, by iteration. */
function mergedPoints({ reports, between = [] }: Learning): readonly MergedPoint[] {
  const points = new Map<number, MergedPoint>();
  for (const { step, loss, exactMatch } of between) points.set(step, { step, between: { loss, exactMatch } });
  for (const { step, loss, exact_match } of reports)
    points.set(step, { ...points.get(step), step, report: { loss, exactMatch: exact_match } });
  return [...points.values()].sort((a, b) => a.step - b.step);
}

/** The last values in words. */
function readings(last: MetricsRecord, { iterations, learningRate }: Learning): string {
  const { step, loss, exact_match, iterations_per_second: rate, seconds, lesson } = last;
  const of = iterations === undefined ? "" : ` of ${iterations.toLocaleString("en")}`;
  return [
    `Iteration ${step.toLocaleString("en")}${of}`,
    ...(lesson === undefined ? [] : [`lesson ${lesson}`]),
    `loss ${formatNumber(loss)}`,
    ...(exact_match === undefined ? [] : [`exact match ${formatPercentage(exact_match)}`]),
    ...(rate === undefined ? [] : [formatRate(rate)]),
    ...(seconds === undefined ? [] : [formatDuration(seconds)]),
    ...(learningRate === undefined ? [] : [`learning rate ${formatNumber(learningRate)}`]),
  ].join(" · ");
}

function description(
  what: string,
  reports: readonly MetricsRecord[],
  value: (report: MetricsRecord) => string,
): string {
  const [first, last] = [reports[0], reports.at(-1)];
  if (!first || !last) return `${what}: no report yet`;
  const ends = `${value(first)} at iteration ${first.step}`;
  return reports.length === 1
    ? `${what}: ${ends}`
    : `${what}: from ${ends} to ${value(last)} at iteration ${last.step}`;
}
