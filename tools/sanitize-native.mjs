/**
 * Runs the kernel and the native engine's C under clang's sanitizers: `npm run test:sanitize`.
 *
 * For each number of lanes: random networks and calls under the sanitizers of addresses and of undefined behaviour, training steps
 * under that of memory, commands on several threads under that of threads. Exit status: 0 nothing was found, 1 something was, or clang
 * is missing, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { script } from "./flags.mjs";
import { BuildError, findClang } from "./native-engine/compiler.mjs";
import { SANITIZERS, sanitized } from "./native-engine/sanitized.mjs";
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
    const clang = await findClang();
    if (!clang)
      throw new BuildError("expected clang 17 or newer with its libraries (Debian: clang-19, libclang-rt-19-dev)");
    console.log(clang.version);
    let failed = 0;
    for (const lanes of process.arch === "x64" ? [4, 8, 16] : [4])
      for (const name of Object.keys(SANITIZERS)) {
        if (lanes === 8 && name === "memory") {
          // It takes a load of some lanes by AVX2 for one of all, and calls numbers undefined that are not loaded.
          console.log("8 lanes, memory: skipped (clang's memory sanitizer does not know AVX2's masked loads)");
          continue;
        }
        const program = await sanitized(name, lanes, clang.command, folder);
        const start = performance.now();
        // Without random addresses: the thread sanitizer does not start with all of them.
        const { status, output } = await run(["setarch", "-R", program, `${seed}`, `${networks}`]);
        const seconds = Math.round((performance.now() - start) / 1000);
        console.log(
          `${lanes} lanes, ${name}: ${output.trim()}${status === 0 ? "" : `, status ${status}`} (${seconds} s)`,
        );
        if (status !== 0) failed++;
      }
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`test:sanitize: ${error.message}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await script({ name: "sanitize-native", call: "npm run test:sanitize --", flags: FLAGS }, main);
