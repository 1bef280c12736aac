/**
 * Makes published comparisons again, each with three seeds or more, by `dnc compare`:
 *
 *     node tools/bench/comparisons.mjs --names=links,masking
 *
 * Writes what each run reached, and a table of all comparisons that are in the folder. Exit status: 0 all runs were trained and graded,
 * passed or not, 1 if one failed, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { script } from "../flags.mjs";
import { run } from "../process.mjs";
import { COMPARISONS, comparisonsReport } from "./comparisons-report.mjs";
import { jsonLines } from "./json-lines.mjs";
import { commit, machineFacts } from "./machine.mjs";

const FLAGS = {
  names: { kind: "list", choices: Object.keys(COMPARISONS), help: "which comparisons (default: all)" },
  at_once: { kind: "integer", min: 1, default: availableParallelism(), help: "runs at a time, of one thread each" },
  keep: { kind: "text", help: "folder that keeps the runs, where a comparison goes on (default: none is kept)" },
  out: { kind: "text", default: "bench/results/comparisons", help: "folder for records and README.md" },
};

const DNC = fileURLToPath(new URL("../../apps/trainer/bin/dnc.js", import.meta.url));

process.exitCode = await script({ name: "comparisons", call: "node tools/bench/comparisons.mjs", flags: FLAGS }, main);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ names = Object.keys(COMPARISONS), at_once, keep, out }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  mkdirSync(out, { recursive: true });
  const scratch = keep ? resolve(keep) : mkdtempSync(join(tmpdir(), "dnc-comparisons-"));
  let status = 0;
  try {
    for (const name of names) {
      const { preset, vary, seeds = "1,2,3" } = COMPARISONS[name];
      const words = ["compare", preset, `--vary=${vary}`, `--seeds=${seeds}`];
      const place = [`--out=${join(scratch, name)}`, `--at_once=${at_once}`, "--json"];
      const compared = await run([process.execPath, DNC, ...words, ...place]);
      const found = compared.output.split("\n").findLast((line) => line.startsWith("{"));
      if (compared.status !== 0) status = 1;
      if (found === undefined) {
        process.stderr.write(`${compared.output.trim().split("\n").at(-1)}\n`);
        continue;
      }
      const { runs: trained } = JSON.parse(found);
      const runs = trained.map(({ run: _, ...reached }) => reached);
      // Of the trainings, also those that were made before.
      const seconds = trained.map(({ run: folder }) => jsonLines(join(folder, "metrics.jsonl")).at(-1)?.seconds ?? 0);
      const command = `dnc ${words.map((word) => (/[\s;]/.test(word) ? `"${word}"` : word)).join(" ")}`;
      const facts = {
        machine: machineFacts().join("; "),
        commit: commit(),
        date: new Date().toISOString().slice(0, 10),
      };
      const minutes = seconds.reduce((sum, each) => sum + each) / 60;
      const record = { comparison: name, preset, command, minutes, ...facts, runs };
      writeFileSync(join(out, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
    }
  } finally {
    if (!keep) rmSync(scratch, { recursive: true, force: true });
  }
  const { output } = await run([process.execPath, DNC, "presets", "--json"]);
  const presets = JSON.parse(output.split("\n").findLast((line) => line.startsWith("{")));
  writeFileSync(join(out, "README.md"), comparisonsReport(out, presets));
  return status;
}
