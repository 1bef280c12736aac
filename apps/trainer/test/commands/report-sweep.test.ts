/** `dnc report` with the results of a sweep. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support.js";
import { dnc, savedRun } from "./saved-run.js";

const CPU = ["--backend=cpu", "--engine=ops"];

/** The plan of four runs, as a sweep records it. */
const PLAN = {
  version: "1.0.0",
  preset: "copy",
  vary: { hidden_size: [8, 9] },
  seeds: [1, 2],
  metric: "loss",
  goal: "minimize",
  runs: [8, 9].flatMap((hidden_size) =>
    [1, 2].map((seed) => ({
      ...{ name: `hidden_size=${hidden_size},seed=${seed}`, group: `hidden_size=${hidden_size}` },
      ...{ seed, settings: { hidden_size } },
    })),
  ),
};

/** Makes the folder of a sweep: two runs that finished, one that failed, and one that has not begun. */
async function sweepFolder(): Promise<string> {
  const results = join(temporaryFolder(), "results");
  const [one, two, three] = PLAN.runs.map(({ name }) => join(results, "runs", name)) as [string, string, string];
  mkdirSync(join(results, "runs"), { recursive: true });
  cpSync(await savedRun(), one, { recursive: true });
  for (const folder of [two, three]) {
    cpSync(one, folder, { recursive: true });
    rmSync(join(folder, "checkpoints"), { recursive: true });
  }
  const metrics = (folder: string, text: string) => writeFileSync(join(folder, "metrics.jsonl"), text);
  const report = (loss: number) => `${JSON.stringify({ step: 6, loss, exact_match: 0.5 })}\n`;
  metrics(one, report(1));
  metrics(two, report(2));
  metrics(three, `${report(0.5)}{"step":6,"error":"the loss is NaN"}\n`);
  writeFileSync(join(results, "sweep.json"), JSON.stringify(PLAN));
  return results;
}

function write(results: string, name: string, contents: object | string): void {
  writeFileSync(join(results, name), typeof contents === "string" ? contents : JSON.stringify(contents));
}

describe("dnc report RESULTS", () => {
  it("writes the page of a sweep, with the memory of the best run, and each figure as a file", async () => {
    const results = await sweepFolder();
    const svg = join(temporaryFolder(), "figures");
    const { status, stdout, stderr } = await dnc("report", results, `--svg=${svg}`, ...CPU);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain(`${results}, 4 runs: 2 finished, 1 failed, 1 waiting`);
    const page = readFileSync(join(results, "report.html"), "utf8");
    expect(page).toContain("2 trained to the end, 1 failed, 1 not begun");
    expect(page).toContain("hidden_size=8,seed=1: loss 1.0000");
    expect(page).toContain('1.5000 <span class="spread">\u00b1 0.7071</span>');
    expect(page).toContain('class="location-chart"');
    const files = ["best-run-locations.svg", "exact-match.svg", "loss.svg", "settings-and-metric.svg"];
    expect(readdirSync(svg).sort()).toEqual(files);
    expect(readFileSync(join(svg, "loss.svg"), "utf8")).toContain("hidden_size 8");
  });

  it("writes a row for each run with --csv, and no page", async () => {
    const results = await sweepFolder();
    const { status, stdout } = await dnc("report", results, "--csv");
    expect(status).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "run,hidden_size,seed,step,loss,status,reason",
      '"hidden_size=8,seed=1",8,1,6,1,finished,',
      '"hidden_size=8,seed=2",8,2,6,2,finished,',
      '"hidden_size=9,seed=1",9,1,6,0.5,failed,the loss is NaN',
      '"hidden_size=9,seed=2",9,2,,,waiting,',
      "",
    ]);
    expect(readdirSync(results)).not.toContain("report.html");
    const out = join(temporaryFolder(), "runs.csv");
    expect((await dnc("report", results, "--csv", `--out=${out}`)).stdout).toContain("runs.csv");
    expect(readFileSync(out, "utf8")).toBe(stdout);
  });

  it("takes from events how runs ended; the end of a budget of minutes is no stop rule", async () => {
    const results = await sweepFolder();
    const event = (index: number, rest: object) => `${JSON.stringify({ run: PLAN.runs[index]?.name, ...rest })}\n`;
    const minutes = event(1, { event: "stopped", rule: "minutes", step: 6 });
    const stopped = event(0, { event: "stopped", rule: "median", step: 6 });
    const failed = event(2, { event: "failed", reason: "killed", failures: 3 });
    const started = event(0, { event: "started" }) + event(3, { event: "started" });
    write(results, "events.jsonl", `${started}${stopped}${minutes}${failed}{"run":`);
    const { stdout } = await dnc("report", results, "--csv");
    expect(stdout.split("\n").map((line) => line.split(",").slice(-2))).toEqual([
      ...[
        ["status", "reason"],
        ["stopped", "median"],
        ["finished", ""],
        ["failed", "killed"],
        ["unfinished", ""],
        [""],
      ],
    ]);
  });

  it("shows a run up to the iteration of its result: a job trains on until it has saved", async () => {
    const results = await sweepFolder();
    const [one, two, three] = PLAN.runs.map(({ name }) => name) as [string, string, string];
    for (const name of [one, two, three])
      appendFileSync(join(results, "runs", name, "metrics.jsonl"), '{"step":8,"loss":0.1,"exact_match":1}\n');
    const events = [
      { run: one, event: "stopped", rule: "median", step: 6, value: 1 },
      { run: two, event: "finished", step: 6, value: 2, minutes: 1 },
      { run: three, event: "paused", step: 6 },
    ];
    write(results, "events.jsonl", events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    const { stdout } = await dnc("report", results, "--csv");
    expect(stdout.split("\n").slice(1, 4)).toEqual([
      '"hidden_size=8,seed=1",8,1,6,1,stopped,median',
      '"hidden_size=8,seed=2",8,2,6,2,finished,',
      '"hidden_size=9,seed=1",9,1,8,0.1,unfinished,',
    ]);
    await dnc("report", results, ...CPU);
    expect(readFileSync(join(results, "report.html"), "utf8")).toContain("hidden_size=8,seed=2: loss 2.0000");
  });

  it("draws a setting on an axis by its size if it was drawn or is a range, and a short list as categories", async () => {
    const results = await sweepFolder();
    const kindsOf = async (scales?: object) => {
      write(results, "sweep.json", { ...PLAN, scales });
      await dnc("report", results, ...CPU);
      const page = readFileSync(join(results, "report.html"), "utf8");
      const [axis] = page.split('data-axis="hidden_size"').slice(1);
      return (axis as string).includes(">logarithmic</text>");
    };
    expect([await kindsOf(), await kindsOf({ hidden_size: "logarithmic" })]).toEqual([false, true]);
  });

  it("names a command that repeats the sweep: its own record is a plan of the same runs", async () => {
    const results = await sweepFolder();
    await dnc("report", results, ...CPU);
    const [, words] = /<dt>Repeat it<\/dt><dd><code>(.*?)<\/code>/.exec(
      readFileSync(join(results, "report.html"), "utf8"),
    ) as RegExpExecArray;
    const [, ...command] = (words as string).replaceAll(/<\/?span>/g, "").split(" ");
    expect(command).toEqual(["sweep", join(results, "sweep.json"), `--results=${results}-again`]);
    const { status, stdout } = await dnc(...command, "--plan", "--json");
    expect(status).toBe(0);
    const names = (JSON.parse(stdout) as typeof PLAN).runs.map(({ name }) => name);
    expect(names.sort()).toEqual(PLAN.runs.map(({ name }) => name).sort());
  });

  it("shows a sweep whose best run has no checkpoint any more, and says so", async () => {
    const results = await sweepFolder();
    rmSync(join(results, "runs", "hidden_size=8,seed=1", "checkpoints"), { recursive: true });
    const { status, stderr } = await dnc("report", results, ...CPU);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^dnc: the best run is shown without its memory: [^\n]+\n$/);
    const page = readFileSync(join(results, "report.html"), "utf8");
    expect(page).not.toContain('class="location-chart"');
    expect(page).toContain("The best run\u2019s settings");
  });

  it.each([
    [{ ...PLAN, metric: "speed" }, "metric: expected one of loss, exact_match, held_out_exact_match, got"],
    [{ ...PLAN, goal: 1 }, "goal: expected one of minimize, maximize, got 1"],
    [{ ...PLAN, runs: [] }, "runs: expected a list of runs, got []"],
    [{ ...PLAN, runs: [{ name: "../x", seed: 1 }] }, "runs[0].name: expected the name of a folder, got"],
    [{ ...PLAN, runs: [{ name: "x", seed: 1 }] }, "runs[0].settings.hidden_size: expected a text, a number, true or"],
    ["{", "expected JSON, got "],
    ["[]", "expected an object, got []"],
  ])("refuses the plan %j with one sentence, and writes nothing", async (plan, message) => {
    const results = join(temporaryFolder(), "results");
    mkdirSync(join(results, "runs"), { recursive: true });
    write(results, "sweep.json", plan);
    const { status, stderr } = await dnc("report", results);
    expect(status).toBe(2);
    expect(stderr).toContain(`sweep.json: ${message}`);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(readdirSync(results).sort()).toEqual(["runs", "sweep.json"]);
  });

  it.each([
    [["--max_length=8"], "--max_length: expected only with one run, got it with the results of a sweep"],
    [["--out=RESULTS/sweep.json"], "--out: expected a file to write, got RESULTS/sweep.json (it belongs to the sweep)"],
    [["--svg=RESULTS/sweep.json", ...CPU], "--svg: expected a folder that can be written, got RESULTS/sweep.json ("],
  ])("refuses %j", async (args, message) => {
    const results = await sweepFolder();
    const named = (text: string) => text.replaceAll("RESULTS", results);
    const { status, stderr } = await dnc("report", results, ...args.map(named));
    expect([status, stderr.startsWith(`dnc: ${named(message)}`), stderr]).toEqual([2, true, stderr]);
  });

  it("refuses --csv and --svg with runs", async () => {
    const run = await savedRun();
    for (const [flag, word] of [
      ["csv", "--csv"],
      ["svg", "--svg=figures"],
    ] as const)
      for (const runs of [[run], [run, run]])
        expect((await dnc("report", ...runs, word)).stderr).toBe(
          `dnc: --${flag}: expected only with the results of a sweep, got it with a run\n`,
        );
  });
});
