/** Runs a program and writes its standard output to a file. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { root } from "../pnpm.mjs";

/**
 * Runs a program in the repository to its end and shows its standard error.
 *
 * @param {string[]} command - program and arguments.
 * @param {string} file - overwritten.
 * @returns {Promise<number | string>} its exit status, or the signal that ended it.
 */
export function logged([program, ...args], file) {
  const output = openSync(file, "w");
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", output, "inherit"] });
    child.on("error", reject);
    child.on("close", (status, signal) => resolve(status ?? signal));
  }).finally(() => closeSync(output));
}
