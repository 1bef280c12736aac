/** `dnc sweep` on this machine, in processes; needs the build. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";
import { start } from "./start-process.js";

const SETTINGS = {
  ...{ hidden_size: 8, memory_size: 4, word_size: 4, batch_size: 2 },
  ...{ num_training_iterations: 300, report_interval: 10, checkpoint_interval: 50 },
};

const SWEEP = { preset: "copy", settings: SETTINGS, vary: { masking: [true, false] }, seeds: [1, 2], at_once: 2 };

/** Waits until a run of a sweep has a report. */
async function untilReport(results: string): Promise<void> {
  const runs = join(results, "runs");
  const hasReport = () => existsSync(runs) && readdirSync(runs).some((name) => sizeOf(join(runs, name)) > 0);
  while (!hasReport()) await sleep(20);
}

function sizeOf(run: string): number {
  const path = join(run, "metrics.jsonl");
  return existsSync(path) ? readFileSync(path).length : 0;
}

const weightsOf = (run: string) => readFileSync(join(run, "checkpoints/step-00000300/model.safetensors"));

function sweepIn(folder: string, changes: object = {}): { readonly file: string; readonly results: string } {
  const file = join(folder, "sweep.json");
  writeFileSync(file, JSON.stringify({ ...SWEEP, ...changes }));
  return { file, results: join(folder, "results") };
}

describe("dnc sweep on this machine", () => {
  it("goes on after it was killed, and ends with the weights of single runs", async () => {
    const folder = temporaryFolder();
    const { file, results } = sweepIn(folder);
    const args = ["sweep", file, `--results=${results}`];
    const first = start(args);
    await untilReport(results);
    first.child.kill("SIGKILL");
    expect((await first.ended).signal).toBe("SIGKILL");
    const { status, out, err } = await start(args).ended;
    expect([status, err]).toEqual([0, expect.stringContaining("masking=true,seed=1: finished after iteration 300")]);
    expect(out).toMatch(/^masking=false +exact match [\d.]+% ± [\d.]+% \(2 finished\)$/m);
    expect(out).toMatch(/^runs +4 finished of 4; best: exact match [\d.]+% \(masking=(true|false),seed=[12]\)$/m);
    const [, page] = /^page +(?:dnc|npx dnc|node [^' ]*) (.*)$/m.exec(out) as RegExpExecArray;
    expect(page).toBe(`report ${results}`);
    expect((await dnc(...(page as string).split(" "))).stdout).toContain("4 runs: 4 finished");
    expect(readdirSync(join(results, "runs")).sort()).toHaveLength(4);
    const single = join(folder, "single");
    const words = [
      "train",
      "--preset=copy",
      `--config=${join(results, "settings.json")}`,
      "--masking=true",
      "--seed=1",
    ];
    expect((await start([...words, `--checkpoint_dir=${single}`]).ended).status).toBe(0);
    expect(weightsOf(single).equals(weightsOf(join(results, "runs/masking=true,seed=1")))).toBe(true);
    const events = readFileSync(join(results, "events.jsonl"), "utf8");
    expect(events.match(/"event":"finished"/g)).toHaveLength(4);
    expect(events).not.toMatch(/"event":"(tried|failed)"/);
    // Once more: nothing is run.
    const again = await start([...args, "--json"]).ended;
    expect([again.status, readFileSync(join(results, "events.jsonl"), "utf8")]).toEqual([0, events]);
    const { runs, best } = JSON.parse(again.out);
    expect(runs.map(({ status: each, step }: { status: string; step: number }) => [each, step])).toEqual(
      runs.map(() => ["finished", 300]),
    );
    expect(runs.map(({ name }: { name: string }) => name)).toContain(best);
  }, 120_000);

  it.each(["SIGINT", "SIGTERM"] as const)(
    "saves its runs and says how to go on after %s without a terminal",
    async (signal) => {
      const { file, results } = sweepIn(temporaryFolder(), {
        settings: { ...SETTINGS, num_training_iterations: 1_000_000 },
      });
      const { child, ended } = start(["sweep", file, `--results=${results}`]);
      await untilReport(results);
      child.kill(signal);
      const { status, err } = await ended;
      expect(status).toBe(130);
      expect(err.trimEnd().split("\n").at(-1)).toMatch(
        /^ended; all runs are saved\. To go on: (dnc|npx dnc|node [^' ]*) sweep .*--results=/,
      );
      const saved = readdirSync(join(results, "runs")).filter((name) =>
        existsSync(join(results, "runs", name, "checkpoints/latest")),
      );
      expect(saved.length).toBeGreaterThan(0);
      expect(readdirSync(join(results, "runs")).every((name) => !existsSync(join(results, "runs", name, "lock")))).toBe(
        true,
      );
      const events = readFileSync(join(results, "events.jsonl"), "utf8").trimEnd().split("\n");
      expect(JSON.parse(events.at(-1) as string)).toMatchObject({ event: "interrupted" });
    },
    60_000,
  );

  it("prints its plan and writes nothing", async () => {
    const folder = temporaryFolder();
    const { file, results } = sweepIn(folder, { budget: { iterations: 20_000 } });
    const { status, stdout } = await dnc("sweep", file, `--results=${results}`, "--plan");
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^masking=true,seed=1 +20000 iterations$/m)]);
    // Four runs of twice the preset's two minutes, two at a time.
    expect(stdout).toMatch(/^time +about 8 min 0 s with 2 at a time: the preset takes 2 minutes for 10000 iterations/m);
    const json = await dnc("sweep", file, `--results=${results}`, "--plan", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      at_once: 2,
      runs: [{ name: "masking=true,seed=1", seed: 1 }, {}, {}, {}],
    });
    expect(readdirSync(folder)).toEqual(["sweep.json"]);
  });

  it.each([
    [{ preset: "nothing" }, [], 'unknown preset "nothing"; `dnc presets` lists them all'],
    [{ vary: { masking: [2] } }, [], "--masking: expected true, false or a number from 0 to below 1, got 2"],
    [{ vary: { colour: ["red"] } }, [], 'unknown flag "--colour"; `dnc train --help` lists them all'],
    [{ settings: { hidden_sise: 3 } }, [], "sweep.json: settings: unknown config key"],
    [{ metric: "held_out_exact_match" }, [], "sweep.json: metric: expected held_out_exact_match only with the setting"],
    [{ stop: { halving: { first: 300 } } }, [], "sweep.json: stop: halving: first: expected fewer than the 300"],
    [{}, ["--insecure"], "--insecure: expected only with --on, got it without"],
    [{}, ["--on=http://127.0.0.1:1"], "--results: expected a folder that this machine and the cluster share, got none"],
    [{}, ["--on=http://10.0.0.1:1", "--results=r"], "--on: expected https, or http to this machine"],
    [{}, ["more"], 'expected only flags after the file, got "more"'],
  ])("refuses %j with %j before anything is written", async (changes, args, message) => {
    const folder = temporaryFolder();
    const { file } = sweepIn(folder, changes);
    const { status, stderr } = await dnc("sweep", file, ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(readdirSync(folder)).toEqual(["sweep.json"]);
  });

  it("plans the same runs from the plan in a folder of results", async () => {
    const folder = temporaryFolder();
    const settings = { ...SETTINGS, num_training_iterations: 2 };
    const vary = { hidden_size: { logUniform: [4, 9], draws: 2 } };
    const stop = { halving: { first: 1 } };
    const { file, results } = sweepIn(folder, { settings, vary, seeds: [1], stop, budget: { minutes: 9 } });
    expect((await start(["sweep", file, `--results=${results}`]).ended).status).toBe(0);
    const plans = await Promise.all(
      [file, join(results, "sweep.json")].map(
        (each) => start(["sweep", each, `--results=${results}`, "--plan", "--json"]).ended,
      ),
    );
    expect(plans[1]?.out).toBe(plans[0]?.out);
    expect((await start(["sweep", join(results, "sweep.json"), `--results=${results}`]).ended).status).toBe(0);
  }, 60_000);

  it("refuses the folder of another sweep", async () => {
    const folder = temporaryFolder();
    const tiny = { settings: { ...SETTINGS, num_training_iterations: 2 }, seeds: [1], vary: {} };
    const { file, results } = sweepIn(folder, tiny);
    expect((await start(["sweep", file, `--results=${results}`]).ended).status).toBe(0);
    sweepIn(folder, { ...tiny, seeds: [1, 2] });
    const { status, stderr } = await dnc("sweep", file, `--results=${results}`);
    expect([status, stderr]).toEqual([
      2,
      `dnc: --results: expected a new folder or that of this sweep, got ${results}, whose sweep.json has other seeds\n`,
    ]);
  }, 60_000);
});
