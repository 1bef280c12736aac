/** Tests the commands on runs. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { dnc, savedRun } from "./saved-run.js";

const CPU = "--backend=cpu";
const timeless = (out: string) => ({ ...JSON.parse(out), seconds: 0 });

describe("dnc eval", () => {
  it("prints the scores of a run as lines", async () => {
    const run = await savedRun();
    const { status, stdout, stderr } = await dnc("eval", run, CPU, "--sequences=30", "--threads=1");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(`${run}, step 6 of 6\n`);
    expect(stdout).toMatch(/^task +repeat-copy: 2 bits, length 1-2, repeats 1-2$/m);
    expect(stdout).toMatch(/^sequences +30 new ones in \d+\.\d s \(--seed=0 samples them again\)$/m);
    expect(stdout).toMatch(/^exact match +\d+\.\d%: \d+ of 30 sequences without a wrong bit$/m);
    expect(stdout).toMatch(/^wrong bits +\d+\.\d{4} per sequence, \d+\.\d% of the \d+ that count$/m);
    expect(stdout).toMatch(/^loss +\d+\.\d{4} nats per sequence$/m);
  });

  it.each([
    [
      {},
      ["--max_length=9", "--max_repeats=12", "--memory_size=20"],
      { max_length: 9, max_repeats: 12, memory_size: 20 },
    ],
    [{}, ["--min_length=5", "--checkpoint=best"], { min_length: 5, max_length: 5, memory_size: 4 }],
    [{ task: "copy" }, ["--max_length=3"], { task: "copy", max_length: 3 }],
    [{ controller: "gru" }, ["--checkpoint=2"], { step: 2, checkpoint: "step-00000002" }],
  ])("prints the same JSON twice for %o with %j", async (words, args, expected) => {
    const run = await savedRun(words);
    const once = await dnc("eval", run, CPU, "--json", "--sequences=20", ...args);
    expect(once.status).toBe(0);
    expect(once.stdout.trimEnd()).not.toContain("\n");
    const result = timeless(once.stdout);
    expect(result).toMatchObject({ run, sequences: 20, seed: 0, backend: "cpu", ...expected });
    for (const name of ["loss", "wrong_bits", "wrong_bit_share", "exact_match"])
      expect(result[name]).toBeGreaterThanOrEqual(0);
    expect(timeless((await dnc("eval", run, CPU, "--json", "--sequences=20", ...args)).stdout)).toEqual(result);
  });

  it("reports sizes beyond training, and which checkpoint it skips", async () => {
    const run = await savedRun();
    appendFileSync(join(run, "checkpoints/step-00000006/model.safetensors"), "more");
    const { status, stdout, stderr } = await dnc(
      "eval",
      run,
      CPU,
      "--sequences=5",
      "--max_length=3",
      "--memory_size=9",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^task .* length 1-3, repeats 1-2 \(trained on length 1-2, repeats 1-2\)$/m);
    expect(stdout).toMatch(/^model .* \(trained with 4 slots\)$/m);
    expect(stderr).toMatch(/^dnc: step-00000006: .*; using step-00000004\n$/);
  });
});

describe("dnc trace", () => {
  it("writes a trace to a file atomically, and describes it", async () => {
    const run = await savedRun();
    const out = join(run, "trace.json");
    const { status, stdout, stderr } = await dnc(
      "trace",
      run,
      CPU,
      "--out",
      out,
      "--length=3",
      "--repeats=2",
      "--memory_size=6",
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^trace +.*trace\.json, [\d.]+ KB: 27 quantities over 12 steps: observations \[12, 1, 4\], /m,
    );
    const { format, version, quantities } = JSON.parse(readFileSync(out, "utf8"));
    expect({ format, version }).toEqual({ format: "dnc-trace", version: 1 });
    expect(quantities.memory.shape).toEqual([12, 1, 6, 4]);
    expect(quantities.output.shape).toEqual([12, 1, 3]);
    expect(readdirSync(run).filter((name) => name.startsWith("trace"))).toEqual(["trace.json"]);
    // Standard output gets the same text, and nothing else.
    expect((await dnc("trace", run, CPU, "--length=3", "--repeats=2", "--memory_size=6")).stdout).toBe(
      readFileSync(out, "utf8"),
    );
  });
});

describe("dnc report", () => {
  it.each([{}, { task: "copy" }])("writes a page into the run's folder, or elsewhere: %o", async (words) => {
    const run = await savedRun(words);
    const { status, stdout, stderr } = await dnc("report", run, CPU, "--sequences=2");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^page +.*report\.html, [\d.]+ KB$/m);
    const page = readFileSync(join(run, "report.html"), "utf8");
    expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect([...page.matchAll(/<td class="(?:much|little)/g)]).toHaveLength("task" in words ? 4 : 16);
    const elsewhere = join(run, "page.html");
    expect((await dnc("report", run, CPU, "--sequences=2", "--max_length=1", `--out=${elsewhere}`)).status).toBe(0);
    expect(readFileSync(elsewhere, "utf8")).toContain("--max_length=1</span>");
  });
});

describe("dnc report with several runs", () => {
  it("writes a page that compares them", async () => {
    const runs = [
      await savedRun({ seed: "1" }),
      await savedRun({ seed: "2" }),
      await savedRun({ task: "copy", seed: "1" }),
    ];
    const out = join(runs[0], "..", `comparison-${process.pid}.html`);
    onTestFinished(() => rmSync(out, { force: true }));
    const { status, stdout, stderr } = await dnc("report", ...runs, `--out=${out}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^page +.*\.html, [\d.]+ KB$/m);
    const page = readFileSync(out, "utf8");
    expect(page).toContain("3 runs in 2 groups");
    expect(page).toContain("task repeat-copy, min_repeats 1");
    expect(page).toContain("their losses are not on one scale");
  });

  it.each([
    [["RUN", "OTHER", "--sequences=3"], "--sequences: expected only with one run, got it with 2 runs"],
    [["RUN", "OTHER", "RUN/"], 'expected different runs after report, got "RUN/" again'],
    [["RUN", "none"], "expected the folder of a run, got none, which is not there"],
    [["RUN", "EMPTY"], "expected runs with at least one report, got EMPTY, which has none"],
    [
      ["RUN", "OTHER", "--out=OTHER/config.json"],
      "--out: expected a file to write, got OTHER/config.json (it belongs to",
    ],
  ])("refuses %j with one sentence and status 2, and writes nothing", async (args, message) => {
    const [run, other, empty] = [await savedRun(), await savedRun({ seed: "9" }), await savedRun()];
    writeFileSync(join(empty, "metrics.jsonl"), "");
    const config = readFileSync(join(other, "config.json"), "utf8");
    const named = (text: string) => text.replaceAll("RUN", run).replaceAll("OTHER", other).replaceAll("EMPTY", empty);
    const { status, stdout, stderr } = await dnc("report", ...args.map(named));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`dnc: ${named(message).slice(0, 60)}`);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(readFileSync(join(other, "config.json"), "utf8")).toBe(config);
    expect(existsSync("comparison.html")).toBe(false);
  });
});

describe("a command on a run", () => {
  it.each([
    [["eval", "none"], "expected the folder of a run, got none, which is not there"],
    [["trace", "RUN", "--checkpoint=5"], "--checkpoint: expected latest, best or an existing one (step-00000006, "],
    [["eval", "RUN", "--min_length=3", "--max_length=2"], "--min_length: expected at most max_length (2), got 3"],
    [["eval", "RUN", "--memory_size=100000"], "too large: the link matrices "],
    [["eval", "RUN", "--max_length=1000000000"], "too large: "],
    [["trace", "RUN", "--memory_size=3000", "--length=200"], "too large: "],
    [["trace", "RUN", "--out=RUN"], "--out: expected a file to write, got RUN (a folder)"],
    [["report", "RUN", "--out=RUN/no/page.html"], "--out: expected a file to write, got RUN/no/page.html (ENOENT"],
  ])("refuses %j with one sentence and status 2, and writes nothing", async (args, message) => {
    const run = await savedRun();
    const before = readdirSync(run, { recursive: true });
    const named = (text: string) => text.replaceAll("RUN", run);
    const { status, stdout, stderr } = await dnc(...args.map(named), CPU);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.startsWith(named(`dnc: ${message}`))).toBe(true);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(readdirSync(run, { recursive: true })).toEqual(before);
  });

  it("leaves no temporary file if it cannot replace the target", async () => {
    const run = await savedRun();
    mkdirSync(join(run, "report.html"));
    expect((await dnc("report", run, CPU)).status).toBe(2);
    expect(existsSync(join(run, "report.html.new"))).toBe(false);
  });
});
