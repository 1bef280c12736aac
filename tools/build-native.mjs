/**
 * Builds the native engine from the kernel's source: `npm run build:native`.
 *
 * Needs zig, or clang 17 or newer, or Python with pip, which gets zig. Exit status: 0 it is built, 1 it is not, 2 if the
 * command is wrong.
 */
import "./node-version.mjs";
import { script, UsageError } from "./flags.mjs";
import { buildAll } from "./native-engine/build-all.mjs";
import { BuildError, findCompiler } from "./native-engine/compiler.mjs";
import { TARGETS, thisTarget } from "./native-engine/targets.mjs";

const FLAGS = {
  all: { kind: "switch", help: `build for every platform: ${Object.keys(TARGETS).join(", ")}` },
  target: { kind: "text", help: "build for one platform (default: this machine's)" },
};

function check({ target }) {
  if (target !== undefined && !Object.hasOwn(TARGETS, target))
    throw new UsageError(`--target: expected one of ${Object.keys(TARGETS).join(", ")}, got "${target}".`);
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ all, target }) {
  try {
    const { setUp } = await import("./setup.mjs");
    await setUp({ groups: ["training"], build: false });
    const wanted = all ? Object.keys(TARGETS) : [target ?? thisTarget()];
    if (wanted[0] === undefined)
      throw new BuildError(`made for ${Object.keys(TARGETS).join(", ")}, not for this machine`);
    await buildAll(wanted, () => findCompiler(wanted.some((each) => each !== thisTarget())));
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`build:native: ${error.message}`);
    return 1;
  }
}

process.exitCode = await script({ name: "build-native", call: "npm run build:native --", flags: FLAGS, check }, main);
