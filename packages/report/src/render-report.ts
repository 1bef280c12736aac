import { accuracyTable, hasTrainedSizes } from "./accuracy-map.js";
import { drawBoards } from "./block-boards.js";
import { checkpointTable } from "./checkpoints.js";
import { configTable } from "./config-table.js";
import { formatNumber } from "./format.js";
import { drawGraph } from "./graph/graph-picture.js";
import { commandCode, type Html, html } from "./html.js";
import { learningSection } from "./learning.js";
import { page, section } from "./page/page.js";
import { paletteKey } from "./page/palette-key.js";
import type { BlockSequence, RunReport, SequenceGraph } from "./run-report.js";
import { markedSample, type Sample } from "./samples.js";
import { summary } from "./summary.js";
import { timeline } from "./timeline/timeline.js";

/**
 * Renders a run as one self-contained HTML page.
 *
 *     const metrics = parseMetrics(await readFile("runs/a/metrics.jsonl", "utf8"));
 *     await writeFile("report.html", renderReport({ title: "Repeat copy", metrics }));
 *
 * The page loads nothing, and is complete without its script, which shows values under the pointer and saves charts as SVG
 * and CSV. Everything that comes from the report is escaped, and the page's policy permits no other script.
 *
 * @param report - contents of the page; only the title is required.
 * @returns the text of the page.
 * @throws RangeError if the data of a trace do not fit their shape.
 */
export function renderReport(report: RunReport): string {
  const { title, checkpoint, generated } = report;
  const tab = `${title}${checkpoint ? `, step ${checkpoint.step}` : ""}: a DNC run`;
  return page({ tab, title, head: summary(report), sections: sections(report), generated });
}

function sections({ training, checkpoint, metrics, samples, accuracy, trace, ...rest }: RunReport): Html[] {
  const { graphs, boards, memorySize, checkpoints, config } = rest;
  const resized = memorySize === undefined ? "" : `, with ${memorySize} memory slots`;
  const command = training?.command;
  const all = [
    metrics && section("Learning", undefined, learningSection(metrics, training?.lossUnit)),
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
        html`<figure data-file="accuracy-by-size">${accuracyTable(accuracy)}<p class="files"><span class="save"></span></p></figure>`,
      ),
    graphs &&
      section(
        "Graphs",
        html`Graphs of new sequences, and walks that the network was asked for${resized}: solid where it found them.`,
        graphFigures(graphs),
      ),
    boards &&
      section(
        "Boards",
        html`New episodes${resized}: the goals, then the board before and after each action of the network, with how many constraints of the chosen goal hold. \u201c1>2\u201d moves the top block of column 1 onto column 2, \u201c!\u201d is a move that the board does not allow.`,
        boardFigures(boards),
      ),
    trace &&
      section(
        "The memory at work",
        html`One new sequence${inParentheses(trace.description, resized)}, step by step. Colours run from low to high ${paletteKey("sequential")}, in the memory itself from negative to positive ${paletteKey("diverging")}.`,
        timeline(trace),
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

function graphFigures(graphs: readonly SequenceGraph[]): Html {
  const figures = graphs.map(
    ({ caption, picture, answer }, index) =>
      html`<figure data-file="graph-${index + 1}"><figcaption>${caption}</figcaption>${drawGraph(picture)}<pre tabindex="0">${answer}</pre><p class="files"><span class="save"></span></p></figure>
`,
  );
  return html`<div class="graphs">
${figures}</div>`;
}

function boardFigures(boards: readonly BlockSequence[]): Html {
  const figures = boards.map(
    ({ goals, frames }, index) =>
      html`<figure data-file="boards-${index + 1}"><pre tabindex="0">${goals.join("\n")}</pre>${drawBoards(frames, { title: `Boards: ${goals.join("; ")}` })}<p class="files"><span class="save"></span></p></figure>
`,
  );
  return html`<div class="boards">
${figures}</div>`;
}

function inParentheses(description: string | undefined, resized: string): string {
  const text = `${description ?? ""}${resized}`.replace(/^, /, "");
  return text === "" ? "" : ` (${text})`;
}
