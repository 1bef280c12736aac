/**
 * Trains presets with several seeds, one thread each and as many at a time as there are cores, and grades them:
 *
 *     node tools/bench/presets.mjs --presets=copy,associative-recall --seeds=1,2,3
 *
 * Writes each run's curve and grade, and a table of all that are in the folder; what is there already is not run again. Exit status: 0
 * all were trained and graded, passed or not, 1 if one failed, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { script } from "../flags.mjs";
import { run } from "../process.mjs";
import { jsonLines } from "./json-lines.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { needsBabiFiles, presetsReport } from "./presets-report.mjs";

const FLAGS = {
  presets: { kind: "list", help: "names of presets (default: all that were run within an hour)" },
  seeds: { kind: "list", default: ["1", "2", "3"], help: "seeds of each" },
  at_once: { kind: "integer", min: 1, default: availableParallelism(), help: "runs at a time, of one thread each" },
  again: { kind: "switch", help: "also run what the folder has already" },
  babi_dir: { kind: "text", help: "folder of bAbI's files, for its presets (default: they are not run)" },
  keep: { kind: "text", help: "folder that keeps the runs, with their checkpoints (default: none is kept)" },
  out: { kind: "text", default: "bench/results/tasks", help: "folder for curves, grades and README.md" },
};

const DNC = fileURLToPath(new URL("../../apps/trainer/bin/dnc.js", import.meta.url));

process.exitCode = await script({ name: "presets", call: "node tools/bench/presets.mjs", flags: FLAGS }, main);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ presets, seeds, at_once, again, babi_dir, keep, out }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const folder = resolve(out);
  mkdirSync(folder, { recursive: true });
  const { output } = await run([process.execPath, DNC, "presets", "--json"]);
  const known = lastObject(output);
  const isBabi = (name) => needsBabiFiles(known[name]?.settings);
  const names =
    presets ??
    Object.keys(known).filter((name) => known[name].minutes !== null && (babi_dir !== undefined || !isBabi(name)));
  const missing = babi_dir === undefined ? names.find(isBabi) : undefined;
  if (missing !== undefined) {
    console.error(
      `presets: --babi_dir: expected the folder of bAbI's files for the preset ${missing}, got no such flag.`,
    );
    return 2;
  }
  const filesOf = (name) => (isBabi(name) ? `--babi_dir=${resolve(babi_dir)}` : undefined);
  const jobs = seeds.flatMap((seed) => names.map((preset) => ({ preset, seed })));
  const left = jobs.filter(({ preset, seed }) => again || !existsSync(join(folder, `${preset}-seed-${seed}.json`)));
  const scratch = keep ? resolve(keep) : mkdtempSync(join(tmpdir(), "dnc-presets-"));
  let status = 0;
  // Signals go to what runs, which ends; what it left is no result.
  const stop = () => {
    status = 1;
    left.length = 0;
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  const work = async () => {
    for (let job = left.shift(); job; job = left.shift()) {
      const { num_training_iterations: iterations } = known[job.preset].settings;
      const error = await trainAndGrade({ ...job, iterations, files: filesOf(job.preset) }, folder, scratch);
      if (error) status = 1;
      process.stderr.write(`${job.preset}, seed ${job.seed}: ${error ?? "done"}\n`);
      writeFileSync(join(folder, "README.md"), presetsReport(folder, known));
    }
  };
  try {
    await Promise.all(Array.from({ length: at_once }, work));
  } finally {
    if (!keep) rmSync(scratch, { recursive: true, force: true });
  }
  writeFileSync(join(folder, "README.md"), presetsReport(folder, known));
  return status;
}

/** Trains a preset with a seed, and grades it. @returns {Promise<string | undefined>} what went wrong. */
async function trainAndGrade({ preset, seed, iterations, files }, folder, scratch) {
  const name = `${preset}-seed-${seed}`;
  const place = join(scratch, name);
  if (existsSync(place)) return `--keep: expected no run of before, got ${place}`; // it would be graded as if it were new
  const flags = [`--preset=${preset}`, `--seed=${seed}`, "--backend=cpu", "--threads=1"];
  const given = files ? [...flags, files] : flags;
  const started = performance.now();
  const trained = await run([process.execPath, DNC, "train", ...given, `--checkpoint_dir=${place}`]);
  const minutes = (performance.now() - started) / 60_000;
  // A run that diverges is a result, too.
  const graded = await run([process.execPath, DNC, "grade", place, "--json", "--backend=cpu", "--threads=1"]);
  let grade;
  try {
    grade = lastObject(graded.output);
  } catch {
    return `${trained.output}${graded.output}`.trim().split("\n").at(-1);
  }
  if (trained.status === 0 && grade.step !== iterations) return `ended at iteration ${grade.step} of ${iterations}`;
  const curve = jsonLines(join(place, "metrics.jsonl")).filter(({ loss }) => loss !== undefined);
  const { run: _, ...result } = { ...grade, passed: grade.passed && trained.status === 0 };
  const { engine } = JSON.parse(
    readFileSync(join(place, "checkpoints", `step-${String(grade.step).padStart(8, "0")}`, "state.json"), "utf8"),
  );
  const record = {
    ...result,
    seed: Number(seed),
    minutes,
    completed: trained.status === 0,
    command: `dnc train ${[...flags, ...(files ? ["--babi_dir=FOLDER"] : [])].join(" ")}`,
    engine,
  };
  const facts = { machine: machineFacts().join("; "), commit: commit(), date: new Date().toISOString().slice(0, 10) };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ ...record, ...facts }, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.jsonl`), curve.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return undefined;
}

/** Reads the last line of a program's output that is an object. @throws SyntaxError if there is none. */
function lastObject(output) {
  return JSON.parse(output.split("\n").findLast((line) => line.startsWith("{")) ?? "");
}
