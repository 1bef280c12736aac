/**
 * Starts a training process repeatedly from one checkpoint, on several threads, and compares each iteration to that of
 * one thread: `node tools/bench/starts.mjs [--starts N] [--threads N] [--iterations N]`. Prints one JSON line per start
 * that differs, with the first iteration that differs, and a summary line; status 1 if any differs.
 *
 * This finds errors that happen once per process: when a thread joins, when code is compiled, when memory is used for
 * the first time.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../pnpm.mjs";
import { setUp } from "../setup.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { median } from "./quantiles.mjs";

const { values } = parseArgs({
  options: {
    starts: { type: "string", default: "100" },
    threads: { type: "string", default: "2" },
    iterations: { type: "string", default: "200" },
  },
});
const NETWORK = {
  seed: 7,
  hidden_size: 8,
  memory_size: 4,
  word_size: 4,
  num_read_heads: 1,
  batch_size: 2,
  num_bits: 2,
  report_interval: 50,
  checkpoint_interval: 20,
};
const FIRST = 200;
const COMMAND = join(root, "apps/trainer/bin/dnc.js");
const HOOK = pathToFileURL(join(root, "tools/bench/step-log.mjs")).href;
const end = FIRST + Number(values.iterations);

await setUp();
const folder = mkdtempSync(join(tmpdir(), "dnc-starts-"));
try {
  const base = join(folder, "base");
  const flags = Object.entries(NETWORK).map(([name, value]) => `--${name}=${value}`);
  dnc([...flags, "--threads=1", `--num_training_iterations=${FIRST}`, `--checkpoint_dir=${base}`]);
  const expected = start(base, 1).steps;
  const [joins, differing, seconds] = [[], [], []];
  for (let index = 1; index <= Number(values.starts); index++) {
    const { steps, took } = start(base, values.threads);
    seconds.push(took);
    const joined = steps.findIndex(({ threads }) => threads > 1);
    joins.push(joined < 0 ? null : joined + 1);
    const first = expected.findIndex((step, at) => !isSame(step, steps[at]));
    if (first < 0) continue;
    differing.push(index);
    console.log(
      JSON.stringify({
        start: index,
        joined: joined + 1,
        iteration: first + 1,
        got: steps[first],
        expected: expected[first],
      }),
    );
  }
  const joined = joins.filter((join) => join !== null);
  const result = {
    starts: joins.length,
    in_which_threads_joined: joined.length,
    joined_at_iteration: { first: Math.min(...joined), median: median(joined), last: Math.max(...joined) },
    iterations_compared: joins.length * expected.length,
    starts_that_differ: differing.length,
    seconds_a_start: median(seconds),
  };
  console.log(JSON.stringify({ ...result, options: values, commit: commit(), machine: machineFacts() }));
  process.exitCode = differing.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Resumes a copy of the run in a new process. */
function start(base, threads) {
  const [copy, log] = [join(folder, "copy"), join(folder, "log")];
  for (const path of [copy, log]) rmSync(path, { recursive: true, force: true });
  cpSync(base, copy, { recursive: true });
  const began = performance.now();
  dnc([`--resume=${copy}`, `--num_training_iterations=${end}`, `--threads=${threads}`], log);
  const took = Math.round(performance.now() - began) / 1000;
  return {
    took,
    steps: readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  };
}

function dnc(args, log) {
  const hook = log ? ["--import", HOOK] : [];
  const { status, stderr } = spawnSync(process.execPath, [...hook, COMMAND, "train", ...args], {
    encoding: "utf8",
    env: { ...process.env, STEP_LOG: log },
  });
  if (status !== 0) throw new Error(`expected status 0, got ${status}: ${stderr}`);
}

function isSame(one, other) {
  return ["batch", "loss", "globalNorm"].every((name) => one[name] === other?.[name]);
}
