/** Runs the trainer until it has learned enough. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../pnpm.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** Seconds that the trainer has to stop when it is asked to. */
const GRACE = 20;

/**
 * Trains until a report has an `exact_match` of at least `share`, or to the end.
 *
 * @param {string[]} flags - of `dnc train`, with `--json`.
 * @param {number} share
 * @param {object} [limits]
 * @param {number} [limits.seconds] - time after which the trainer is asked to stop, and soon after that killed; default: none.
 * @returns every report (`curve`), the first with that share (`reached`, or undefined), the engine (`engine`), whether
 *   a signal or the time limit stopped it (`stopped`), and `error` in a sentence if the trainer failed.
 */
export async function trainUntil(flags, share, { seconds = Number.POSITIVE_INFINITY } = {}) {
  const child = spawn(process.execPath, [join(root, "tools/dnc.mjs"), "train", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => done(code ?? signal));
  });
  let stopped = false;
  const forwardSignal = (signal) => {
    stopped = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forwardSignal);
  const timers = Number.isFinite(seconds)
    ? [
        setTimeout(forwardSignal, 1000 * seconds, "SIGINT"),
        setTimeout(forwardSignal, 1000 * (seconds + GRACE), "SIGKILL"),
      ]
    : [];
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });

  const curve = [];
  let reached;
  for await (const line of createInterface({ input: child.stdout })) {
    // After the signal the trainer finishes its current work; reports from then on are ignored.
    if (reached || !line.startsWith("{")) continue;
    const { sample, ...report } = JSON.parse(line);
    curve.push(report);
    if (report.exact_match < share) continue;
    reached = report;
    child.kill("SIGINT");
  }
  const status = await ended;
  for (const timer of timers) clearTimeout(timer);
  for (const signal of SIGNALS) process.removeListener(signal, forwardSignal);
  const engine = /^\s*engine\s+(.*)$/m.exec(said)?.[1];
  const failed = !reached && status !== 0 && !stopped;
  return { curve, reached, engine, stopped, ...(failed ? { error: `ended with ${status}: ${said.trim()}` } : {}) };
}
