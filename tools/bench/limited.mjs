/** Runs a program with a time limit; whatever happens to it is a result, not an error. */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { root } from "../pnpm.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** Seconds that a program has to end after a signal: a compiler may not notice it. */
const GRACE_SECONDS = 5;
/** Maximum number of characters of a failed program's last line in the reason. */
const MAX_REASON = 300;

/**
 * Runs a program to its end, in a process group of its own, so that its children end with it. Signals to this process
 * are forwarded. Shows its standard error.
 *
 * @param {string[]} command - program and arguments.
 * @param {object} options
 * @param {number} options.seconds - time after which the program and its children are killed.
 * @param {string} [options.errors] - file to which its standard error is appended.
 * @param {NodeJS.ProcessEnv} [options.env] - default: that of this process.
 * @returns {Promise<{ output: string, reason: string | undefined }>} its standard output, and why it failed, on one
 *   line; undefined if it did not.
 */
export function runLimited([program, ...args], { seconds, errors, env = process.env }) {
  const isGroup = process.platform !== "win32";
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], detached: isGroup });
    const end = (signal) => {
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It has ended meanwhile.
      }
    };
    const chunks = { stdout: [], stderr: [] };
    child.stdout.on("data", (chunk) => chunks.stdout.push(chunk));
    child.stderr.on("data", (chunk) => {
      chunks.stderr.push(chunk);
      process.stderr.write(chunk);
      if (errors !== undefined) appendFileSync(errors, chunk);
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end("SIGKILL");
    }, 1000 * seconds);
    const timers = [timer];
    const forwardSignal = (signal) => {
      end(signal);
      timers.push(setTimeout(end, 1000 * GRACE_SECONDS, "SIGKILL"));
    };
    for (const signal of SIGNALS) process.on(signal, forwardSignal);
    const settle = (reason) => {
      for (const each of timers) clearTimeout(each);
      for (const signal of SIGNALS) process.removeListener(signal, forwardSignal);
      resolve({ output: Buffer.concat(chunks.stdout).toString(), reason });
    };
    child.on("error", (error) => settle(`did not start: ${error.code}`));
    child.on("close", (status, signal) => {
      if (isLate) return settle(`did not end within ${Math.round(seconds)} s`);
      if (status === 0) return settle(undefined);
      const said = Buffer.concat(chunks.stderr).toString().trim().split("\n").at(-1).slice(0, MAX_REASON);
      settle(`ended with ${signal ?? `status ${status}`}${said === "" ? "" : `: ${said}`}`);
    });
  });
}
