// biome-ignore-all lint/suspicious/noControlCharactersInRegex: these are the codes of a terminal.
import { describe, expect, it } from "vitest";
import { JsonReporter } from "../../src/terminal/json-reporter.js";
import { LiveReporter, reportTitle } from "../../src/terminal/live-reporter.js";
import { PlainReporter } from "../../src/terminal/plain-reporter.js";
import type { Progress, Report } from "../../src/terminal/reporter.js";
import { statusLine } from "../../src/terminal/status-line.js";
import { COLORED, PLAIN } from "../../src/terminal/style.js";
import { UNICODE } from "../../src/terminal/symbols.js";

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
/** One sequence of one bit, predicted wrongly. */
const TASK = { inputSize: 1, targetSize: 1, loss: "sigmoid" } as const;
const PREDICTION = {
  batch: {
    ...{ timeSteps: 2, batchSize: 1, inputs: Float32Array.of(1, 0), targets: Float32Array.of(0, 1) },
    mask: Float32Array.of(0, 1),
  },
  output: Float32Array.of(0, 0),
};
const REPORT: Report = {
  ...{ progress: PROGRESS, record: RECORD, sample: "\nObservations:\n+- 1+\n", prediction: PREDICTION },
};
const NEXT = [["npm run dnc -- eval runs/a", "accuracy on new sequences"]] as const;
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
    reporter.start([["run", OBEYED]], TASK);
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
    reporter.start(FACTS, TASK);
    reporter.progress();
    reporter.report(REPORT);
    reporter.notice("SIGINT");
    reporter.end(["Done.", "Learned."], NEXT);
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
        "Next:",
        "  npm run dnc -- eval runs/a  # accuracy on new sequences",
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
    reporter.start(FACTS, TASK);
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

/** A reporter on a terminal with a clock that a test sets. */
function liveReporter({
  columns = 80,
  ...look
}: { columns?: number } & ConstructorParameters<typeof LiveReporter>[1] = {}) {
  const output = new FakeOutput(columns);
  const clock = { now: 0 };
  const reporter = new LiveReporter(output, { now: () => clock.now, ...look });
  reporter.start(FACTS, TASK);
  output.text = "";
  const take = () => {
    const { text } = output;
    output.text = "";
    return text;
  };
  return { reporter, clock, take };
}

/** Progress whose means are over the iterations since the last report. */
const at = (step: number, iterations: number, loss: number, exactMatch = 0): Progress => ({
  ...{ ...PROGRESS, step, iterations, loss, exactMatch },
});

const SAMPLE = ["", "      input   target   output, 1 wrong bit (x)", "  0   1 .       1        x", "", ""].join("\n");

describe("LiveReporter", () => {
  it("reports every five seconds, whatever the interval of the run's reports", () => {
    const { reporter, clock, take } = liveReporter();
    const shown: string[] = [];
    for (let report = 1; report <= 24; report++) {
      clock.now = 1000 * report;
      reporter.report({ ...REPORT, progress: at(10 * report, 10, report) });
      reporter.progress(at(10 * report + 1, 1, report));
      shown.push(...(take().match(/iteration \d+\/1000 {3}loss \S+/g) ?? []));
    }
    expect(shown).toEqual([
      "iteration 10/1000   loss 1.0000",
      "iteration 60/1000   loss 4.0000", // the mean of five reports: 2 to 6
      "iteration 110/1000   loss 9.0000",
      "iteration 160/1000   loss 14.0000",
      "iteration 210/1000   loss 19.0000",
    ]);
  });

  it("shows a line without a sample where the run does not report for five seconds, and the sample later", () => {
    const { reporter, clock, take } = liveReporter();
    clock.now = 4999;
    reporter.progress(at(2, 2, 3));
    expect(take()).not.toContain("iteration");
    clock.now = 5000;
    reporter.progress(at(3, 3, 2, 0.5));
    expect(take()).toMatch(
      /^\r\x1b\[Kiteration 3\/1000 {3}loss 2\.0000 {3}exact match 50\.0% {3}16 s\n\r.*left\x1b\[K$/,
    );
    clock.now = 7000;
    reporter.report({ ...REPORT, progress: at(5, 5, 3, 0.3 + 2 / 5) });
    expect(take()).not.toContain("iteration");
    clock.now = 10_000;
    reporter.progress(at(6, 1, 9));
    // 5 iterations of 3 without 3 of 2; the one after the report is not in it.
    expect(take()).toContain(`iteration 5/1000   loss 4.5000   exact match 100.0%   16 s\n${SAMPLE}`);
  });

  it("shows the last report at the end", () => {
    const { reporter, take } = liveReporter();
    reporter.report({ ...REPORT, progress: at(1, 1, 3) });
    expect(take()).toBe(`iteration 1/1000   loss 3.0000   exact match 0.0%   16 s\n${SAMPLE}`);
    reporter.report({ ...REPORT, progress: at(2, 1, 2) });
    expect(take()).toBe("");
    reporter.end(["Done."], NEXT);
    expect(take()).toBe(
      `iteration 2/1000   loss 2.0000   exact match 0.0%   16 s\n${SAMPLE}Done.\n\nNext:\n  npm run dnc -- eval runs/a  # accuracy on new sequences\n`,
    );
  });

  it("clears its line at once if the run is abandoned", () => {
    const { reporter, take } = liveReporter();
    reporter.progress(at(1, 1, 3));
    take();
    reporter.end([]);
    expect(take()).toBe("\r\x1b[K");
  });

  it("clears its line before other lines", () => {
    const { reporter, take } = liveReporter();
    reporter.progress(PROGRESS);
    expect(take()).toBe(`\r${statusLine(PROGRESS, 77)}\x1b[K`);
    reporter.notice("SIGINT");
    expect(take()).toBe("\r\x1b[KSIGINT\n");
  });

  it("writes no escape codes but those of its line without colours, and resets those of colours with them", () => {
    for (const style of [PLAIN, COLORED]) {
      const { reporter, take } = liveReporter({ style, symbols: UNICODE });
      reporter.start(FACTS, TASK);
      reporter.progress(PROGRESS);
      reporter.report(REPORT);
      reporter.end(["Done."], NEXT);
      const text = take().replaceAll(/\r|\x1b\[K/g, "");
      const codes = text.match(/\x1b\[\d+m/g) ?? [];
      expect(codes.length > 0).toBe(style === COLORED);
      expect(text.replaceAll(/\x1b\[\d+m/g, "")).not.toContain("\x1b");
      for (const line of text.split("\n")) {
        const [on, off] = [/\x1b\[(1|2|7|31|32)m/g, /\x1b\[(22|27|39)m/g].map((code) => line.match(code)?.length ?? 0);
        expect(on).toBe(off);
      }
    }
  });

  it("writes no line that is longer than the terminal, except for commands, which are copied", () => {
    for (let columns = 1; columns < 90; columns++) {
      const { reporter, take } = liveReporter({ columns });
      reporter.progress(PROGRESS);
      reporter.report(REPORT);
      for (const line of take().split(/\n|\r|\x1b\[K/)) {
        if (line !== "iteration 200/1000") expect(line.length).toBeLessThan(columns);
      }
    }
  });

  it("wraps its texts to the terminal", () => {
    const output = new FakeOutput(30);
    new LiveReporter(output).start(FACTS, TASK);
    expect(output.text).toBe("task     repeat-copy: 4 bits,\n         length 1-2\nbackend  cpu: TensorFlow.js\n\n");
  });
});

describe("reportTitle", () => {
  it("leaves out what does not fit", () => {
    expect(reportTitle(PROGRESS, 80, PLAIN)).toBe("iteration 200/1000   loss 9.5313   exact match 12.5%   16 s");
    expect(reportTitle(PROGRESS, 58, PLAIN)).toBe("iteration 200/1000   loss 9.5313   exact match 12.5%");
    expect(reportTitle(PROGRESS, 51, PLAIN)).toBe("iteration 200/1000   loss 9.5313");
  });
});

describe("statusLine", () => {
  it("fits the width, with a bar if there is space", () => {
    expect(statusLine(PROGRESS, 60)).toBe("####..................  200/1000  0.10 it/s  2 h 14 min left");
    expect(statusLine(PROGRESS, 120)).toContain(`${"#".repeat(6)}${".".repeat(24)}  200/1000`);
    expect(statusLine(PROGRESS, 43)).toBe("200/1000  0.10 it/s  2 h 14 min left");
    expect(statusLine(PROGRESS, 79, { style: PLAIN, symbols: UNICODE })).toMatch(/^━{6}─{24} {2}/);
    for (let width = 0; width < 130; width++) expect(statusLine(PROGRESS, width).length).toBeLessThanOrEqual(width);
  });

  it("shows the rate that its remaining time assumes, and neither once nothing remains", () => {
    expect(statusLine({ ...PROGRESS, secondsLeft: 8 }, 40)).toContain("100.0 it/s  8 s left");
    expect(statusLine({ ...PROGRESS, step: 1000, secondsLeft: 0 }, 40)).toMatch(/1000\/1000$/);
  });
});
