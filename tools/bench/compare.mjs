/**
 * Times this repository and the peers alternately, round by round, and writes raw results and a report:
 *
 *     node tools/bench/compare.mjs --peers DIR --python PATH --rounds 3 --seconds 5 --out bench/results/cpu
 *
 * DIR holds bench_jax.py and bench_torch.py. Exit status: 0 all ran, 1 if a candidate failed, 2 if the command is
 * wrong.
 */
import "../node-version.mjs";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { script, UsageError } from "../flags.mjs";
import { candidates } from "./candidates.mjs";
import { compareReport } from "./compare-report.mjs";
import { lastLine } from "./last-line.mjs";
import { WORKLOADS } from "./workloads.mjs";

const NAMES = Object.keys(WORKLOADS);
const MODES = ["eager", "compile", "compile-unroll"];
const FLAGS = {
  peers: { kind: "text", required: true, help: "folder of the peers' scripts" },
  python: { kind: "text", default: "python3", help: "a Python with jax and torch" },
  rounds: { kind: "integer", min: 1, default: 3, help: "number of runs of every candidate" },
  seconds: { kind: "number", min: 0, default: 5, help: "length of each timed part" },
  wait_idle: {
    kind: "number",
    min: 0,
    default: 0,
    help: "longest wait for an idle machine before each run, in seconds",
  },
  workloads: { kind: "list", choices: NAMES, default: NAMES, help: "workloads to time" },
  engines: {
    kind: "list",
    choices: ["native", "wasm"],
    default: ["native", "wasm"],
    help: "engines of this repository; native must be built: npm run build:native",
  },
  torch_modes: { kind: "list", choices: MODES, default: ["eager", "compile"], help: "modes of PyTorch" },
  torch_threads: { kind: "list", choices: ["1", "2"], default: ["1"], help: "numbers of threads of PyTorch" },
  skip_compile: { kind: "list", choices: NAMES, default: [], help: "workloads without torch.compile" },
  out: {
    kind: "text",
    default: "bench/results/cpu",
    help: "folder for raw.jsonl and README.md, which are overwritten",
  },
};
/** Timeout of a candidate, in milliseconds: torch.compile may take minutes. */
const TIMEOUT_MS = 1_800_000;

process.exitCode = await script({ name: "compare", call: "node tools/bench/compare.mjs", flags: FLAGS, check }, main);

function check({ peers }) {
  if (!existsSync(join(peers, "bench_jax.py")))
    throw new UsageError(`--peers: expected a folder with bench_jax.py, got "${peers}".`);
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  return compare({ ...options, peers: resolve(options.peers), out: resolve(options.out) });
}

async function compare(options) {
  const { rounds, workloads, out } = options;
  const raw = join(out, "raw.jsonl");
  mkdirSync(out, { recursive: true });
  writeFileSync(raw, "");
  const all = candidates(options);
  const lines = [];
  // The running candidate gets the signal too; finished results are kept.
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => {
      stopped = true;
    });
  for (const workload of workloads)
    for (let round = 1; round <= rounds; round++) {
      for (const candidate of all.filter((one) => one.workloads.includes(workload))) {
        const line = { candidate: candidate.name, round, workload, ...(await timed(candidate, workload)) };
        if (stopped) return 1;
        lines.push(line);
        appendFileSync(raw, `${JSON.stringify(line)}\n`);
        say(`${workload} ${round}/${rounds} ${candidate.name}: ${line.error ?? `${line.it_per_s_median} it/s`}`);
      }
      writeFileSync(join(out, "README.md"), compareReport(lines, all, options));
    }
  return lines.some(({ error }) => error) ? 1 : 0;
}

/** Runs a candidate and parses its line of results, or `error`. Its standard error is shown. */
async function timed(candidate, workload) {
  try {
    return JSON.parse(await lastLine(candidate.command(workload), TIMEOUT_MS));
  } catch (error) {
    return { error: error instanceof SyntaxError ? "printed no result" : error.message };
  }
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
