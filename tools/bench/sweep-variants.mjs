/**
 * Compares variants of the memory on the default repeat copy at equal time: a sweep of their combinations with many seeds, its page, its
 * runs as CSV, its figures, and a report:
 *
 *     node tools/bench/sweep-variants.mjs --keep=runs/sweep-variants
 *
 * With `--keep` a sweep that was ended goes on, and `--parts=report` makes the report of one from another machine. Exit status: 0 all runs
 * have a result, 1 if one failed or is missing, 2 if the command is wrong, 130 if the sweep was ended.
 */
import "../node-version.mjs";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { script, UsageError } from "../flags.mjs";
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { sweepVariantsReport } from "./sweep-variants-report.mjs";

const FOLDER = "bench/results/sweep-variants";

const FLAGS = {
  sweep: { kind: "text", default: `${FOLDER}/sweep.json`, help: "file of the sweep" },
  parts: { kind: "list", choices: ["sweep", "report"], default: ["sweep", "report"], help: "what to do" },
  keep: { kind: "text", help: "folder of the sweep's results, where it goes on (default: none is kept)" },
  machine: { kind: "text", help: "machine of the sweep, if this script did not make it (default: as recorded)" },
  out: { kind: "text", default: FOLDER, help: "folder for README.md, the page, the CSV and the figures" },
};

const DNC = join(root, "apps/trainer/bin/dnc.js");

/** The results as the commands of the page name them. */
const NAME = "runs/sweep-variants";

process.exitCode = await script(
  { name: "sweep-variants", call: "node tools/bench/sweep-variants.mjs", flags: FLAGS, check },
  main,
);

function check({ parts, keep, sweep }) {
  if (keep === undefined && !(parts.includes("sweep") && parts.includes("report")))
    throw new UsageError(`--keep: expected a folder with --parts=${parts.join(",")}, got no such flag.`);
  if (!parts.includes("sweep") && !existsSync(join(keep, "sweep.json")))
    throw new UsageError(`--keep: expected the results of a sweep, got ${keep}.`);
  if (parts.includes("sweep") && !existsSync(sweep))
    throw new UsageError(`--sweep: expected the file of a sweep, got ${sweep}.`);
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ sweep, parts, keep, machine, out }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const scratch = mkdtempSync(join(tmpdir(), "dnc-sweep-variants-"));
  const results = keep ? resolve(keep) : join(scratch, "results");
  try {
    let status = 0;
    if (parts.includes("sweep")) {
      status = await train(resolve(sweep), results);
      if (status > 1) return status;
    }
    return parts.includes("report") ? Math.max(status, await report(results, { scratch, machine, out })) : status;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Carries the sweep out, or goes on with it, and records where. @returns {Promise<number>} the exit status. */
async function train(sweep, results) {
  const { status } = await run([process.execPath, DNC, "sweep", sweep, `--results=${results}`], { stdio: "inherit" });
  const file = factsFile(results);
  if (existsSync(join(results, "sweep.json")) && !existsSync(file)) {
    const facts = { machine: machineFacts().join("; "), commit: commit(), date: new Date().toISOString().slice(0, 10) };
    writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
  }
  return status;
}

function factsFile(results) {
  return join(results, "machine.json");
}

/** Writes the page, the CSV, the figures and README.md. @returns {Promise<number>} the exit status. */
async function report(results, { scratch, machine, out }) {
  const stage = join(scratch, "stage");
  const place = join(stage, NAME);
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(results, place, "junction");
  mkdirSync(out, { recursive: true });
  for (const words of [
    ["--out=report.html", "--svg=figures", "--backend=cpu"],
    ["--csv", "--out=runs.csv"],
  ]) {
    const made = await run([process.execPath, DNC, "report", NAME, ...words], { cwd: stage });
    process.stderr.write(made.output);
    if (made.status !== 0) return 1;
  }
  rmSync(join(out, "figures"), { recursive: true, force: true }); // a figure without data is not made again
  for (const name of ["report.html", "runs.csv", "figures"])
    cpSync(join(stage, name), join(out, name), { recursive: true });
  const reader = pathToFileURL(join(root, "apps/trainer/dist/sweep/read-results.js"));
  const { readSweepResults } = await import(reader.href);
  const recorded = existsSync(factsFile(results)) ? JSON.parse(readFileSync(factsFile(results), "utf8")) : {};
  const facts = machine === undefined ? recorded : { ...recorded, machine };
  const { budget } = JSON.parse(readFileSync(join(results, "sweep.json"), "utf8"));
  const { runs, settings } = readSweepResults(results);
  writeFileSync(join(out, "README.md"), sweepVariantsReport({ runs, settings, budget, facts }));
  return runs.every(({ status }) => status === "finished" || status === "stopped") ? 0 : 1;
}
