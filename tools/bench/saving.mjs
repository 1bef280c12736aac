/**
 * What saving costs: `node tools/bench/saving.mjs [--rounds N] [--iterations N] [flags of dnc train]` trains without
 * checkpoints and with one every 10 iterations, a hundred times as often as every 1000, in turn. The difference of the
 * medians, divided by a hundred, is what an interval of 1000 costs. A JSON line a run, then one of the whole.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../pnpm.mjs";
import { setUp } from "../setup.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { quantiles } from "./quantiles.mjs";

const OFTEN = 10;
const ASKED = 1000;

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, iterations: { type: "string", default: "10000" } },
});
const iterations = Number(values.iterations);

await setUp();
const folder = mkdtempSync(join(tmpdir(), "dnc-saving-"));
try {
  const seconds = { never: [], often: [], asked: [] };
  const intervals = { never: -1, often: OFTEN, asked: ASKED };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, interval] of Object.entries(intervals)) {
      const took = train(join(folder, `${name}-${round}`), interval);
      seconds[name].push(took);
      console.log(JSON.stringify({ checkpoint_interval: interval, round, seconds: took }));
    }
  }
  const median = (name) => quantiles(seconds[name]).p50;
  const each = (median("often") - median("never")) / (iterations / OFTEN);
  const share = (each * (iterations / ASKED)) / median("never");
  const result = {
    iterations,
    seconds_never: median("never"),
    seconds_every_10: median("often"),
    seconds_every_1000: median("asked"),
    milliseconds_each: Number((1000 * each).toFixed(2)),
    percent_at_1000: Number((100 * share).toFixed(3)),
    percent_at_1000_directly: Number((100 * (median("asked") / median("never") - 1)).toFixed(2)),
  };
  console.log(JSON.stringify({ ...result, commit: commit(), machine: machineFacts() }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds that the run itself counted, from its first iteration to its last report. */
function train(run, interval) {
  const flags = ["--seed=1", `--num_training_iterations=${iterations}`, `--checkpoint_interval=${interval}`];
  const args = [join(root, "apps/trainer/bin/dnc.js"), "train", ...flags, `--checkpoint_dir=${run}`, "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)).seconds;
}
