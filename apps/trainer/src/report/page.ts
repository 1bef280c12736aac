import type { Settings } from "../flags.js";
import { duration, percentage } from "../format.js";
import { describeSequences } from "../model.js";
import type { NamedPicture } from "../pictures/trace-pictures.js";
import { type AccuracyMap, mapTable } from "./accuracy-map.js";
import { type CheckpointEntry, checkpointTable } from "./checkpoints.js";
import { configTable, trainCommand } from "./config-table.js";
import { type Content, commandCode, Html, html, time } from "./html.js";
import { learningSection } from "./learning.js";
import type { Metrics } from "./metrics.js";
import { grouped, measured } from "./numbers.js";
import { paletteKey, pictureFigures } from "./picture-figures.js";
import { markedSample, type Sample } from "./samples.js";
import { STYLE } from "./style.js";

/** All that the page of a run shows. */
export interface RunReport {
  /** The folder, as it was given. */
  readonly run: string;
  /** What the run was trained with. */
  readonly settings: Settings;
  /** When it began. */
  readonly began: Date;
  /** The network in a line. */
  readonly model: string;
  /** Of the checkpoint that computes the map and the pictures. */
  readonly checkpoint: string;
  readonly step: number;
  /** Slots that map and pictures were computed with. */
  readonly memorySize: number;
  readonly metrics: Metrics;
  readonly samples: readonly Sample[];
  readonly map: AccuracyMap;
  /** The sequence of the pictures in a line. */
  readonly sequence: string;
  readonly pictures: readonly NamedPicture[];
  readonly checkpoints: readonly CheckpointEntry[];
  readonly made: { readonly at: Date; readonly command: string; readonly backend: string };
}

/** No script, nothing from elsewhere: a browser enforces it. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** One run on one page of HTML, which needs nothing else. */
export function runPage(report: RunReport): string {
  const { settings, map, memorySize, made } = report;
  const task = sentenceCase(settings.task);
  const resized = memorySize === settings.memory_size ? "" : `, with ${memorySize} slots of memory`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${task}, step ${report.step}: a DNC run</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<p class="over">Differentiable Neural Computer</p>
<h1>${task}</h1>
${summary(report)}
</header>
<main>
${section("Learning", undefined, learningSection(report.metrics))}
${section("Samples", "Fresh sequences along the way: time runs from left to right, \u201c-\u201d is a zero. Wrong bits are marked.", samples(report.samples))}
${section(
  "How far it reaches",
  html`Each cell shows how many of ${map.sequences} fresh sequences of exactly that size come out without a wrong bit${resized}. The network was trained on the sizes inside the outline <span class="key"></span>; it has met no other.`,
  mapTable(map, settings),
)}
${section(
  "Its memory at work",
  html`One fresh sequence (${report.sequence}${resized}), step by step. Colours run from least to most ${paletteKey("sequential")}, in the memory itself from negative to positive ${paletteKey("diverging")}.`,
  pictureFigures(report.pictures),
)}
${section("Checkpoints", undefined, checkpointTable(report.checkpoints, report.checkpoint))}
${section("Configuration", html`As ${commandCode(trainCommand(settings))} trains it. Values other than the defaults are bold.`, configTable(settings))}
</main>
<footer><p>Made by ${commandCode(made.command)} on ${time(made.at)} with the backend ${made.backend}.</p></footer>
</body>
</html>
`.toString();
}

function summary({ run, settings, began, model, checkpoint, step, metrics }: RunReport): Html {
  const last = metrics.reports.at(-1);
  const facts: readonly (readonly [string, Content])[] = [
    ["Task", describeSequences(settings).replace(/^[^:]*: /, "")],
    ["Network", model],
    [
      "Trained",
      html`${time(began)}, backend ${settings.backend}${seed(settings)}, ${settings.batch_size} sequences an iteration`,
    ],
    ["Weights", html`${checkpoint}, after ${grouped(step)} iterations`],
    ["Folder", html`<code>${run}</code>`],
  ];
  const list = facts.map(([label, content]) => html`<dt>${label}</dt><dd>${content}</dd>`);
  return html`${last && figures(last, settings)}<dl class="facts">${list}</dl>`;
}

function figures(last: Metrics["reports"][number], settings: Settings): Html {
  const done = last.step < settings.num_training_iterations ? ` of ${grouped(settings.num_training_iterations)}` : "";
  const numbers: readonly (readonly [string, string])[] = [
    ["sequences solved", percentage(last.exact_match)],
    ["loss, nats a sequence", measured(last.loss)],
    ["iterations", `${grouped(last.step)}${done}`],
    ["of training", duration(last.seconds)],
  ];
  const sequences = grouped(last.iterations * settings.batch_size);
  return html`<p class="lede">After ${grouped(last.step)} iterations ${percentage(last.exact_match)} of the last ${sequences} fresh sequences came out without a wrong bit.</p>
<dl class="figures">${numbers.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
`;
}

function section(title: string, intro: Content, content: Content): Html {
  return html`<section>
<h2>${title}</h2>
${intro && html`<p>${intro}</p>`}
${content}
</section>`;
}

function samples(all: readonly Sample[]): Html {
  if (all.length === 0) return html`<p class="note">There are none.</p>`;
  const figures = all.map(
    ({ step, text }) =>
      html`<figure><figcaption>Iteration ${grouped(step)}</figcaption><pre tabindex="0">${markedSample(text)}</pre></figure>
`,
  );
  return html`<div class="samples">
${figures}</div>`;
}

function seed({ seed: value }: Settings): string {
  return value === undefined ? "" : `, seed ${value}`;
}

/** `Repeat copy` for `repeat-copy`. */
function sentenceCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
}
