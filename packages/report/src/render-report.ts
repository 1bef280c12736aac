import { accuracyTable, hasTrainedSizes } from "./accuracy-map.js";
import { checkpointTable } from "./checkpoints.js";
import { configTable } from "./config-table.js";
import { formatNumber } from "./format.js";
import { type Content, commandCode, Html, html, time } from "./html.js";
import { imageFigures, paletteKey } from "./image-figures.js";
import { sequenceHeatmaps } from "./images/sequence-heatmaps.js";
import { traceHeatmaps } from "./images/trace-heatmaps.js";
import { learningSection } from "./learning.js";
import type { RunReport } from "./run-report.js";
import { markedSample, type Sample } from "./samples.js";
import { STYLE } from "./style.js";
import { summary } from "./summary.js";

/** Content security policy: no scripts, and nothing is loaded from elsewhere. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/**
 * Renders a run as one self-contained HTML page.
 *
 *     const metrics = parseMetrics(await readFile("runs/a/metrics.jsonl", "utf8"));
 *     await writeFile("report.html", renderReport({ title: "Repeat copy", metrics }));
 *
 * The page runs no script and loads nothing. Everything that comes from the report is escaped.
 *
 * @param report - contents of the page; only the title is required.
 * @returns the text of the page.
 * @throws TypeError or RangeError as for `traceHeatmaps`, if the trace lacks a quantity or its data do not fit their
 *   shape.
 */
export function renderReport(report: RunReport): string {
  const { title, checkpoint } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}${checkpoint && `, step ${checkpoint.step}`}: a DNC run</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<p class="over">Differentiable Neural Computer</p>
<h1>${title}</h1>
${summary(report)}
</header>
<main>
${sections(report)}</main>
${footer(report)}
</body>
</html>
`.toString();
}

function sections({ training, checkpoint, metrics, samples, accuracy, trace, ...rest }: RunReport): Html[] {
  const { memorySize, checkpoints, config } = rest;
  const resized = memorySize === undefined ? "" : `, with ${memorySize} memory slots`;
  const command = training?.command;
  const all = [
    metrics && section("Learning", undefined, learningSection(metrics)),
    samples &&
      section(
        "Samples",
        "New sequences at some of the reports: time runs from left to right, \u201c-\u201d is a zero. Errors are marked.",
        sampleFigures(samples),
      ),
    accuracy &&
      section(
        "Accuracy by size",
        html`Each cell is the percentage of ${accuracy.sequences} new sequences of exactly that size that have no error${resized}.${hasTrainedSizes(accuracy) && html` The network was trained only on the sizes inside the outline <span class="key"></span>.`}`,
        accuracyTable(accuracy),
      ),
    trace &&
      section(
        "The memory at work",
        html`One new sequence${inParentheses(trace.description, resized)}, step by step. Colours run from low to high ${paletteKey("sequential")}, in the memory itself from negative to positive ${paletteKey("diverging")}.`,
        imageFigures([...sequenceHeatmaps(trace.data, trace.labels), ...traceHeatmaps(trace.data, { cell: 1 })]),
      ),
    checkpoints && section("Checkpoints", undefined, checkpointTable(checkpoints, checkpoint?.name)),
    config &&
      section(
        "Configuration",
        command !== undefined &&
          html`As ${commandCode(command)} trains it. Values that differ from the defaults are bold.`,
        configTable(config),
      ),
  ];
  return all.filter((each) => each !== undefined);
}

function section(title: string, intro: Content, content: Content): Html {
  return html`<section>
<h2>${title}</h2>
${intro && html`<p>${intro}</p>`}
${content}
</section>
`;
}

function sampleFigures(samples: readonly Sample[]): Html {
  if (samples.length === 0) return html`<p class="note">The run has no samples.</p>`;
  const figures = samples.map(
    ({ step, text }) =>
      html`<figure><figcaption>Iteration ${formatNumber(step)}</figcaption><pre tabindex="0">${markedSample(text)}</pre></figure>
`,
  );
  return html`<div class="samples">
${figures}</div>`;
}

function inParentheses(description: string | undefined, resized: string): string {
  const text = `${description ?? ""}${resized}`.replace(/^, /, "");
  return text === "" ? "" : ` (${text})`;
}

function footer({ generated }: RunReport): Html | undefined {
  if (!generated) return undefined;
  const { at, command, backend } = generated;
  return html`<footer><p>Made${command !== undefined && html` by ${commandCode(command)}`} on ${time(at)}${backend !== undefined && html` with the backend ${backend}`}.</p></footer>`;
}
