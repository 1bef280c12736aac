/** Opens the pages of `@dnc/report` in a browser: their script, their files, and their width. */
import { beforeAll, describe, expect, it } from "vitest";
import { renderComparison, renderReport, renderSweep } from "../../packages/report/dist/index.js";
import { hasBrowser, runInPage } from "./browser.mjs";

const [TIME, SLOTS] = [5, 4];

/** Creates a quantity of one sequence from a function of time step and place. */
function quantity(shape, valueAt) {
  const size = shape.reduce((product, each) => product * each, 1);
  const data = Array.from({ length: TIME * size }, (_, index) => valueAt(Math.floor(index / size), index % size));
  return { shape: [TIME, 1, ...shape], data };
}

/** A network that writes one slot after the other, from the last. */
const trace = {
  quantities: {
    observations: quantity([2], (step, channel) => (step === 0 && channel === 1 ? 1 : 0)),
    mask: quantity([], (step) => (step > 2 ? 1 : 0)),
    memory: quantity([SLOTS, 3], (step, place) => step - place),
    usage: quantity([SLOTS], (step, slot) => (step + slot) / 10),
    writeWeights: quantity([1, SLOTS], (step, slot) => (slot === SLOTS - 1 - step ? 0.75 : 0)),
    link: quantity([1, SLOTS, SLOTS], (step, place) => (place === 1 ? step / 8 : 0)),
  },
};
const reports = [1, 2, 3].map((at) => ({ step: 100 * at, loss: 4 / at, exact_match: at / 4, seconds: at }));
const page = renderReport({
  title: "A run",
  metrics: { reports },
  accuracy: { columns: { name: "length", sizes: [1, 2], trained: [1, 1] }, exactMatch: [[1, 0.5]], sequences: 4 },
  trace: { data: trace, labels: { inputs: ["bit 1", "start"] } },
  config: [{ name: "a_setting", value: "a-value".repeat(20), description: "a meaning of many words ".repeat(9) }],
});
const comparison = renderComparison({
  runs: [1, 2, 3].map((seed) => ({
    name: `runs/a-folder-with-a-long-name-${seed}`,
    seed,
    metrics: { reports: reports.map((report) => ({ ...report, loss: report.loss * seed })) },
    config: [{ name: "masking", value: seed > 2 }],
  })),
});

/** Three learning rates: the loss of the middle one is the lowest. */
const sweep = renderSweep({
  settings: [{ name: "learning_rate", kind: "logarithmic" }],
  metric: { name: "loss" },
  runs: [1e-4, 1e-3, 1e-2].map((learning_rate, index) => ({
    ...{ name: `run ${index}`, seed: 1, settings: { learning_rate }, status: "finished" },
    metrics: { reports: reports.map((report) => ({ ...report, loss: [9, 1, 5][index] })) },
  })),
});

/** Opens the pages at two widths, points at values, and saves every file. */
const SCRIPT = `
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const open = async (src, width) => {
    const frame = document.createElement("iframe");
    frame.style.cssText = "border:0;height:900px;width:" + width + "px";
    frame.src = src;
    document.body.append(frame);
    while (!frame.contentDocument?.querySelector("html.scripted")) await wait(20);
    return frame.contentDocument;
  };
  const found = {};
  for (const [name, src] of [["run", "/run.html"], ["comparison", "/comparison.html"], ["sweep", "/sweep.html"]])
    for (const width of [390, 1280]) {
      const page = await open(src, width);
      found[name + width] = page.documentElement.scrollWidth;
    }
  const swept = await open("/sweep.html", 1280);
  const lines = swept.querySelector("[data-lines]");
  const type = (key) => lines.dispatchEvent(new swept.defaultView.KeyboardEvent("keydown", { key, cancelable: true }));
  const chosen = () => [swept.querySelector(".tip").textContent, ...[...lines.querySelectorAll("path.on")].map((path) => path.dataset.line)];
  for (const key of ["ArrowDown", "ArrowDown"]) type(key);
  found.lineByKey = chosen();
  type("Escape");
  found.lineHidden = swept.querySelector(".tip").hidden && lines.querySelectorAll("path.on").length === 0;
  lines.scrollIntoView({ block: "center" });
  const end = lines.querySelector("circle[data-part]:last-of-type").getBoundingClientRect();
  lines.dispatchEvent(new swept.defaultView.PointerEvent("pointermove", { clientX: end.left + 4, clientY: end.top + 4 }));
  found.lineByPointer = chosen();
  const page = await open("/run.html", 1280);
  const find = (selector) => page.querySelector(selector);
  const at = (element, x, y) => {
    element.scrollIntoView({ block: "center" });
    const box = element.getBoundingClientRect();
    const place = { bubbles: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    element.dispatchEvent(new page.defaultView.PointerEvent("pointermove", place));
    return find(".tip").textContent;
  };
  const write = find('[data-file="write-weighting"] .cells');
  found.pointer = at(write, 0.5, 0.6);
  found.panel = find(".now .step b").textContent;
  found.link = at(find(".now .cells"), 0.9, 0.7);
  write.focus();
  const press = (key) => page.activeElement.dispatchEvent(new page.defaultView.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  press("ArrowLeft");
  found.key = find(".tip").textContent;
  press("Escape");
  found.hidden = find(".tip").hidden;
  found.curve = at(find('[data-file="loss"] .plot'), 0.7, 0.5);
  const saved = [];
  swept.defaultView.URL.createObjectURL = (blob) => { saved.push(blob); return "data:,"; };
  swept.querySelector(".parallel .save button").click();
  found.parallel = await saved.pop().text();
  page.defaultView.URL.createObjectURL = (blob) => { saved.push(blob); return "data:,"; };
  found.files = {};
  for (const figure of page.querySelectorAll("[data-file]"))
    for (const button of figure.querySelectorAll(".save button")) {
      button.click();
      found.files[figure.dataset.file + "." + button.textContent.toLowerCase()] = await saved.pop().text();
    }
  document.title = JSON.stringify(found);
`;

describe.skipIf(!hasBrowser)("a page of a report (needs a browser; apt-get install chromium)", () => {
  let found;

  beforeAll(async () => {
    const title = await runInPage(SCRIPT, {
      files: { "/run.html": page, "/comparison.html": comparison, "/sweep.html": sweep },
    });
    if (!title.startsWith("{")) throw new Error(title);
    found = JSON.parse(title);
  });

  it("fits a phone and a wide window", () => {
    expect(Math.max(found.run390, found.comparison390, found.sweep390)).toBeLessThanOrEqual(390);
    expect(Math.max(found.run1280, found.comparison1280, found.sweep1280)).toBeLessThanOrEqual(1280);
  });

  it("shows the value under the pointer, and the links of its time step", () => {
    expect(found.pointer).toBe("Write weighting\nslot 1 \u00b7 step 2, bits\n0.75");
    expect(found.panel).toBe("step 2, bits");
    expect(found.link).toBe("Link matrix, step 2\nslot 1 after slot 0\n0");
    expect(found.curve).toMatch(/^iteration 200\n2$/);
  });

  it("shows values by keys", () => {
    expect(found.key).toBe("Write weighting\nslot 1 \u00b7 step 1, bits\n0");
    expect(found.hidden).toBe(true);
  });

  it("shows a run of parallel coordinates by keys and under the pointer", () => {
    const [worst, best] = ["run 2\nlearning_rate: 0.01\nloss: 5", "run 1\nlearning_rate: 0.001\nloss: 1"];
    expect(found.lineByKey).toEqual([worst, worst]);
    expect(found.lineHidden).toBe(true);
    expect(found.lineByPointer).toEqual([best, best]);
    expect(found.parallel).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>$/);
    expect(found.parallel, "colours of a page in a file").not.toContain("var(");
  });

  it("saves every chart as CSV and SVG", () => {
    const { files } = found;
    expect(files["loss.csv"]).toBe("iteration,Loss\n100,4\n200,2\n300,1.33333\n");
    expect(files["usage.csv"]).toBe(
      [
        ',"step 0, start","step 1, bits","step 2, bits","step 3, output","step 4, output"',
        "slot 3,0.3,0.4,0.5,0.6,0.7",
        "slot 2,0.2,0.3,0.4,0.5,0.6",
        "slot 1,0.1,0.2,0.3,0.4,0.5",
        "slot 0,0,0.1,0.2,0.3,0.4\n",
      ].join("\n"),
    );
    expect(files["accuracy-by-size.csv"]).toBe("length,1,2\nexact match,1,0.5\n");
    for (const name of [
      "locations.svg",
      "write-weighting.svg",
      "link-matrix.svg",
      "memory.svg",
      "accuracy-by-size.svg",
    ]) {
      expect(files[name], name).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>$/);
      expect(files[name], name).toContain("<rect");
    }
    expect(files["locations.svg"], "colours of a page in a file").not.toContain("var(");
    expect(files["locations.svg"]).toContain('fill="#0d6b73"');
    // Four written slots, each in one step.
    expect(files["write-weighting.svg"].match(/fill="#5[0-9a-f]c[0-9a-f]{3}"/g)).toHaveLength(SLOTS);
  });
});
