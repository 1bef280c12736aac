/**
 * Makes the complete measurement on a machine with a GPU, in one command:
 *
 *     npm run bench:gpu -- --peers DIR --python PATH --reference DIR
 *
 * Its parts, in this order: facts about the machine; a check of each backend and its training step; a comparison with
 * reference data; the time of each kernel of the WebGPU engine; one short run of every variant of the peers; training iterations, timed alternately with the fastest
 * variants of JAX and PyTorch on the same GPU; a run of repeat copy on each backend to an exact match of 99%. Each part
 * has a time limit and writes files of its own into `--out`, and one that fails leaves a line in failures.jsonl and
 * nothing else undone. Results of earlier calls are kept: `--parts` selects the parts of this call. Exit status: 0 all
 * ran, 1 if something failed, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { script, UsageError } from "../flags.mjs";
import { root } from "../pnpm.mjs";
import { fastestVariants, ourCandidates, PEERS, peerCandidates, peerCheck } from "./gpu-candidates.mjs";
import { gpuFacts } from "./gpu-facts.mjs";
import { gpuReport } from "./gpu-report.mjs";
import { jsonLines } from "./json-lines.mjs";
import { runLimited } from "./limited.mjs";
import { trainUntil } from "./train-until.mjs";
import { WORKLOADS } from "./workloads.mjs";

const NAMES = Object.keys(WORKLOADS);
/** The parts in their order, and the time limit of each in seconds. */
const LIMITS = { facts: 180, doctor: 300, parity: 600, kernels: 120, tune: 1200, bench: 2400, train: 900 };
const PARTS = Object.keys(LIMITS);
/** Time limit of a candidate, and of a look whether a peer can run, in seconds. */
const [CANDIDATE_SECONDS, CHECK_SECONDS] = [300, 120];
const FLAGS = {
  peers: { kind: "text", help: "folder of the peers' scripts (default: no peers)" },
  python: { kind: "text", default: "python3", help: "a Python with jax and torch for this GPU" },
  platform: {
    kind: "choice",
    choices: ["gpu", "cpu"],
    default: "gpu",
    help: "platform of the peers; cpu for a trial run",
  },
  reference: { kind: "text", help: "folder of reference cases (default: tools/parity/cases)" },
  backends: { kind: "list", choices: ["webgpu", "cuda"], default: ["webgpu", "cuda"], help: "backends to measure" },
  workloads: { kind: "list", choices: NAMES, default: NAMES, help: "workloads to time" },
  rounds: { kind: "integer", min: 1, default: 3, help: "number of runs of every candidate" },
  seconds: { kind: "number", min: 0, default: 4, help: "length of each timed part" },
  tune_seconds: { kind: "number", min: 0, default: 1, help: "the same when variants of the peers are tried" },
  iterations: { kind: "integer", min: 1, default: 100_000, help: "maximum number of iterations of the training run" },
  share: { kind: "number", min: 0, max: 1, default: 0.99, help: "fraction of exact matches at which that run ends" },
  parts: { kind: "list", choices: PARTS, default: PARTS, help: "parts to run in this call" },
  limit: {
    kind: "number",
    min: 0,
    help: `seconds that a part may take (default: ${PARTS.map((part) => `${part} ${LIMITS[part]}`).join(", ")})`,
  },
  budget: { kind: "number", min: 0, default: 7200, help: "seconds that all parts may take together" },
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
  /** Name of the part that runs, and the time at which it has to end. */
  #part = "";
  #deadline = 0;
  #failures = 0;
  #isStopped = false;
  #present;

  constructor(options) {
    this.#options = options;
    this.#end = performance.now() + 1000 * options.budget;
    mkdirSync(options.out, { recursive: true });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
      process.once(signal, () => {
        this.#isStopped = true;
      });
  }

  async run() {
    const works = {
      ...{ facts: this.#facts, doctor: this.#doctor, parity: this.#parity, kernels: this.#kernels },
      ...{ tune: this.#tune, bench: this.#bench, train: this.#train },
    };
    for (const part of PARTS.filter((each) => this.#options.parts.includes(each))) {
      if (this.#isStopped) break;
      this.#begin(part);
      try {
        if (!this.#isOver(part)) await works[part].call(this);
        writeFileSync(this.#file("README.md"), gpuReport(this.#options));
      } catch (error) {
        this.#fail(error.message);
      }
    }
    return this.#failures > 0 || this.#isStopped ? 1 : 0;
  }

  #begin(part) {
    this.#part = part;
    this.#deadline = Math.min(this.#end, performance.now() + 1000 * (this.#options.limit ?? LIMITS[part]));
    const others = jsonLines(this.#file("failures.jsonl")).filter((line) => line.part !== part);
    writeFileSync(this.#file("failures.jsonl"), others.map((line) => `${JSON.stringify(line)}\n`).join(""));
    say(`== ${part}`);
  }

  async #facts() {
    const { python } = this.#options;
    writeFileSync(this.#file("facts.txt"), await gpuFacts({ python, seconds: this.#secondsLeft() }));
  }

  async #doctor() {
    await this.#logged("doctor.json", ["tools/dnc.mjs", "doctor", "--json"]);
  }

  async #parity() {
    const reference = resolve(this.#options.reference ?? join(root, "tools/parity/cases"));
    for (const backend of this.#options.backends) {
      const args = ["tools/parity.mjs", `--backend=${backend}`];
      await this.#logged(`parity-${backend}.txt`, args, [reference], "DIR");
    }
  }

  async #kernels() {
    if (!this.#options.backends.includes("webgpu")) return;
    for (const workload of this.#options.workloads) {
      if (this.#isOver(`kernels, ${workload}`)) return;
      const args = ["tools/bench/gpu-kernels.mjs", `--workload=${workload}`];
      const { output, reason } = await this.#run([process.execPath, ...args], this.#secondsLeft());
      const result = reason === undefined ? parsed(output) : { error: reason };
      const line = { ...result, workload, command: `node ${args.join(" ")}` };
      appendFileSync(this.#file("kernels.jsonl"), `${JSON.stringify(line)}\n`);
      if (result.error === undefined) say(`kernels, ${workload}: ${result.us_sum} us`);
      else this.#fail(`kernels, ${workload}: ${result.error}`);
    }
  }

  async #tune() {
    const options = { ...this.#options, seconds: this.#options.tune_seconds };
    const present = await this.#presentPeers();
    const all = options.workloads.map((workload) => ({ workload, list: peerCandidates(options, workload, present) }));
    // By rank: if time runs out, the variants that are left out are those that are expected to be slow.
    for (let rank = 0; rank < Math.max(...all.map(({ list }) => list.length)); rank++)
      for (const { workload, list } of all)
        if (rank < list.length) await this.#timed(list[rank], { workload }, "tune.jsonl");
  }

  async #bench() {
    const { workloads, rounds } = this.#options;
    const present = await this.#presentPeers();
    const tried = jsonLines(this.#file("tune.jsonl"));
    for (let round = 1; round <= rounds; round++)
      for (const workload of workloads) {
        const variants = peerCandidates(this.#options, workload, present);
        const peers = fastestVariants(
          variants,
          tried.filter((line) => line.workload === workload),
        );
        for (const candidate of [...ourCandidates(this.#options, workload), ...peers])
          await this.#timed(candidate, { round, workload }, "raw.jsonl");
      }
  }

  /** Finds the peers that can run here. The others are one failure each. */
  async #presentPeers() {
    const { peers, python, platform } = this.#options;
    if (peers === undefined) return [];
    if (this.#present) return this.#present;
    this.#present = [];
    for (const peer of PEERS) {
      const seconds = Math.min(CHECK_SECONDS, this.#secondsLeft());
      const { reason } = await runLimited([python, "-c", peerCheck(peer, platform)], { seconds });
      if (reason === undefined) this.#present.push(peer);
      else this.#fail(`${peer} is left out: ${reason}`);
    }
    return this.#present;
  }

  /** Runs a candidate and appends its line of results to a file. */
  async #timed({ name, ours, command, display }, where, file) {
    const what = Object.values(where).join(" ");
    if (this.#isOver(`${name}, ${what}`)) return;
    const seconds = Math.min(CANDIDATE_SECONDS, this.#secondsLeft());
    const { output, reason } = await this.#run(command, seconds);
    const result = reason === undefined ? parsed(output) : { error: reason };
    const line = { candidate: name, ours, ...where, ...result, command: display };
    appendFileSync(this.#file(file), `${JSON.stringify(line)}\n`);
    if (result.error !== undefined) this.#fail(`${name}, ${what}: ${result.error}`);
    else say(`${what} ${name}: ${line.it_per_s_median} it/s, ${line.it_per_s_pipelined} pipelined`);
  }

  async #train() {
    const { backends, iterations, share } = this.#options;
    for (const backend of backends) {
      if (this.#isOver(`training on ${backend}`)) continue;
      const scratch = mkdtempSync(join(tmpdir(), "dnc-gpu-"));
      const flags = ["--json", `--backend=${backend}`, "--seed=1", `--num_training_iterations=${iterations}`];
      const [seconds, folder] = [this.#secondsLeft(), `--checkpoint_dir=${join(scratch, "run")}`];
      const run = await trainUntil([...flags, "--report_interval=500", folder], share, { seconds });
      rmSync(scratch, { recursive: true, force: true });
      const { curve, reached, engine, error, stopped } = run;
      writeFileSync(this.#file(`curve-${backend}.jsonl`), curve.map((each) => `${JSON.stringify(each)}\n`).join(""));
      const command = ["npm run dnc -- train", ...flags, "--report_interval=500"].join(" ");
      const line = { backend, share, engine, reached, last: curve.at(-1), error, stopped, command };
      appendFileSync(this.#file("train.jsonl"), `${JSON.stringify(line)}\n`);
      if (reached) say(`${backend}: ${reached.step} iterations, ${reached.seconds.toFixed(1)} s`);
      else this.#fail(`training on ${backend}: ${error ?? (stopped ? "stopped before the goal" : "goal not reached")}`);
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
    appendFileSync(this.#file("commands.txt"), `node ${[...args, display].join(" ").trim()} > ${file}\n`);
    const { output, reason } = await this.#run([process.execPath, ...args, ...hidden], this.#secondsLeft());
    writeFileSync(this.#file(file), output);
    if (reason === undefined) say(`${file}: done`);
    else this.#fail(`${file}: ${reason}`);
  }

  /** Runs a program; its standard error also goes to errors.log. */
  #run(command, seconds) {
    const errors = this.#file("errors.log");
    appendFileSync(errors, `== ${command.slice(1).join(" ")}\n`);
    return runLimited(command, { seconds, errors, env: withCaches(process.env) });
  }

  #secondsLeft() {
    return Math.max(0, (this.#deadline - performance.now()) / 1000);
  }

  #isOver(what) {
    if (this.#isStopped) return true;
    if (performance.now() < this.#deadline) return false;
    this.#fail(`out of time, left out: ${what}`);
    return true;
  }

  #fail(what) {
    this.#failures++;
    appendFileSync(this.#file("failures.jsonl"), `${JSON.stringify({ part: this.#part, what })}\n`);
    say(`${this.#part}: ${what}`);
  }

  #file(name) {
    return join(this.#options.out, name);
  }
}

/** Keeps what the peers compile, so that only the first round waits for it. */
function withCaches(env) {
  const cache = join(tmpdir(), "dnc-gpu-cache");
  return {
    JAX_COMPILATION_CACHE_DIR: join(cache, "jax"),
    TORCHINDUCTOR_CACHE_DIR: join(cache, "inductor"),
    ...env,
  };
}

function parsed(output) {
  try {
    return JSON.parse(output.trim().split("\n").at(-1));
  } catch {
    return { error: "printed no result" };
  }
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

process.exitCode = await script({ name: "gpu", call: "npm run bench:gpu --", flags: FLAGS, check }, main);
