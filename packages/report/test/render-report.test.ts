import { createHash } from "node:crypto";
import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { type RunReport, renderReport } from "../src/index.js";
import { SCRIPT, SCRIPT_HASH } from "../src/page/script.js";
import { HOSTILE, unclosed, withoutOwn } from "./markup.js";
import { traceOf } from "./support.js";

const reports = [1, 2, 3].map((at) => ({
  step: 100 * at,
  loss: 1 / at,
  exact_match: 0.5,
  gradient_norm: 2,
  iterations: 100,
  iterations_per_second: 9,
  seconds: 3,
}));

/** A report with every field. */
const FULL = {
  title: "Repeat copy",
  task: "4 bits, length 1-2",
  network: "lstm 8",
  training: {
    began: new Date(0),
    backend: "cpu",
    seed: 3,
    batchSize: 16,
    iterations: 1000,
    command: "dnc train --hidden_size=8",
  },
  folder: "runs/a",
  checkpoint: { name: "step-00000002", step: 2 },
  metrics: { reports, error: undefined as string | undefined },
  samples: [{ step: 1, text: "Targets:\n+1+\n\nModel Output:\n+-+" }],
  accuracy: {
    columns: { name: "length", sizes: [1, 2], trained: [1, 1] as const },
    rows: { name: "repeats", sizes: [1], trained: [1, 1] as const },
    exactMatch: [[1, 0]],
    sequences: 5,
  },
  trace: {
    data: traceOf(),
    description: "length 2",
    labels: { inputs: ["bit 1", "start", "repeats"], targets: ["bit 1", "end"] },
    phases: [{ name: "bits", start: 0, end: 5 }],
    stepLabels: ["one", "two", "", "four", "five"],
  },
  graphs: [
    {
      caption: "From one: way",
      picture: { title: "A graph", nodes: ["one", "two"], edges: [{ source: 0, destination: 1, label: "way" }] },
      answer: "one, way, two  right",
    },
  ],
  boards: [{ goals: ["A: 1 above 2"], frames: [{ board: [[1], [2]], caption: "start" }, { board: [[], [2, 1]] }] }],
  memorySize: 8,
  checkpoints: [
    { name: "step-00000001", step: 1, loss: 0.7, bytes: 12345, saved: new Date(0) },
    { name: "step-00000002", step: 2, loss: 0.5, bytes: 12345, saved: new Date(0) },
  ],
  config: [
    { name: "hidden_size", value: 8 as unknown, isDefault: false, description: "units of the controller" },
    { name: "memory_size", value: 16 as unknown, isDefault: true, description: "slots of the memory" },
  ],
  generated: { at: new Date(0), command: "dnc report runs/a", backend: "cpu" },
} satisfies RunReport;

/** Texts that are only used for comparison. */
const NOT_SHOWN = /^\.checkpoints\.\d\.name$/;

/** Lists the headings of the sections. */
function sectionsOf(page: string): readonly string[] {
  return [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
}

describe("the page of a run", () => {
  it("is one complete document with all of its sections", () => {
    const page = renderReport(FULL);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(unclosed(page)).toEqual([]);
    expect(sectionsOf(page)).toEqual([
      "Learning",
      "Samples",
      "Accuracy by size",
      "Graphs",
      "Boards",
      "The memory at work",
      "Checkpoints",
      "Configuration",
    ]);
    expect(page).toContain("<h1>Repeat copy</h1>");
    expect(page).toContain("<mark>-</mark>");
    expect(page).toContain("backend cpu, seed 3, 16 sequences per iteration");
    expect(page).toMatch(/<code><span>dnc<\/span> <span>train<\/span> <span>--hidden_size=8<\/span>/);
    expect(page).toContain('<td class="number own">8</td>');
    expect(page).toContain('<td class="number">16</td>');
    expect(page.match(/, with 8 memory slots/g)).toHaveLength(4);
  });

  it("leaves out sections without data", () => {
    const bare = renderReport({ title: "A run" });
    expect(sectionsOf(bare)).toEqual([]);
    expect(unclosed(bare)).toEqual([]);
    expect(withoutOwn(bare)).not.toMatch(/undefined|false/);
    for (const name of Object.keys(FULL)) {
      const page = renderReport({ ...FULL, [name]: name === "title" ? "" : undefined });
      expect(unclosed(page), name).toEqual([]);
      expect(withoutOwn(page), name).not.toMatch(/undefined|NaN/);
    }
    const ofNetwork = Object.entries(FULL.trace.data.quantities).filter(
      ([name]) => !/^(observations|target)$/.test(name),
    );
    const page = renderReport({ ...FULL, trace: { data: { quantities: Object.fromEntries(ofNetwork) } } });
    expect(page).not.toMatch(/<figcaption>(Input|Target)/);
    expect(page).toContain("<figcaption>Output");
  });

  it("mentions an outline only if there is one", () => {
    const { columns, ...map } = FULL.accuracy;
    const untrained = { ...map, columns: { name: columns.name, sizes: columns.sizes } };
    expect(renderReport(FULL)).toContain("inside the outline");
    expect(renderReport({ ...FULL, accuracy: untrained })).not.toContain("inside the outline");
  });

  it("shows the metrics that each report has", () => {
    const page = renderReport({ title: "A run", metrics: { reports: [{ step: 1, loss: 2 }] } });
    expect(page).toContain("<figcaption>Loss");
    expect(page).not.toMatch(/<figcaption>(Exact match|Gradient norm)/);
    expect(withoutOwn(page)).not.toMatch(/undefined|NaN/);
    const few = reports.map(({ exact_match, ...rest }, index) => (index === 1 ? { ...rest, exact_match } : rest));
    expect(renderReport({ title: "A run", metrics: { reports: few } })).toContain(
      "Exact match by iteration: 50.0% at 200, 50.0% at 200",
    );
  });

  it("loads nothing, and its policy permits its own script only", () => {
    const page = renderReport(FULL);
    expect(withoutOwn(page)).not.toMatch(/https?:|<script|@import|url\(|\son[a-z]+=|javascript:/i);
    expect(SCRIPT).not.toMatch(
      /innerHTML|insertAdjacentHTML|eval\(|Function\(|fetch\(|import\(|https?:(?!\/\/www\.w3\.org\/2000\/svg")/,
    );
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^data:/);
    const hash = createHash("sha256").update(SCRIPT).digest("base64");
    expect(SCRIPT_HASH).toBe(`sha256-${hash}`);
    expect(page).toContain(`default-src 'none'`.replaceAll("'", "&#39;"));
    expect(page).toContain(`script-src 'sha256-${hash}'"`.replaceAll("'", "&#39;"));
  });

  it("has PNG images, each with its numbers and a text", () => {
    const page = renderReport(FULL);
    const images = [...page.matchAll(/<img [^>]*src="data:image\/png;base64,([^"]*)"/g)];
    for (const [, data] of images) {
      const { width, height } = decode(Buffer.from(data, "base64"));
      expect(width * height).toBeGreaterThan(0);
    }
    const cells = [...page.matchAll(/<div class="cells"[^>]* aria-label="([^"]+)"[^>]* data-cells="([^"]+)"/g)];
    expect(images).toHaveLength(cells.length + 2);
    expect(page).toContain('aria-label="Input: 3 rows from top to bottom, time from left to right, 0 to 1"');
  });

  it("shows the error that stopped a run, and omits empty sections", () => {
    const metrics = { reports: [], error: "the loss of iteration 1 is NaN" };
    const page = renderReport({ ...FULL, metrics, samples: [], checkpoints: [], config: [] });
    expect(page).toContain("<strong>The run stopped:</strong> the loss of iteration 1 is NaN.");
    expect(page).toContain("The run has not reported yet.");
    expect(page).toContain("The run has no samples.");
    expect(unclosed(page)).toEqual([]);
  });

  it("supports a run with a single report", () => {
    const page = renderReport({ ...FULL, metrics: { reports: reports.slice(0, 1) } });
    expect(page).toMatch(/<path class="dot c1" d="M1000 \d+(\.\d)?h0"/);
    expect(page).not.toContain("NaN");
  });

  it("has room for any number of checkpoints", () => {
    const checkpoints = Array.from({ length: 200_000 }, (_, step) => ({
      name: `step-${step}`,
      step,
      loss: step + 1,
      bytes: 1,
      saved: new Date(0),
    }));
    expect(renderReport({ title: "A run", checkpoints }).match(/lowest loss/g)).toHaveLength(1);
  });
});

describe("text from files", () => {
  it("is escaped in every field", () => {
    const fields = textFields(FULL);
    expect(fields.length).toBeGreaterThan(20);
    for (const field of [...fields, fields.flat()]) {
      const isHere = (path: string) => field.includes(path);
      const page = renderReport(withTexts(FULL, (text, path) => (isHere(path) ? HOSTILE : text)));
      expect(withoutOwn(page), field.join()).not.toMatch(/<script|<img src='|<\/pre><\/style>|\0/);
      expect(unclosed(page), field.join()).toEqual([]);
      if (!field.every((path) => NOT_SHOWN.test(path)))
        expect(page, field.join()).toContain("&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;");
    }
    const nested = [{ name: "a", value: { b: [HOSTILE] } }];
    expect(withoutOwn(renderReport({ title: "A run", config: nested }))).not.toMatch(/<script/);
  });

  it("adds no element to the page, whatever text a field has", () => {
    const elements = (page: string) =>
      withoutOwn(page)
        .match(/<[a-z]+/g)
        ?.filter((tag) => tag !== "<span" && tag !== "<mark").length;
    const expected = elements(renderReport(withTexts(FULL, (text) => text)));
    const part = fc.constantFrom(
      "<",
      ">",
      '"',
      "'",
      "&",
      "&lt;",
      "--",
      "]]>",
      "<!--",
      "</",
      "\0",
      "\u202e",
      "\ud800",
      "a",
    );
    fc.assert(
      fc.property(fc.infiniteStream(fc.string({ unit: part })), (texts) => {
        const page = renderReport(withTexts(FULL, () => String(texts.next().value)));
        expect(elements(page)).toBe(expected);
        expect(unclosed(page)).toEqual([]);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("gives a valid page, whatever numbers the metrics and checkpoints have", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const some = fc.option(number, { nil: undefined });
    const record = fc.record({ step: number, loss: number, exact_match: some, gradient_norm: some, seconds: some });
    const checkpoint = fc.record({ name: fc.string(), step: number, loss: some, bytes: number, saved: fc.date() });
    fc.assert(
      fc.property(fc.array(record), fc.array(checkpoint), (all, checkpoints) => {
        const ascending = all.toSorted((a, b) => a.step - b.step);
        const page = renderReport({ title: "A run", metrics: { reports: ascending }, checkpoints });
        expect(unclosed(page)).toEqual([]);
        expect(page).not.toMatch(/="[^"]*NaN/);
      }),
      { seed: 1 },
    );
  });
});

/** Lists the path of every text in a report, as arguments of a parametrized test. */
function textFields(report: RunReport): string[][] {
  const paths: string[][] = [];
  withTexts(report, (text, path) => {
    paths.push([path]);
    return text;
  });
  return paths;
}

/** Changes the texts of a report, and the numbers of its configuration, but not names of quantities. */
function withTexts(report: RunReport, change: (text: string, path: string) => string): RunReport {
  const visit = (value: unknown, path: string): unknown => {
    if (typeof value === "string" || path.endsWith(".value")) return change(String(value), path);
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${path}.${index}`));
    if (typeof value !== "object" || value === null || value instanceof Date || path.endsWith(".quantities"))
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, `${path}.${key}`)]));
  };
  return visit({ ...report, metrics: { ...report.metrics, error: "stopped" } }, "") as RunReport;
}

describe("the unit of the loss", () => {
  it("is nats per sequence, or that of the task, in the figures and the chart", () => {
    const metrics = { reports, errors: [] } as unknown as RunReport["metrics"];
    expect(renderReport({ title: "a", metrics })).toContain("loss, nats per sequence");
    const page = renderReport({ title: "a", metrics, training: { lossUnit: "bits per time step" } });
    expect(page).toContain("loss, bits per time step");
    expect(page).not.toContain("nats");
  });
});
