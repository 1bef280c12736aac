/**
 * Runs the kernel and the native engine's C under sanitizers: `npm run test:sanitize`.
 *
 * For each number of lanes, random networks and calls under the address sanitizer, then commands on several threads under the thread
 * sanitizer. zig or clang compiles, gcc links its libraries of the sanitizers. Exit status: 0 nothing was found, 1 something was, or
 * a compiler is missing, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { script } from "./flags.mjs";
import { BuildError, findCompiler } from "./native-engine/compiler.mjs";
import { sanitized } from "./native-engine/sanitized.mjs";
import { home } from "./pnpm.mjs";
import { run } from "./process.mjs";

const FLAGS = {
  networks: {
    kind: "integer",
    min: 1,
    default: 400,
    help: "random networks for each number of lanes, about 30 calls each",
  },
  seed: { kind: "integer", min: 1, default: 1, help: "seed of the first random network" },
};

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ networks, seed }) {
  const folder = join(home, `sanitize-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const compiler = await findCompiler(false);
    const failed = [];
    for (const lanes of process.arch === "x64" ? [4, 8, 16] : [4]) {
      const fuzz = await sanitized("address", lanes, compiler, folder);
      const threads = await sanitized("thread", lanes, compiler, folder);
      // Without random addresses: the thread sanitizer of older systems does not start with them.
      for (const command of [
        [fuzz, `${seed}`, `${networks}`],
        ["setarch", "-R", threads],
      ]) {
        const { status, output } = await run(command);
        console.log(`${lanes} lanes: ${output.trim()}`);
        if (status !== 0) failed.push(command);
      }
    }
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`test:sanitize: ${error.message}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await script({ name: "sanitize-native", call: "npm run test:sanitize --", flags: FLAGS }, main);
