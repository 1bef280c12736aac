/** Everything that is checked of a tarball before it may be published. */
import { contained, pnpmCommand, root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { problemsOf, unpack } from "./tarball.mjs";

/**
 * Looks into a tarball, and runs publint and attw (are the types wrong?) on it.
 *
 * @param {string} tarball - its path.
 * @param {string} place - an existing folder for what it unpacks.
 * @returns {Promise<string[]>} what is wrong; none if all is well.
 */
export async function checkTarball(tarball, place) {
  return [
    ...problemsOf(unpack(tarball, place)),
    ...(await complaints("publint", "--strict", tarball)),
    // Types for require describe an ES module, which every Node of ours requires: attw, which judges for older ones, calls that false-cjs.
    ...(await complaints("attw", tarball, "--profile", "esm-only", "--ignore-rules", "false-cjs", "--no-color")),
  ];
}

async function complaints(...command) {
  const { status, output } = await run(pnpmCommand(["exec", ...command]), { cwd: root, env: contained() });
  return status === 0 ? [] : [output.trim()];
}
