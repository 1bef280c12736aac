/**
 * Makes the complete measurement on a machine with a GPU, in one command:
 *
 *     npm run bench:gpu -- --peers DIR --python PATH --reference DIR
 *
 * It checks each backend and its training step, compares with reference data, times training iterations alternately
 * with jitted JAX and compiled PyTorch on the same GPU, and makes a complete repeat-copy run on each backend with its
 * curve. Raw results and a report go to `--out`. Results of earlier calls are kept: `--parts` selects the parts of this
 * call, `--budget` limits when a new one may start. Exit status: 0 all ran, 1 if something failed, 2 if the command is
 * wrong.
 */
import "../node-version.mjs";
import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { script, UsageError } from "../flags.mjs";
import { gpuCandidates } from "./gpu-candidates.mjs";
import { gpuReport } from "./gpu-report.mjs";
import { lastLine } from "./last-line.mjs";
import { logged } from "./logged.mjs";
import { WORKLOADS } from "./workloads.mjs";

const NAMES = Object.keys(WORKLOADS);
const PARTS = ["doctor", "parity", "bench", "train"];
/** Timeout of a candidate, in milliseconds. */
const TIMEOUT_MS = 300_000;
const FLAGS = {
  peers: { kind: "text", help: "folder of the peers' scripts (default: no peers)" },
  python: { kind: "text", default: "python3", help: "a Python with jax and torch for this GPU" },
  platform: {
    kind: "choice",
    choices: ["gpu", "cpu"],
    default: "gpu",
    help: "platform of the peers; cpu for a trial run",
  },
  reference: { kind: "text", default: "tools/parity/cases", help: "folder of reference cases" },
  backends: { kind: "list", choices: ["webgpu", "cuda"], default: ["webgpu", "cuda"], help: "backends to measure" },
  workloads: { kind: "list", choices: NAMES, default: NAMES, help: "workloads to time" },
  rounds: { kind: "integer", min: 1, default: 3, help: "number of runs of every candidate" },
  seconds: { kind: "number", min: 0, default: 4, help: "length of each timed part" },
  iterations: { kind: "integer", min: 1, default: 40_000, help: "iterations of the complete training run" },
  parts: { kind: "list", choices: PARTS, default: PARTS, help: "parts to run in this call" },
  budget: { kind: "number", min: 0, default: 3600, help: "seconds after which no new part starts" },
  out: { kind: "text", default: "bench/results/gpu", help: "folder for raw results and README.md" },
};

function check({ peers }) {
  if (peers !== undefined && !existsSync(join(peers, "bench_jax.py")))
    throw new UsageError(`--peers: expected a folder with bench_jax.py, got "${peers}".`);
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  return new Measurement({ ...options, out: resolve(options.out) }).run();
}

class Measurement {
  #options;
  #end;
  #failed = false;

  constructor(options) {
    this.#options = options;
    this.#end = performance.now() + 1000 * options.budget;
    mkdirSync(options.out, { recursive: true });
  }

  async run() {
    const works = { doctor: this.#doctor, parity: this.#parity, bench: this.#bench, train: this.#train };
    for (const part of this.#options.parts) {
      await works[part].call(this);
      this.#report();
    }
    return this.#failed ? 1 : 0;
  }

  async #doctor() {
    await this.#logged("doctor.json", ["tools/dnc.mjs", "doctor", "--json"]);
  }

  async #parity() {
    for (const backend of this.#options.backends) {
      const args = ["tools/parity.mjs", `--backend=${backend}`];
      await this.#logged(`parity-${backend}.log`, args, [resolve(this.#options.reference)], "DIR");
    }
  }

  async #bench() {
    const { workloads, rounds, out } = this.#options;
    const raw = join(out, "raw.jsonl");
    for (const workload of workloads)
      for (let round = 1; round <= rounds; round++)
        for (const candidate of gpuCandidates(this.#options).filter((one) => one.workloads.includes(workload))) {
          if (this.#isOver(`${candidate.name}, ${workload}, round ${round}`)) continue;
          const line = { candidate: candidate.name, ours: candidate.ours, round, workload };
          Object.assign(line, await timed(candidate, workload), { command: candidate.display(workload) });
          this.#failed ||= line.error !== undefined;
          appendFileSync(raw, `${JSON.stringify(line)}\n`);
          say(`${workload} ${round}/${rounds} ${candidate.name}: ${line.error ?? `${line.it_per_s_median} it/s`}`);
        }
  }

  async #train() {
    const { backends, iterations, out } = this.#options;
    for (const backend of backends) {
      const scratch = mkdtempSync(join(tmpdir(), "dnc-gpu-"));
      const flags = [
        `--backend=${backend}`,
        "--seed=1",
        `--num_training_iterations=${iterations}`,
        "--report_interval=500",
      ];
      const run = join(scratch, "run");
      await this.#logged(`train-${backend}.log`, ["tools/dnc.mjs", "train", ...flags], [`--checkpoint_dir=${run}`]);
      const metrics = join(run, "metrics.jsonl");
      if (existsSync(metrics)) copyFileSync(metrics, join(out, `curve-${backend}.jsonl`));
      rmSync(scratch, { recursive: true, force: true });
    }
  }

  /**
   * Runs a program of this repository; writes its standard output to a file of results, and its command to a line of
   * commands.txt.
   *
   * @param hidden - arguments that name folders of this machine, displayed as `display`.
   */
  async #logged(file, args, hidden = [], display = "") {
    if (this.#isOver(file)) return;
    appendFileSync(join(this.#options.out, "commands.txt"), `node ${[...args, display].join(" ").trim()} > ${file}\n`);
    const status = await logged([process.execPath, ...args, ...hidden], join(this.#options.out, file));
    say(`${file}: ${status === 0 ? "done" : `ended with ${status}`}`);
    this.#failed ||= status !== 0;
  }

  #isOver(what) {
    if (performance.now() < this.#end) return false;
    say(`out of time, left out: ${what}`);
    this.#failed = true;
    return true;
  }

  #report() {
    writeFileSync(join(this.#options.out, "README.md"), gpuReport(this.#options));
  }
}

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

process.exitCode = await script({ name: "gpu", call: "npm run bench:gpu --", flags: FLAGS, check }, main);
