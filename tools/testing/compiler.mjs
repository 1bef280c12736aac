/** TypeScript's compiler, as a program. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { run } from "../process.mjs";

const COMPILER = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/**
 * Runs the compiler.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string[]>} its complaints, one line each; none if all is well.
 */
export async function compile(args, cwd) {
  const { output } = await run([process.execPath, COMPILER, "--pretty", "false", ...args], { cwd });
  return output.split("\n").filter((line) => /^\S/.test(line)); // indented lines explain the line above
}
