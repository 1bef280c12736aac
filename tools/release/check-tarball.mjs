/** All checks of a tarball before it is published. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contained, root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { problemsOf, unpack } from "./tarball.mjs";

/**
 * Checks the contents of a tarball, and runs publint and attw (are the types wrong?) on it.
 *
 * @param {string} tarball - its path.
 * @param {string} place - an existing folder for the unpacked files.
 * @returns {Promise<string[]>} problems; empty if there are none.
 */
export async function checkTarball(tarball, place) {
  const ofTools = await Promise.all([
    complaints("publint", "--strict", tarball),
    // Types for `require` describe an ES module, which every supported Node can require; attw assumes older ones and
    // reports false-cjs.
    complaints("@arethetypeswrong/cli", tarball, "--profile", "esm-only", "--ignore-rules", "false-cjs", "--no-color"),
  ]);
  return [...problemsOf(unpack(tarball, place)), ...ofTools.flat()];
}

/** Runs a package's only program directly: starting pnpm takes longer than publint itself. */
async function complaints(name, ...args) {
  const folder = join(root, "tools/release/node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const program = join(folder, typeof bin === "string" ? bin : Object.values(bin)[0]);
  const { status, output } = await run([process.execPath, program, ...args], { cwd: root, env: contained() });
  return status === 0 ? [] : [output.trim()];
}
