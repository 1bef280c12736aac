import { decode } from "fast-png";
import { describe, expect, it, onTestFinished } from "vitest";
import { evaluationRandom } from "../../src/evaluation.js";
import { createCore, createTask } from "../../src/model.js";
import { type RunReport, runPage } from "../../src/report/page.js";
import { picturesOf } from "../../src/report/picture-figures.js";
import { traceSequence } from "../../src/traced-sequence.js";
import { smallSettings } from "../support.js";

const HOSTILE = `</pre></style><script>alert("&")</script><img src='https://example.org/x' onerror=a()>`;

async function report(overrides: Partial<RunReport> = {}): Promise<RunReport> {
  const settings = smallSettings({ seed: "3" });
  const core = createCore(settings, createTask(settings), 1);
  onTestFinished(() => core.dispose());
  const step = { exact_match: 0.5, gradient_norm: 2, iterations: 100, iterations_per_second: 9, seconds: 3 };
  return {
    run: "runs/a",
    settings,
    began: new Date(0),
    model: "lstm 8",
    checkpoint: "step-00000002",
    step: 2,
    memorySize: 4,
    metrics: { reports: [1, 2, 3].map((at) => ({ ...step, step: 100 * at, loss: 1 / at })), error: undefined },
    samples: [{ step: 1, text: "Targets:\n+1+\n\nModel Output:\n+-+" }],
    map: { lengths: [1, 2], repeats: [1], solved: [[1, 0]], sequences: 5 },
    sequence: "length 2",
    pictures: picturesOf(await traceSequence(core, settings, evaluationRandom(1)), settings),
    checkpoints: [{ name: "step-00000002", step: 2, loss: 0.5, bytes: 12345, saved: new Date(0) }],
    made: { at: new Date(0), command: "dnc report runs/a", backend: "cpu" },
    ...overrides,
  };
}

/** Every element is closed by its own tag, in order. */
function unclosed(page: string): readonly string[] {
  const empty = /^(!doctype|meta|link|img|br|line|path)$/;
  const open: string[] = [];
  const body = page.replace(/<style>[\s\S]*?<\/style>/, "");
  for (const [, slash, name, self] of body.matchAll(/<(\/?)([a-z!][a-z0-9]*)(?:"[^"]*"|[^">])*?(\/?)>/g)) {
    if (slash) {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (!self && !empty.test(name)) open.push(name);
  }
  return open;
}

describe("the page of a run", () => {
  it("is one whole document with all of its sections", async () => {
    const page = runPage(await report());
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(unclosed(page)).toEqual([]);
    const titles = ["Learning", "Samples", "How far it reaches", "Its memory at work", "Checkpoints", "Configuration"];
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(titles);
    expect(page).toContain("<h1>Repeat copy</h1>");
    expect(page).toContain("<mark>-</mark>");
    expect(page).toMatch(/<code><span>dnc<\/span> <span>train<\/span> <span>--hidden_size=8<\/span>/);
  });

  it("loads nothing and runs nothing", async () => {
    const page = runPage(await report());
    expect(page).not.toMatch(/https?:|<script|@import|url\(|\son[a-z]+=|javascript:/i);
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^data:/);
    expect(page).toContain("default-src 'none'".replaceAll("'", "&#39;"));
  });

  it("has pictures that are PNGs, each with a text for those who do not see it", async () => {
    const { pictures, ...rest } = await report();
    const page = runPage({ pictures, ...rest });
    const images = [...page.matchAll(/<img [^>]*src="data:image\/png;base64,([^"]*)" alt="([^"]*)"/g)];
    expect(images).toHaveLength(pictures.length + 2);
    for (const [, data] of images) {
      const { width, height } = decode(Buffer.from(data, "base64"));
      expect(width * height).toBeGreaterThan(0);
    }
    expect(images.filter(([, , alt]) => alt !== "")).toHaveLength(pictures.length);
    expect(page).toContain('alt="What it sees: 4 channels from top to bottom, time from left to right, 0 to 1"');
  });

  it("escapes whatever comes from files", async () => {
    const { settings, metrics, checkpoints, made, ...rest } = await report();
    const hostile = runPage({
      ...rest,
      run: HOSTILE,
      settings: { ...settings, controller: HOSTILE as "lstm" },
      model: HOSTILE,
      checkpoint: HOSTILE,
      metrics: { ...metrics, error: HOSTILE },
      samples: [
        { step: 1, text: HOSTILE },
        { step: 2, text: `Targets:\n1\nModel Output:\n${HOSTILE}` },
      ],
      sequence: HOSTILE,
      checkpoints: checkpoints.map((each) => ({ ...each, name: HOSTILE })),
      made: { ...made, command: HOSTILE, backend: HOSTILE },
    });
    expect(hostile).not.toMatch(/<script|<img src='|<\/pre><\/style>/);
    expect(unclosed(hostile)).toEqual([]);
    expect(hostile).toContain("&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;");
  });

  it("says what stopped a run, and does without what is not there", async () => {
    const metrics = { reports: [], error: "the loss of iteration 1 is NaN" };
    const page = runPage(await report({ metrics, samples: [], checkpoints: [] }));
    expect(page).toContain("<strong>The run stopped:</strong> the loss of iteration 1 is NaN.");
    expect(page).toContain("The run has not reported yet.");
    expect(unclosed(page)).toEqual([]);
  });

  it("is of a run of one report, too", async () => {
    const { metrics, ...rest } = await report();
    const page = runPage({ ...rest, metrics: { ...metrics, reports: metrics.reports.slice(0, 1) } });
    expect(page).toMatch(/<path class="dot" d="M1000 \d+(\.\d)?h0"/);
    expect(page).not.toContain("NaN");
  });
});
