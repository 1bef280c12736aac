/** A program that says its result on the last line of standard output. */
import { spawn } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end, its standard error shown. A signal to this process is handed on to it.
 *
 * @param {string[]} command - program and arguments.
 * @param {number} patience - milliseconds after which it is ended.
 * @returns {Promise<string>} the last line.
 * @throws Error if it does not start or fails.
 */
export function lastLine([program, ...args], patience) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    const handOn = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, handOn);
    const timer = setTimeout(handOn, patience, "SIGKILL");
    const settle = () => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.removeListener(signal, handOn);
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
