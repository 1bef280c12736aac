/** Runs a program that prints its result on the last line of standard output. */
import { spawn } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end and shows its standard error. Signals to this process are forwarded to it.
 *
 * @param {string[]} command - program and arguments.
 * @param {number} timeoutMs - milliseconds after which it is ended.
 * @returns {Promise<string>} the last line.
 * @throws Error if it does not start or fails.
 */
export function lastLine([program, ...args], timeoutMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    const forwardSignal = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forwardSignal);
    const timer = setTimeout(forwardSignal, timeoutMs, "SIGKILL");
    const settle = () => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.removeListener(signal, forwardSignal);
    };
    child.on("error", (error) => {
      settle();
      reject(new Error(`did not start: ${error.code}`));
    });
    child.on("close", (status, signal) => {
      settle();
      if (status === 0) resolve(Buffer.concat(output).toString().trim().split("\n").at(-1));
      else reject(new Error(`ended with ${signal ?? `status ${status}`}`));
    });
  });
}
