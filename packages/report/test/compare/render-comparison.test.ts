import { describe, expect, it } from "vitest";
import { renderComparison } from "../../src/index.js";
import { HOSTILE, unclosed, withoutOwn } from "../markup.js";
import { runOf } from "./support.js";

const config = (value: unknown) => [
  { name: "masking", value },
  { name: "hidden_size", value: 8, isDefault: false, description: "units" },
];
const RUNS = [
  runOf("runs/a", { seed: 1, config: config(false), losses: [4, 1] }),
  runOf("runs/b", { seed: 2, config: config(false), losses: [4, 3] }),
  runOf("runs/c", { seed: 1, config: config(true), losses: [4, 0.5] }),
];

/** Returns the texts of the cells of the row that begins with a label. */
function rowOf(page: string, label: string): readonly string[] {
  const row = page.split("<tr>").find((each) => each.includes(`</i>${label}</th>`)) ?? "";
  return [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, text]) => text.replaceAll(/<[^>]*>/g, ""));
}

describe("the page that compares runs", () => {
  const page = renderComparison({ runs: RUNS, generated: { at: new Date(0), command: "dnc report runs/a" } });

  it("has the mean and the sample deviation of each group", () => {
    expect(unclosed(page)).toEqual([]);
    expect(rowOf(page, "masking off")).toEqual([
      "2",
      "2.0000 \u00b1 1.4142",
      "50.0% \u00b1 0.0",
      "0 of 2",
      "\u2013",
      "100.0 \u00b1 0.0",
    ]);
    expect(rowOf(page, "masking on")).toEqual(["1", "0.5000", "50.0%", "0 of 1", "\u2013", "100.0"]);
    expect(page).toContain("One group has a single run");
  });

  it("names the task, if all runs have the same", () => {
    const withTask = (task: string) =>
      RUNS.map((run, index) => ({ ...run, config: [...run.config, { name: "task", value: index ? task : "copy" }] }));
    expect(renderComparison({ runs: withTask("copy") })).toContain('3 runs of <b class="task">copy</b> in 2 groups.');
    expect(renderComparison({ runs: withTask("other") })).toContain("3 runs in 3 groups.");
  });

  it("has the unit of the losses, unless runs differ in it", () => {
    expect(page).toContain("nats per sequence");
    const [first, ...rest] = RUNS;
    const other = renderComparison({ runs: [{ ...first, lossUnit: "bits per time step" }, ...rest] });
    expect(other).not.toContain("nats per sequence");
    expect(other).toContain("in the units of the runs");
  });

  it("has curves of the groups, what differs, the runs and what they share", () => {
    const sections = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(sections).toEqual(["Results", "Curves", "What differs", "Runs", "What all runs share"]);
    expect(page.match(/class="band c1"/g)).toHaveLength(3);
    expect(page).not.toContain('class="band c2"');
    expect(rowOf(page, "1")).toEqual(["off"]);
    expect(rowOf(page, "runs/b")).toEqual(["2", "200", "3.0000", "50.0%", "2 s", "100.0 it/s"]);
    expect(page).toContain("<code>hidden_size</code>");
    expect(page).not.toContain("<code>masking</code>");
  });

  it("has a row for each setting if many differ", () => {
    const many = (value: number) => Array.from({ length: 6 }, (_, index) => ({ name: `s${index}`, value }));
    const runs = RUNS.map((run, index) => ({ ...run, config: many(index) }));
    const text = renderComparison({ runs });
    expect(text).toContain('<th scope="row">s5</th><td class="number" data-label="Group 1">0</td>');
    expect(unclosed(text)).toEqual([]);
  });

  it("says what makes runs hard to compare", () => {
    const same = { config: config(true), iterations: 200 };
    const text = renderComparison({
      runs: [
        runOf("runs/a", same),
        runOf("runs/b", { ...same, metrics: { reports: [{ step: 100, loss: 1 }], error: "the loss is NaN" } }),
        runOf("runs/c", { ...same, config: [{ name: "task", value: "copy" }], seed: 7 }),
      ],
    });
    expect(text).toContain("runs/b ended after 100 iterations: the loss is NaN.");
    expect(text).toContain("have the seed 1. They repeat one result");
    expect(text).toContain("their losses are not on one scale");
    expect(text).not.toContain("runs/a ended");
    expect(text).toContain("Exact match: not shown, because some runs have none.");
  });

  it("counts the runs that learned, and how long they took", () => {
    const learned = (step: number) => ({ metrics: { reports: [{ step, loss: 1, exact_match: 0.99 }] } });
    const text = renderComparison({
      runs: [runOf("a", learned(100)), runOf("b", { ...learned(300), seed: 2 }), runOf("c", { seed: 3 })],
    });
    expect(rowOf(text, "all runs").slice(3, 5)).toEqual(["2 of 3", "200 \u00b1 141"]);
  });

  it("escapes its texts", () => {
    const runs = [0, 1].map((index) =>
      runOf(`${HOSTILE}${index}`, { config: [{ name: HOSTILE, value: `${HOSTILE}${index}`, description: HOSTILE }] }),
    );
    const text = renderComparison({ runs, title: HOSTILE, generated: { at: new Date(0), command: HOSTILE } });
    expect(unclosed(text)).toEqual([]);
    expect(withoutOwn(text)).not.toMatch(/<script|<img src='|\0/);
  });

  it("refuses fewer than two runs, runs of one name, and a run without a report", () => {
    expect(() => renderComparison({ runs: RUNS.slice(1, 2) })).toThrow(
      new RangeError("runs: expected at least two, got 1"),
    );
    expect(() => renderComparison({ runs: [RUNS[0], RUNS[0]] })).toThrow(
      new RangeError("runs[1].name: expected a different one for each run, got runs/a again"),
    );
    expect(() => renderComparison({ runs: [RUNS[0], runOf("b", { losses: [] })] })).toThrow(
      new RangeError("runs[1]: expected at least one report, got none"),
    );
  });
});
