/** A run that is killed repeatedly, and its comparison to an uninterrupted one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { watch } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../pnpm.mjs";
import { whereRunsPart } from "../testing/where-runs-part.mjs";

const COMMAND = join(root, "apps/trainer/bin/dnc.js");
/** More iterations than any run here reaches. */
const ENDLESS = 90_000_000;
/**
 * Fraction of the kills while a process starts, and fraction while it begins to save; the others happen while it
 * trains.
 */
const FRACTION_IN_START = 0.2;
const FRACTION_IN_SAVE = 0.2;
/** Number of iterations after the last kill. */
const REST = 100;

/**
 * Trains with SIGKILL at random moments, resuming each time, then to the end; then trains once more without
 * interruption.
 *
 * @param {object} options
 * @param {number} options.kills - number of kills.
 * @param {number} options.seed - determines the moments, except those during saves.
 * @param {number} options.window - longest time from a process's start, or from its first iteration, to its kill, in
 *   milliseconds.
 * @param {string[]} options.flags - flags of `dnc train`, including `--checkpoint_interval`.
 * @param {string} options.folder - an empty folder.
 * @param {(kill: object) => void} [options.onKill] - called after each kill.
 */
export async function killedRun({ kills, seed, window, flags, folder, onKill = () => {} }) {
  const [killed, whole] = [join(folder, "killed"), join(folder, "whole")];
  const random = randomNumbers(seed);
  const log = [];
  let said = "";
  while (log.length < kills) {
    const [delay, kind] = [random() * window, kindOf(random())];
    const child = start([...way(killed, flags), `--num_training_iterations=${ENDLESS}`]);
    const ended = end(child);
    if (kind !== "start") await Promise.race([once(child.stdout, "data"), ended]);
    // Progress per second depends on the machine: on a busy one, hardly any moment chosen by the clock is during a
    // save.
    const moment = kind === "save" ? savingBegins(killed) : sleep(delay);
    await Promise.race([moment, ended]);
    child.kill("SIGKILL");
    const { signal, out, err } = await ended;
    if (signal !== "SIGKILL") throw new Error(`the run ended by itself: ${err}`);
    said += out;
    log.push({ from: kind, ...(kind === "save" ? {} : { delay_ms: Math.round(delay) }), ...left(killed) });
    onKill(log.at(-1));
  }
  const iterations = left(killed).step + REST;
  const finish = [`--num_training_iterations=${iterations}`];
  const last = await finished([...way(killed, flags), ...finish]);
  const output = await finished(["train", ...flags, ...finish, `--checkpoint_dir=${whole}`]);
  const different = await whereRunsPart([
    { name: "killed", folder: killed, output: said + last },
    { name: "whole", folder: whole, output },
  ]);
  // Messages about checkpoints that it skipped.
  const notices = last.split("\n").filter((line) => line.includes("checkpoint skipped"));
  return { iterations, log, notices, different };
}

/** Chooses when to kill. @param number - in [0, 1). */
function kindOf(number) {
  if (number < FRACTION_IN_START) return "start";
  return number < FRACTION_IN_START + FRACTION_IN_SAVE ? "save" : "first iteration";
}

/** Waits until the run begins to write its next checkpoint. */
async function savingBegins(run) {
  for await (const { filename } of watch(join(run, "checkpoints"))) if (filename?.startsWith(".step-")) return;
}

/** Inspects the folder of a killed process: the newest checkpoint, and whether it was saving. */
function left(run) {
  const checkpoints = join(run, "checkpoints");
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  const steps = names.filter((name) => name.startsWith("step-")).map((name) => Number(name.slice("step-".length)));
  const saving = names.some((name) => name.startsWith(".step-") || name.endsWith(".new"));
  return { step: Math.max(0, ...steps), saving };
}

/** Returns the arguments that start or resume a run. */
function way(run, flags) {
  return existsSync(join(run, "config.json"))
    ? ["train", `--resume=${run}`]
    : ["train", ...flags, `--checkpoint_dir=${run}`];
}

function start(args) {
  return spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

function end(child) {
  return new Promise((resolve, reject) => {
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, out, err }));
  });
}

/** Runs to the end; returns the output. */
async function finished(args) {
  const { status, out, err } = await end(start(args));
  if (status !== 0) throw new Error(`expected status 0, got ${status}: ${err}`);
  return out;
}

/** Creates a seeded generator of numbers in [0, 1) (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
