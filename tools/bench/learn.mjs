/**
 * Measures how long the default configuration takes to learn repeat copy: trains with several seeds until a report
 * shows an exact match of at least 99% over the interval's new sequences, and writes every curve and a report:
 *
 *     node tools/bench/learn.mjs --out bench/results/learning-to-99
 *
 * Exit status: 0 all seeds ran (whether or not they reached 99%), 1 if one failed, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { script } from "../flags.mjs";
import { learningReport } from "./learn-report.mjs";
import { trainUntil } from "./train-until.mjs";

const FLAGS = {
  seeds: { kind: "integer", min: 1, max: 99, default: 5, help: "number of seeds: 1, 2, 3 ..." },
  iterations: { kind: "integer", min: 1, default: 100_000, help: "maximum number of iterations" },
  report_interval: { kind: "integer", min: 1, default: 500, help: "iterations between reports" },
  share: { kind: "number", min: 0, max: 1, default: 0.99, help: "target fraction of exact matches in an interval" },
  engine: {
    kind: "choice",
    choices: ["auto", "native", "wasm", "ops"],
    default: "auto",
    help: "engine of the cpu backend",
  },
  threads: { kind: "integer", min: 1, max: 32, help: "threads of the cpu backend (default: the trainer's)" },
  out: { kind: "text", default: "bench/results/learning-to-99", help: "folder for curves and README.md" },
};

process.exitCode = await script({ name: "learn", call: "node tools/bench/learn.mjs", flags: FLAGS }, main);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const scratch = mkdtempSync(join(tmpdir(), "dnc-learn-"));
  try {
    return await learn({ ...options, out: resolve(options.out) }, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function learn(options, scratch) {
  const { seeds, share, out } = options;
  mkdirSync(out, { recursive: true });
  const runs = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const flags = trainerFlags(options, seed);
    const run = await trainUntil([...flags, `--checkpoint_dir=${join(scratch, `seed-${seed}`)}`], share);
    writeFileSync(join(out, `seed-${seed}.jsonl`), run.curve.map((report) => `${JSON.stringify(report)}\n`).join(""));
    runs.push({ seed, flags, ...run });
    const reached = run.reached ? `${run.reached.step} iterations, ${run.reached.seconds.toFixed(1)} s` : "not reached";
    process.stderr.write(`seed ${seed}: ${run.error ?? reached}\n`);
    writeFileSync(join(out, "README.md"), learningReport(runs, options));
    if (run.stopped) return 1;
  }
  return runs.some(({ error }) => error) ? 1 : 0;
}

/** Returns all flags that are not the trainer's default. */
function trainerFlags({ iterations, report_interval, engine, threads }, seed) {
  return [
    ...["--json", "--backend=cpu", `--seed=${seed}`],
    ...[`--num_training_iterations=${iterations}`, `--report_interval=${report_interval}`],
    ...(engine === "auto" ? [] : [`--engine=${engine}`]),
    ...(threads === undefined ? [] : [`--threads=${threads}`]),
  ];
}
