import { joinSteps, locationChart } from "@dnc/report";
import { element, svg } from "../dom.js";
import { panel } from "../drawing/panel.js";
import { pictureName, savePng, saveSvg } from "../drawing/save-picture.js";
import type { Part, Watched } from "./watched.js";

/** Width of the chart in pixels. */
const WIDTH = 1120;

/** Where the heads write and read over the whole sequence, in one picture; a click goes to a step. */
export function summaryPanel(watched: Watched): Part {
  const { view, trace, playback } = watched;
  const chart = parseChart(chartOf(watched, true));
  const plot = chart.querySelector('[data-part="plot"]') as SVGRectElement;
  const [left, width] = [plot.x.baseVal.value, plot.width.baseVal.value];
  const column = width / trace.timeSteps;
  const now = svg("rect", {
    class: "now",
    x: left,
    y: plot.y.baseVal.value,
    width: column,
    height: plot.height.baseVal.value,
  });
  chart.append(now);
  const scroll = element("div", { class: "summary-chart", tabindex: 0, role: "group", "aria-label": "Chart" }, chart);
  chart.addEventListener("click", (event) => {
    const box = plot.getBoundingClientRect();
    const step = Math.floor(((event.clientX - box.left) / box.width) * trace.timeSteps);
    if (step < 0 || step >= trace.timeSteps) return;
    playback.pause();
    playback.seek(step);
  });
  const name = pictureName(view.title, "locations");
  const problem = element("p", { class: "note", role: "status" });
  const save = (label: string, action: () => void | Promise<void>) =>
    element("button", { type: "button", onclick: () => run(action, problem) }, label);
  const buttons = element(
    ...(["p", { class: "summary-buttons" }] as const),
    save("Save as SVG", () => saveSvg(name, chartOf(watched, false))),
    save("Save as PNG", () => savePng(name, chartOf(watched, false))),
  );
  const note = "The whole sequence in one picture, as in Figure 3 of the paper. Click a time step to go there.";
  return {
    element: panel({ title: TITLE, note, name: "summary" }, scroll, buttons, problem),
    showStep(step) {
      now.setAttribute("x", String(left + step * column));
    },
  };
}

const TITLE = "Where the heads write and read";

function chartOf({ view }: Watched, inPage: boolean): string {
  const { phases, stepLabels: labels, title, trace } = view;
  const heading = inPage ? title : `${TITLE}. ${title}`;
  return locationChart(trace, { title: heading, phases: phases && joinSteps(phases), labels, width: WIDTH, inPage });
}

function parseChart(text: string): SVGSVGElement {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  return document.importNode(parsed.documentElement as unknown as SVGSVGElement, true);
}

async function run(action: () => void | Promise<void>, problem: HTMLElement): Promise<void> {
  problem.textContent = "";
  try {
    await action();
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
  }
}
