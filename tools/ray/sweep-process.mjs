/** Sweeps in processes, and what they leave behind, for tests. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/** The program under test. */
export const DNC = join(root, "apps/trainer/bin/dnc.js");

/** What starts it on every node, as a flag. */
export const PROGRAM = `--program=${process.execPath} ${DNC}`;

/**
 * Starts `dnc sweep`.
 *
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} environment - variables besides those of this process.
 */
export function start(args, environment = {}) {
  const child = spawn(process.execPath, [DNC, "sweep", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => {
    said.out += data;
  });
  child.stderr.on("data", (data) => {
    said.err += data;
  });
  const end = new Promise((resolve) => {
    child.once("close", (status) => resolve({ status, ...said }));
  });
  return { child, end, said };
}

/** Waits for the end of a sweep. @throws Error if it fails. */
export async function ended({ end }) {
  const { status, out, err } = await end;
  if (status !== 0) throw new Error(`dnc sweep ended with status ${status}: ${err.trim().slice(-1000)}`);
  return { status, out, err };
}

/** Reads the events of a sweep. */
export function eventsOf(results) {
  const path = join(results, "events.jsonl");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** Counts the events of a name. */
export const count = (results, name) => eventsOf(results).filter(({ event }) => event === name).length;

/** Finds the runs that have other weights in two sweeps. */
export function differentWeights(one, another, runs, iterations) {
  const weightsOf = (results, run) =>
    readFileSync(
      join(results, "runs", run, `checkpoints/step-${String(iterations).padStart(8, "0")}/model.safetensors`),
    );
  return runs.filter((run) => !weightsOf(one, run).equals(weightsOf(another, run)));
}

/** A check of a suite: what was expected, whether it is so, and what there is instead. */
export const check = (name, passed, detail = "") => ({ name, passed, detail });
