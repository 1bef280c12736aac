import { describe, expect, it } from "vitest";
import { JsonReporter } from "../../src/terminal/json-reporter.js";
import { LiveReporter, statusLine } from "../../src/terminal/live-reporter.js";
import { PlainReporter } from "../../src/terminal/plain-reporter.js";
import type { Progress } from "../../src/terminal/reporter.js";

class FakeOutput {
  text = "";
  constructor(readonly columns?: number) {}
  write(text: string): void {
    this.text += text;
  }
}

const PROGRESS: Progress = {
  step: 200,
  totalSteps: 1000,
  loss: 9.53125,
  exactMatch: 0.125,
  gradientNorm: 1.5,
  iterations: 100,
  iterationsPerSecond: 12.34,
  secondsLeft: 8040,
  seconds: 16,
};
const RECORD = {
  step: 200,
  loss: 9.53125,
  exact_match: 0.125,
  gradient_norm: 1.5,
  iterations: 100,
  iterations_per_second: 12.34,
  seconds: 16,
  sample: "samples/step-00000200.txt",
};
const REPORT = { progress: PROGRESS, record: RECORD, sample: "\nObservations:\n+- 1+\n" };
const FACTS = [
  ["task", "repeat-copy: 4 bits, length 1-2"],
  ["backend", "cpu: TensorFlow.js"],
] as const;

/** A text with control characters, and its escaped form. */
const [OBEYED, SHOWN] = ["\x1b]0;title\x07\u202e", "\\x1b]0;title\\x07\\u202e"];

describe.each([
  ["PlainReporter", (output: FakeOutput) => new PlainReporter(output)],
  ["LiveReporter", (output: FakeOutput) => new LiveReporter(output)],
  ["JsonReporter", (output: FakeOutput) => new JsonReporter(output, output)],
])("%s", (_name, create) => {
  it("escapes control characters in external text", () => {
    const output = new FakeOutput(80);
    const reporter = create(output);
    reporter.start([["run", OBEYED]]);
    reporter.notice(OBEYED);
    reporter.failure({ error: "\u202e" });
    reporter.end([OBEYED]);
    expect(output.text.split(SHOWN)).toHaveLength(4);
    for (const obeyed of ["\x07", "\u202e"]) expect(output.text).not.toContain(obeyed);
  });
});

describe("PlainReporter", () => {
  it("keeps the colours of a sample", () => {
    const output = new FakeOutput();
    new PlainReporter(output).report({ ...REPORT, sample: "\x1b[32m1\x1b[0m 0\n" });
    expect(output.text).toContain("\n\x1b[32m1\x1b[0m 0\n");
  });

  it("writes permanent lines", () => {
    const output = new FakeOutput();
    const reporter = new PlainReporter(output);
    reporter.start(FACTS);
    reporter.progress();
    reporter.report(REPORT);
    reporter.notice("SIGINT");
    reporter.end(["Done.", "Learned."]);
    expect(output.text).toBe(
      [
        "task     repeat-copy: 4 bits, length 1-2",
        "backend  cpu: TensorFlow.js",
        "",
        "iteration 200/1000: loss 9.5313, exact match 12.5%, 12.3 it/s, 2 h 14 min left",
        "",
        "Observations:",
        "+- 1+",
        "",
        "SIGINT",
        "Done.",
        "Learned.",
        "",
      ].join("\n"),
    );
  });

  it("does not mention remaining time if there is none", () => {
    const output = new FakeOutput();
    new PlainReporter(output).report({ ...REPORT, progress: { ...PROGRESS, step: 1000 } });
    expect(output.text).toContain("iteration 1000/1000: loss 9.5313, exact match 12.5%, 12.3 it/s\n");
  });
});

describe("JsonReporter", () => {
  it("writes one JSON object per report, and everything else elsewhere", () => {
    const [output, errors] = [new FakeOutput(), new FakeOutput()];
    const reporter = new JsonReporter(output, errors);
    reporter.start(FACTS);
    reporter.progress();
    reporter.report(REPORT);
    reporter.report(REPORT);
    reporter.notice("SIGINT");
    reporter.failure({ step: 3, error: "the loss of iteration 3 is NaN" });
    reporter.end(["Done."]);
    const lines = output.text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      RECORD,
      RECORD,
      { step: 3, error: "the loss of iteration 3 is NaN" },
    ]);
    expect(errors.text).toContain("backend  cpu");
    expect(errors.text).toContain("SIGINT\nDone.\n");
  });
});

describe("LiveReporter", () => {
  it("updates one live line at most ten times per second, and clears it before permanent lines", () => {
    const output = new FakeOutput(80);
    let now = 0;
    const reporter = new LiveReporter(output, () => now);
    reporter.progress(PROGRESS);
    const line = output.text;
    expect(line).toBe(`\r\x1b[2K${statusLine(PROGRESS, 79)}`);
    now = 99;
    reporter.progress({ ...PROGRESS, step: 201 });
    expect(output.text).toBe(line);
    now = 100;
    reporter.progress({ ...PROGRESS, step: 202 });
    expect(output.text).toContain("202/1000");
    output.text = "";
    reporter.report(REPORT);
    expect(output.text.startsWith("\r\x1b[2Kiteration 200/1000: ")).toBe(true);
    output.text = "";
    reporter.end(["Done."]);
    expect(output.text).toBe("Done.\n");
  });

  it("wraps its texts to the terminal", () => {
    const output = new FakeOutput(30);
    new LiveReporter(output).start(FACTS);
    expect(output.text).toBe("task     repeat-copy: 4 bits,\n         length 1-2\nbackend  cpu: TensorFlow.js\n\n");
  });

  it("assumes 80 columns if the terminal does not report its width", () => {
    const output = new FakeOutput();
    new LiveReporter(output).progress(PROGRESS);
    expect(output.text).toContain(statusLine(PROGRESS, 79));
  });
});

describe("statusLine", () => {
  it("fits the width, with a bar if there is space", () => {
    expect(statusLine(PROGRESS, 79)).toBe(
      "[#......]  200/1000  loss 9.5313  exact match 12.5%  12.3 it/s  2 h 14 min left",
    );
    expect(statusLine(PROGRESS, 119)).toContain(`[####${".".repeat(20)}]`);
    expect(statusLine(PROGRESS, 69)).toBe("200/1000  loss 9.5313  exact match 12.5%  12.3 it/s  2 h 14 min left");
    for (let width = 0; width < 130; width++) expect(statusLine(PROGRESS, width).length).toBeLessThanOrEqual(width);
  });
});
