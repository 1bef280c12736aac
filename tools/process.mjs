/** Runs child processes and returns or shows their output. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Running programs. They share one listener per signal, because Node.js warns of more than ten. */
const children = new Set();
const forward = (signal) => {
  for (const child of children) child.kill(signal);
};

function add(child) {
  if (children.size === 0) for (const signal of SIGNALS) process.on(signal, forward);
  children.add(child);
}

function remove(child) {
  if (children.delete(child) && children.size === 0)
    for (const signal of SIGNALS) process.removeListener(signal, forward);
}

/**
 * Runs a program to its end. Signals to this process are forwarded to it.
 *
 * @param command - program and arguments.
 * @param options - options of `spawn`; `stdio` "inherit" shows the output, otherwise it is returned.
 * @returns its exit status (128 + the signal's number if it was killed) and its output, both streams together.
 */
export function run([program, ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    add(child);
    child.on("error", (error) => {
      remove(child);
      reject(error);
    });
    child.on("close", (code, signal) => {
      remove(child);
      resolve({ status: code ?? 128 + (constants.signals[signal] ?? 0), output: Buffer.concat(output).toString() });
    });
  });
}
