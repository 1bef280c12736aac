import { element, svg } from "../dom.js";
import { graphFigure } from "../drawing/graph-figure.js";
import { HeatMap } from "../drawing/heat-map.js";
import { rowLabels } from "../drawing/row-labels.js";
import { formatNumber } from "../trace/describe-step.js";
import { correctness } from "../trace/errors.js";
import type { SequenceView } from "../trace/sequence-view.js";
import { SequenceTrace } from "../trace/trace.js";
import { wordAnswers } from "./word-answers.js";

/** Steps above which their columns are so narrow that outlines would cover them. */
const MANY = 60;

/** An answer with its name. */
export interface NamedAnswer {
  readonly title: string;
  readonly view: SequenceView;
}

/** Draws answers one above the other: as graphs, words or bits. What is right comes first. */
export function answerFigures(answers: readonly NamedAnswer[]): readonly HTMLElement[] {
  const [first] = answers;
  if (!first) return [];
  if (first.view.graph) return answers.map(({ title, view }) => figure(title, graphFigure(view)));
  if (first.view.reading === "symbols" && (first.view.groupSizes?.length ?? 1) === 1)
    return answers.map(({ title, view }) => figure(title, wordAnswers(view)));
  const target = first.view.withoutTargets ? [] : [figure("What is right", heatMap(first.view, "target"))];
  return [...target, ...answers.map(({ title, view }) => figure(title, heatMap(view, "output")))];
}

function figure(title: string, content: HTMLElement): HTMLElement {
  return element("figure", { class: "answer" }, element("figcaption", {}, title), content);
}

/** The steps that count, a column each; wrong cells are outlined. */
function heatMap(view: SequenceView, name: "target" | "output"): HTMLElement {
  const trace = new SequenceTrace(view.trace);
  const isCounted = (step: number) => view.withoutTargets || (trace.at("mask", step)[0] ?? 0) > 0;
  const steps = Array.from({ length: trace.timeSteps }, (_, step) => step).filter(isCounted);
  const [rows = 0] = trace.shape(name);
  const labels = view.labels?.targets;
  const said = element("p", { class: "cell-text", "aria-live": "polite" });
  const map = new HeatMap({
    ...{ title: name === "target" ? "What is right" : "The answer", rows, columns: steps.length, range: [0, 1] },
    onPoint: (cell) => {
      const value = cell && trace.at(name, steps[cell.column] as number)[cell.row];
      const label = cell && (labels?.[cell.row] ?? `channel ${cell.row}`);
      said.textContent =
        value === undefined ? "" : `${label}, step ${steps[cell?.column ?? 0]}: ${formatNumber(value)}`;
    },
  });
  map.draw(
    Float32Array.from({ length: rows * steps.length }, (_, index) => {
      const step = steps[index % steps.length] as number;
      return trace.at(name, step)[Math.floor(index / steps.length)] as number;
    }),
  );
  if (name === "output" && !view.withoutTargets)
    for (const { step, channel } of correctness(trace, view).wrong)
      map.overlay.append(svg("rect", { class: "wrong", x: steps.indexOf(step), y: channel, width: 1, height: 1 }));
  const names = Array.from({ length: rows }, (_, row) => labels?.[row] ?? String(row));
  const shown = element("div", { class: "labels", "aria-hidden": "true" }, ...rowLabels(names));
  const frame = element("div", { class: `answer-map${steps.length > MANY ? " many" : ""}` }, shown, map.element, said);
  frame.style.setProperty("--rows", String(rows));
  frame.style.setProperty("--columns", String(steps.length));
  return frame;
}
