/** Child processes: waited for, with their output kept or shown. */
import { spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end. A signal to this process is handed on to it.
 *
 * @param command - program and arguments.
 * @param options - as for `spawn`; `stdio` "inherit" shows the output, otherwise it is returned.
 * @returns its exit status (128 + the signal's number if it was killed) and its output, both streams together.
 */
export function run([program, ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    const handOn = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, handOn);
    const stopListening = () => {
      for (const signal of SIGNALS) process.removeListener(signal, handOn);
    };
    child.on("error", (error) => {
      stopListening();
      reject(error);
    });
    child.on("close", (code, signal) => {
      stopListening();
      resolve({ status: code ?? 128 + (constants.signals[signal] ?? 0), output: Buffer.concat(output).toString() });
    });
  });
}
